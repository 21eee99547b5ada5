"""The due moment of a running clock moves, with somebody's reason: another class, hours counted anew, a merge."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sla import breaching, pausing
from sla.models.clock import Clock, ClockState
from sla.models.clock_event import ClockEvent

if TYPE_CHECKING:
    from smarketing.accounts.models import User


def move(
    clock: Clock, kind: str, reason: str, *, by: User | None, at: datetime, **columns: Any
) -> ClockEvent:
    """With these columns it is planned anew from the same start; the row is locked. What was late and no longer is, is lifted.

    What is late from now on is flagged by the sweep, which tells people in the usual way.
    """
    if clock.is_overdue(at):
        breaching.breach(clock, at=at)  # as if the sweep had just come by
    before = clock.due_at
    clock.write(**columns)
    clock.write(**clock.planned_moments())
    if clock.is_overdue(at):
        pausing.resume_what_is_late(clock, at)
    elif clock.state == ClockState.PAUSED and clock.resumes_at and clock.due_at:
        clock.write(remaining_seconds=clock.calendar.elapsed_between(clock.resumes_at, clock.due_at))
    event = clock.record(
        kind, happened_at=at, at=at, by=by, note=reason, due_before=before, due_after=clock.due_at
    )
    if clock.breached_at and not clock.is_overdue(at):
        breaching.lift(clock, reason, by=by, at=at)
    points = [point for point in [clock.warn_at, *clock.warn_later_at] if point and point < at]
    clock.write(warn_step=min(clock.warn_step, len(points)))
    clock.write(next_check_at=clock.next_moment())
    return event
