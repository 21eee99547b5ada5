"""A clock that one side holds to be wrong: disputed with a reason, answered by those who decide for the other side.

While a dispute is open the clock is counted apart (`ClockQuerySet.counted`); nothing about it is removed, whatever the answer.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sla import breaching, voiding
from sla.announcing import tell_of_the_answer, tell_of_the_dispute
from sla.models.clock import Clock, ClockState
from sla.models.clock_event import ClockEventKind
from sla.models.dispute import Decision, Dispute
from smarketing.accounts.models import Side

if TYPE_CHECKING:
    from smarketing.accounts.models import User


class DisputeRefused(Exception):
    """A clock can be disputed when it is late or done, by somebody of a side, while no other dispute is open."""


class DisputeMoved(Exception):
    """Somebody else was first: says who did what."""


@transaction.atomic
def dispute(clock: Clock, reason: str, *, by: User, at: datetime) -> Dispute:
    """From now on it counts apart, until the other side has answered. Raises DisputeRefused, DisputeMoved."""
    clock.lock(at)
    if clock.disputed_at:
        raise DisputeMoved(
            _("%(who)s disputes it already.") % {"who": clock.disputes.get(answered_at=None).raised_by}
        )
    if not can_be_disputed(clock, at):
        raise DisputeRefused(_("Only what is late or done can be disputed."))
    raised: Dispute = clock.disputes.create(
        side=side_of(by, clock), reason=reason.strip(), raised_by=by, raised_at=at
    )
    clock.write(disputed_at=at)
    clock.record(ClockEventKind.DISPUTED, happened_at=at, at=at, by=by, note=raised.reason)
    tell_of_the_dispute(raised, at=at)
    return raised


@transaction.atomic
def answer(raised: Dispute, decision: str, words: str, *, by: User, at: datetime) -> Dispute:
    """Upheld, the clock is void or counts as in time; rejected, it stays. With words either way. Raises DisputeMoved, DisputeRefused."""
    clock = raised.clock
    clock.lock(at)
    raised.refresh_from_db()
    if not raised.is_open:
        raise DisputeMoved(_("%(who)s has answered it already.") % {"who": raised.answered_by})
    if raised.raised_by_id == by.pk:
        raise DisputeRefused(_("Somebody else answers your dispute."))
    if decision not in decisions_for(clock):
        raise DisputeRefused(_("Only what is done can count as in time."))
    raised.settle(decision, words, by=by, at=at)
    clock.write(disputed_at=None)
    clock.record(
        ClockEventKind.ANSWERED,
        happened_at=at,
        at=at,
        by=by,
        note=f"{decision}. {raised.answer}"[:300],
    )
    if decision == Decision.VOID:
        voiding.void(clock, raised.answer, by=by, at=at)
    elif decision == Decision.CLEARED and not clock.cleared_at:
        breaching.clear(clock, raised.answer, by=by, at=at)
    tell_of_the_answer(raised, at=at)
    return raised


# Questions


def can_be_disputed(clock: Clock, at: datetime) -> bool:
    if clock.disputed_at:
        return False
    was_late = bool(clock.breached_at) or clock.is_overdue(at)
    return clock.state == ClockState.STOPPED or (was_late and clock.state != ClockState.VOID)


def decisions_for(clock: Clock) -> list[Decision]:
    """What an answer may be: in time is only what is done, and was late."""
    late = clock.state == ClockState.STOPPED and clock.breached_at and not clock.cleared_at
    return [Decision.VOID, *([Decision.CLEARED] if late else []), Decision.REJECTED]


def side_of(person: User, clock: Clock) -> str:
    """For which side somebody speaks; who stands beside the teams speaks for the one that owes it."""
    if person.side in Side.values:
        return str(person.side)
    return clock.side


def may_dispute(person: User) -> bool:
    return any(person.works_for(side) for side in Side)


def may_answer(person: User, raised: Dispute) -> bool:
    return raised.is_open and person.pk != raised.raised_by_id and person.decides_for(raised.answering_side)


def open_disputes() -> QuerySet[Dispute]:
    """The oldest first."""
    return (
        Dispute.objects.filter(answered_at=None)
        .select_related("raised_by", "clock__handoff__lead__contact", "clock__handoff__lead__company")
        .select_related("clock__holder", "clock__team", "clock__calendar_version", "clock__term")
        .prefetch_related("clock__pauses")
        .order_by("raised_at", "id")
    )


def answered_disputes() -> QuerySet[Dispute]:
    """The latest answer first."""
    return (
        Dispute.objects.filter(answered_at__isnull=False)
        .select_related("raised_by", "answered_by", "clock__handoff__lead__contact")
        .select_related("clock__handoff__lead__company")
        .order_by("-answered_at", "-id")
    )
