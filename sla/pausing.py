"""Times that do not count: for an agreed reason, with an end or the most that the agreement allows, in working time.

Pauses for different reasons may overlap; together they count once. Each runs out by itself, and what people see knows that
without the sweep: while paused, `due_at` is where the clock is due if every pause runs out, and `resumes_at` is when.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from sla import breaching
from sla.business_time import NoOpenTime
from sla.models.clock import OPEN_STATES, Clock, ClockState
from sla.models.clock_event import ClockEvent, ClockEventKind, EventNote
from sla.models.pause import USUAL_PAUSES, Pause, PauseReason

if TYPE_CHECKING:
    from smarketing.accounts.models import User


@transaction.atomic
def pause(
    clock: Clock, reason: str, *, until: datetime | None, by: User | None, at: datetime
) -> ClockEvent | None:
    """See `Clock.pause`. None when nothing runs, it is due already, or the time for this reason is used up."""
    clock.lock(at)
    if clock.state not in OPEN_STATES or clock.due_at is None:
        return None
    if clock.is_overdue(at):
        breaching.breach(clock, at=at)
        return None
    ends = latest_end(clock, reason, at=at)
    ends = min(ends, until) if ends and until else ends
    if ends is None or ends <= at or (clock.state == ClockState.RUNNING and at == clock.due_at):
        return None
    before, left = clock.due_at, clock.working_seconds_left(at)
    _close([each for each in clock.open_pauses() if each.reason == reason], at)
    clock.pauses.create(reason=PauseReason(reason), from_at=at, until_at=ends, made_by=by)
    clock.write(remaining_seconds=left, **_while_paused(clock))
    return clock.record(
        ClockEventKind.PAUSED,
        happened_at=at,
        at=at,
        by=by,
        note=PauseReason(reason),
        due_before=before,
        due_after=clock.due_at,
    )


@transaction.atomic
def resume(clock: Clock, reason: str, *, by: User | None, at: datetime) -> ClockEvent | None:
    """See `Clock.resume`. None when it was not paused for this reason."""
    clock.lock(at)
    ended = [each for each in clock.open_pauses() if not reason or each.reason == reason]
    if clock.state != ClockState.PAUSED or not ended:
        return None
    before = clock.due_at
    _close(ended, at)
    clock.write(**_while_paused(clock) if clock.open_pauses() else _running_again(clock))
    return clock.record(
        ClockEventKind.RESUMED, happened_at=at, at=at, by=by, due_before=before, due_after=clock.due_at
    )


@transaction.atomic
def take_up(
    clock: Clock, reason: str, *, since: datetime, by: User | None, at: datetime
) -> ClockEvent | None:
    """What ended a pause at `since` was undone: it goes on as if it never had ended. None when it did not end then, or has run out."""
    clock.lock(at)
    ended = clock.pauses.filter(reason=reason, to_at=since, until_at__gt=at).order_by("-id").first()
    if ended is None or clock.state not in OPEN_STATES:
        return None
    before, left = clock.due_at, clock.calendar.elapsed_between(since, clock.due_at) if clock.due_at else 0
    ended.to_at = None
    ended.save(update_fields=["to_at"])
    clock._prefetched_objects_cache = {}
    clock.write(remaining_seconds=left, **_while_paused(clock))
    return clock.record(
        ClockEventKind.PAUSED,
        happened_at=at,
        at=at,
        by=by,
        note=EventNote.UNDONE,
        due_before=before,
        due_after=clock.due_at,
    )


def let_run_out(clock: Clock, *, at: datetime) -> ClockEvent:
    """The last pause has reached its end; the row is locked. The sweep does the same for many at once (resume.sql)."""
    ended = clock.resumes_at or at
    _close(clock.open_pauses(), at)
    clock.write(**_running_again(clock))
    return clock.record(ClockEventKind.RESUMED, happened_at=ended, at=at, note=EventNote.RAN_OUT)


def resume_what_is_late(clock: Clock, at: datetime) -> None:
    """Its due moment moved to before the pause: what is late does not stand still."""
    if clock.state == ClockState.PAUSED:
        _close(clock.open_pauses(), at)
        clock.write(**_running_again(clock))


def end_all(clock: Clock, moment: datetime, *, at: datetime) -> None:
    """It ends while paused: the pauses end first, so that it has a due moment to be judged by. Those that had run out by `at` stay."""
    if clock.state == ClockState.PAUSED:
        _close([each for each in clock.open_pauses() if each.until_at and each.until_at <= at], at)
        running = clock.open_pauses()
        for each in running:
            each.was_cut = True
            each.save(update_fields=["was_cut"])
        _close(running, moment)
        clock.write(**_running_again(clock))


def latest_end(clock: Clock, reason: str, *, at: datetime) -> datetime | None:
    """Until when this reason may hold the clock from `at` on; None when its time is used up."""
    allowed = limit_seconds(clock, reason) - used_seconds(clock, reason, at=at)
    if allowed <= 0:
        return None
    try:
        return clock.calendar.due_after(at, allowed)
    except NoOpenTime:
        return None


def limit_seconds(clock: Clock, reason: str) -> int:
    """Working time that the agreement allows this reason on one clock."""
    minutes: int = clock.agreement.pause_limits.get(reason, USUAL_PAUSES[reason])
    return minutes * 60


def used_seconds(clock: Clock, reason: str, *, at: datetime) -> int:
    """Working time that pauses for this reason have taken until `at`."""
    spans = [
        (each.from_at, min(each.ends_at or at, at)) for each in clock.all_pauses() if each.reason == reason
    ]
    return sum(clock.calendar.elapsed_between(begin, end) for begin, end in spans)


def standing_of_pauses(clock: Clock) -> dict[str, Any]:
    """The columns that follow from which pauses still run."""
    ends = [each.until_at for each in clock.open_pauses()]
    return {
        "state": ClockState.PAUSED if ends else ClockState.RUNNING,
        "resumes_at": None if None in ends else max((end for end in ends if end), default=None),
        "next_check_at": None,
    }


# Mechanics


def _while_paused(clock: Clock) -> dict[str, Any]:
    standing = standing_of_pauses(clock)
    return {**standing, "next_check_at": standing["resumes_at"], **clock.planned_moments()}


def _running_again(clock: Clock) -> dict[str, Any]:
    clock.write(state=ClockState.RUNNING, remaining_seconds=None, resumes_at=None, **clock.planned_moments())
    return {"next_check_at": clock.next_moment()}


def _close(pauses: list[Pause], moment: datetime) -> None:
    """At the moment, or at its own end if that came first. What is told later may have occurred before: such a pause took nothing."""
    for each in pauses:
        ended = min(moment, each.until_at) if each.until_at else moment
        each.to_at = max(ended, each.from_at)
        each.save(update_fields=["to_at"])
    if pauses:
        pauses[0].clock._prefetched_objects_cache = {}
