"""The five states that people see, computed from now and the columns of a clock. `sla.querysets` says the same in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sla.business_time import NoOpenTime

if TYPE_CHECKING:
    from sla.models.clock import Clock

LATE, SOON, CALM, PAUSED, MET, CANCELLED, VOID = "late", "soon", "calm", "paused", "met", "cancelled", "void"
SHOWN = [LATE, SOON, CALM, PAUSED, MET]  # the worst first


@dataclass(frozen=True)
class Status:
    """`seconds` of working time: left, late by, or taken, as the state says. `until`: when a pause ends by itself."""

    state: str
    seconds: int | None = None
    until: datetime | None = None
    is_over: bool = False
    is_waiting: bool = False  # paused for the other side, not for the night
    needs_calendar: bool = False


def status_of(clock: Clock, now: datetime) -> Status:
    match clock.state:
        case "CANCELLED":
            return Status(CANCELLED, is_over=True)
        case "VOID":
            return Status(VOID, is_over=True)
        case "STOPPED":
            return _finished(clock)
    if clock.is_held_at(now):
        return Status(PAUSED, clock.remaining_seconds, until=clock.resumes_at, is_waiting=True)
    if clock.due_at is None:
        return Status(PAUSED, needs_calendar=True)
    calendar = clock.calendar
    if now > clock.due_at:
        return Status(LATE, calendar.elapsed_between(clock.due_at, now))
    left = calendar.elapsed_between(now, clock.due_at)
    if not calendar.is_open(now):
        return Status(PAUSED, left, until=_next_opening(clock, now))
    soon = clock.warn_at is not None and now >= clock.warn_at
    return Status(SOON if soon else CALM, left)


def _finished(clock: Clock) -> Status:
    if clock.due_at is None or clock.stopped_at is None:
        return Status(MET, is_over=True)
    if clock.stopped_at > clock.due_at and not clock.cleared_at:
        return Status(LATE, clock.calendar.elapsed_between(clock.due_at, clock.stopped_at), is_over=True)
    taken = clock.worked_seconds
    if taken is None:
        taken = clock.calendar.elapsed_with_pauses(clock.started_at, clock.stopped_at, clock.spans_paused())
    return Status(MET, taken, is_over=True)


def _next_opening(clock: Clock, now: datetime) -> datetime | None:
    try:
        return clock.calendar.next_opening(now)
    except NoOpenTime:
        return None
