"""Two leads with sales turn out to be one person: one hand-off is closed as a duplicate, the other one goes on for both."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When

from handoff import errors, signals
from handoff.models import BEFORE_CONTACT, OPEN_STATES, EventKind, Handoff, HandoffEvent, Outcome, State
from leads import duplicates
from leads.models import Lead

if TYPE_CHECKING:
    from smarketing.accounts.models import User

SHOWN = 20


@transaction.atomic
def confirm(handoff: Handoff, kept: Handoff, *, by: User, at: datetime) -> HandoffEvent:
    """`Handoff.confirm_duplicate` is the name by which others call it. The lead of the duplicate ends as not a fit.

    Before its first contact only: afterwards it has a story of its own, and an outcome.
    """
    for each in sorted((handoff, kept), key=lambda each: each.lead_id):
        each._lock_lead()
        each.refresh_from_db(fields=["state", "receiver"])
    if kept.lead_id == handoff.lead_id or not kept.is_open:
        raise errors.NotADuplicate
    if handoff.state not in BEFORE_CONTACT:
        raise handoff._conflict(errors.AlreadyAnswered)
    signals.duplicate_confirmed.send(sender=Handoff, handoff=handoff, kept=kept, at=at, by=by)
    closed = {"state": State.CLOSED, "outcome": Outcome.DUPLICATE, "duplicate_of": kept, "closed_at": at}
    handoff._update(Q(state__in=BEFORE_CONTACT), **closed)
    event = handoff._record(EventKind.CLOSED, by=by, at=at, note=str(Outcome.DUPLICATE.label))
    kept._record(EventKind.JOINED, by=by, at=at)
    signals.handoff_closed.send(sender=Handoff, handoff=handoff, at=at, outcome=Outcome.DUPLICATE)
    handoff.lead.disqualify(str(Outcome.DUPLICATE.label), by=by, at=at)
    return event


def candidates(handoff: Handoff) -> QuerySet[Handoff]:
    """Of what it may be a duplicate: hand-offs of leads that look alike first, then others of the same company."""
    lead: Lead = handoff.lead
    alike = [found.lead.pk for found in duplicates.of_lead(lead)]
    wanted = Q(lead__in=alike)
    if lead.company_id:
        wanted |= Q(lead__company=lead.company_id)
    rows = Handoff.objects.filter(wanted, state__in=OPEN_STATES).exclude(lead=lead.pk)
    places = [When(lead=pk, then=Value(place)) for place, pk in enumerate(alike)]
    surest = [Case(*places, default=Value(len(alike)))] if alike else []  # PostgreSQL sorts by no constant
    shown = rows.select_related("lead__contact", "lead__company", "receiver").order_by(
        *surest, "sent_at", "id"
    )
    return shown[:SHOWN]
