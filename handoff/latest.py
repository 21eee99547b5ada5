"""The latest hand-off of a lead: read once, however many panels of a page ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from handoff.models import Coffee, Handoff, Message, State
from smarketing.prepared import Prepared

if TYPE_CHECKING:
    from handoff.querysets import HandoffQuerySet
    from leads.models import Lead

_KEPT = "_latest_handoff"


def of(lead: Lead) -> Handoff | None:
    """The one that was sent last, also when it was taken back. It has its people with it and says whether anybody `is_talked_about`."""
    if not hasattr(lead, _KEPT):
        found = LATEST.first(lead=lead.pk)
        if found:
            found.lead = lead  # so that nothing reads it again
        setattr(lead, _KEPT, found)
    kept: Handoff | None = getattr(lead, _KEPT)
    return kept


def standing_of(lead: Lead) -> Handoff | None:
    """The one that was sent last and that nobody took back."""
    latest = of(lead)
    if latest is None or latest.state != State.WITHDRAWN:
        return latest
    found: Handoff | None = _with_people(lead.pk).standing().first()
    return found


def _with_people(lead: int) -> HandoffQuerySet:
    talked = Exists(Message.objects.filter(handoff=OuterRef("pk"))) | Exists(
        Coffee.objects.filter(handoff=OuterRef("pk"))
    )
    rows = Handoff.objects.filter(lead=lead).select_related("sender", "receiver")
    return rows.annotate(is_talked_about=talked).latest_first()


LATEST = Prepared(lambda lead: _with_people(lead)[:1], lead=int)
