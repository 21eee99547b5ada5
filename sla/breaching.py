"""A promise that was broken: recorded once, never removed. It may turn out to have been kept, or not hold any more."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sla.models.clock_event import ClockEventKind

if TYPE_CHECKING:
    from sla.models import Clock
    from smarketing.accounts.models import User


def breach(clock: Clock, *, at: datetime) -> None:
    """Found late by a person's act before the sweep came by: the same event, once, with a notice in the product."""
    from sla import notices

    if clock.breached_at or clock.due_at is None:
        return
    held = clock.segments.filter(from_at__lte=clock.due_at).order_by("-from_at", "-id").first()
    answers = held.holder_id if held and held.answers_for_breach else None
    event = clock.record(ClockEventKind.BREACHED, happened_at=clock.due_at, at=at)
    clock.write(breached_at=clock.due_at, breach_holder_id=answers)
    clock.write(next_check_at=clock.next_moment())
    notices.tell_in_product(event, clock, at=at)


def clear(clock: Clock, note: str, *, by: User | None, at: datetime) -> None:
    """It was in time after all. The flag stays, with the reason beside it."""
    clock.write(cleared_at=at)
    clock.record(ClockEventKind.CLEARED, happened_at=clock.stopped_at or at, at=at, by=by, note=note)


def lift(clock: Clock, reason: str, *, by: User | None, at: datetime) -> None:
    """A breach that no longer holds, because its due moment moved, is void: with a reason and a name, and the event stays."""
    number = clock.events.filter(kind=ClockEventKind.BREACHED).count()
    clock.record(ClockEventKind.LIFTED, happened_at=at, at=at, by=by, note=reason, step=number - 1)
    clock.write(breached_at=None, breach_holder_id=None, cleared_at=None, ladder_step=0)
