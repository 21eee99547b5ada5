"""“I have it”: somebody who was told of a promise says that he sees to it. The ladder waits for the agreed working time, once per rung."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from sla.ladder import STEPS_OF_A_LIFT
from sla.models import Clock, ClockEvent, ClockEventKind, Notice
from smarketing.words import due_time

if TYPE_CHECKING:
    from smarketing.accounts.models import User


class AlreadyTakenUp(Exception):
    """Somebody said so before, since the latest rung."""

    def __init__(self, event: ClockEvent) -> None:
        self.event = event
        super().__init__(
            _("%(who)s has had it in hand since %(when)s.")
            % {"who": event.actor, "when": due_time(event.happened_at)}
        )


class NothingToTakeUp(Exception):
    """It is done, or its ladder has ended."""

    def __init__(self) -> None:
        super().__init__(_("This promise waits for nobody any more."))


@transaction.atomic
def take_up(clock: Clock, *, by: User, at: datetime) -> ClockEvent:
    """The next rung comes at the earliest when the agreed working time from now is over; those above it keep their distance.

    Raises AlreadyTakenUp, NothingToTakeUp.
    """
    clock.lock(at)
    if not can_be_taken_up(clock):
        raise NothingToTakeUp
    if standing := in_hand(clock):
        raise AlreadyTakenUp(standing)
    event = clock.record(
        ClockEventKind.TAKEN_UP, happened_at=at, at=at, by=by, step=_step(clock) + clock.ladder_step
    )
    clock.write(ladder_at=held(clock, at))
    if clock.breached_at:
        clock.write(next_check_at=clock.next_moment())
    Notice.objects.filter(clock=clock, recipient=by, read_at=None).update(read_at=at)
    return event


def can_be_taken_up(clock: Clock) -> bool:
    """It is open, somebody has been told of it, and somebody else would hear next."""
    return bool(
        clock.is_open and (clock.warned_at or clock.breached_at) and clock.ladder_step < len(clock.ladder_at)
    )


def in_hand(clock: Clock) -> ClockEvent | None:
    """Who has it in hand since the latest rung."""
    return (
        clock.events.filter(kind=ClockEventKind.TAKEN_UP, step=_step(clock) + clock.ladder_step)
        .select_related("actor")
        .first()
    )


def in_hand_of(clocks: Iterable[Clock]) -> dict[int, ClockEvent]:
    """The same for a whole list: one query."""
    by_id = {clock.pk: clock for clock in clocks}
    events = ClockEvent.objects.filter(clock__in=by_id, kind=ClockEventKind.TAKEN_UP).select_related("actor")
    return {
        event.clock_id: event
        for event in events.order_by("id")
        if event.step % STEPS_OF_A_LIFT == by_id[event.clock_id].ladder_step
    }


def held(clock: Clock, at: datetime) -> list[datetime]:
    """All rungs, those still to come moved on; working time keeps their distances."""
    calendar, passed = clock.calendar, clock.ladder_at[: clock.ladder_step]
    coming = clock.ladder_at[clock.ladder_step :]
    until = calendar.due_after(at, clock.agreement.acknowledgement_minutes * 60)
    if coming[0] >= until:
        return clock.ladder_at
    apart = [calendar.elapsed_between(coming[0], rung) for rung in coming]
    return [*passed, *(calendar.due_after(until, gap) if gap else until for gap in apart)]


def _step(clock: Clock) -> int:
    return STEPS_OF_A_LIFT * clock.events.filter(kind=ClockEventKind.LIFTED).count()
