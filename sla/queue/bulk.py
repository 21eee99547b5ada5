"""One act on many leads of the queue. What will be left out, and why, is known before anything is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoff import access as handoff_access
from handoff.errors import Conflict, HandoffRefused
from handoff.models import Handoff
from leads import next_steps
from leads.access import WITH_SALES
from leads.models import Lead

if TYPE_CHECKING:
    from smarketing.accounts.models import User

MOST = 500


class BulkKind(models.TextChoices):
    SNOOZE = "SNOOZE", gettext_lazy("Snooze")
    REASSIGN = "REASSIGN", gettext_lazy("Reassign")


@dataclass(frozen=True)
class Skipped:
    lead: Lead
    why: str


@dataclass
class Plan:
    """What one act will do with which leads, in the order of the queue."""

    kind: str
    ready: list[tuple[Lead, Handoff | None]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def plan(kind: str, lead_ids: Sequence[int], *, by: User, to: User | None = None) -> Plan:
    """Looks, and does nothing. Two queries."""
    leads = {lead.pk: lead for lead in Lead.objects.for_list().filter(pk__in=lead_ids[:MOST])}
    handoffs = {
        handoff.lead_id: handoff
        for handoff in Handoff.objects.open().filter(lead__in=leads).select_related("receiver", "rules")
    }
    planned, refuses = Plan(BulkKind(kind)), _REFUSES[BulkKind(kind)]
    for lead in (leads[pk] for pk in dict.fromkeys(lead_ids) if pk in leads):
        handoff = handoffs.get(lead.pk)
        if handoff:
            handoff.lead = lead
        if why := refuses(lead, handoff, by, to):
            planned.skipped.append(Skipped(lead, why))
        else:
            planned.ready.append((lead, handoff))
    return planned


@transaction.atomic
def snooze(lead_ids: Sequence[int], what: str, *, due_at: datetime, by: User, at: datetime) -> Plan:
    """They are back in the queue at `due_at`; no clock moves. Raises NotAhead."""

    def one(lead: Lead, _handoff: Handoff | None) -> None:
        next_steps.plan(lead, what, due_at=due_at, by=by, at=at)

    return _do(plan(BulkKind.SNOOZE, lead_ids, by=by), one)


@transaction.atomic
def reassign(lead_ids: Sequence[int], *, to: User, by: User, at: datetime) -> Plan:
    """`to` has them from now on; who was moved meanwhile by somebody else is left as that person left it."""

    def one(_lead: Lead, handoff: Handoff | None) -> None:
        assert handoff is not None
        handoff.reassign(to, by=by, at=at)

    return _do(plan(BulkKind.REASSIGN, lead_ids, by=by, to=to), one)


# Mechanics


def _do(planned: Plan, one: Callable[[Lead, Handoff | None], None]) -> Plan:
    """In the order of their numbers, so that two such acts never wait for each other."""
    done = []
    for lead, handoff in sorted(planned.ready, key=lambda pair: pair[0].pk):
        try:
            with transaction.atomic():
                one(lead, handoff)
        except (Conflict, HandoffRefused) as error:
            planned.skipped.append(Skipped(lead, str(error)))
        else:
            done.append((lead, handoff))
    planned.ready = done
    return planned


def _why_no_snooze(lead: Lead, handoff: Handoff | None, by: User, to: User | None) -> str:
    if handoff is None and lead.stage not in WITH_SALES:
        return _("is not with sales")
    if handoff and handoff.is_in_pool:
        return _("waits in the pool: nobody has it yet")
    if not handoff_access.may_work(by, lead, handoff):
        return _("belongs to somebody else")
    return _("was erased") if lead.contact.erased_at else ""


def _why_no_reassign(lead: Lead, handoff: Handoff | None, by: User, to: User | None) -> str:
    if handoff is None:
        return _("has no open hand-off")
    if not handoff_access.may_reassign(by):
        return _("the team lead of sales reassigns")
    if to and handoff.receiver_id == to.pk:
        return _("%(who)s has it already") % {"who": to}
    return ""


_REFUSES: dict[BulkKind, Callable[[Lead, Handoff | None, User, User | None], str]] = {
    BulkKind.SNOOZE: _why_no_snooze,
    BulkKind.REASSIGN: _why_no_reassign,
}
