"""What ended a clock was undone: it runs again as if it never had ended. The event log keeps both."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from handoff.models import Handoff
from sla import breaching
from sla.models.clock import Clock, ClockState
from sla.models.clock_event import ClockEvent, ClockEventKind, EventNote
from sla.stopping import catch_up

if TYPE_CHECKING:
    from smarketing.accounts.models import User

ENDINGS = [ClockEventKind.STOPPED, ClockEventKind.CANCELLED]


@transaction.atomic
def reopen(clock: Clock, *, by: User | None, at: datetime) -> ClockEvent | None:
    """See `Clock.reopen`. What was late stays late; what was cleared by the stop is late again. None when it runs or is void."""
    clock.lock(at)
    if clock.state not in (ClockState.STOPPED, ClockState.CANCELLED):
        return None
    before = clock.due_at
    _take_up_pauses(clock, at)
    _take_up_segment(clock)
    is_held = bool(clock.open_pauses())
    ends = [each.until_at for each in clock.open_pauses() if each.until_at]
    clock.write(
        state=ClockState.PAUSED if is_held else ClockState.RUNNING,
        stopped_at=None,
        worked_seconds=None,
        cleared_at=None,
        resumes_at=max(ends, default=None),
        **clock.planned_moments(),
    )
    if is_held:
        clock.write(remaining_seconds=_left_when_paused(clock))
    clock.write(next_check_at=clock.next_moment())
    event = clock.record(
        ClockEventKind.REOPENED,
        happened_at=at,
        at=at,
        by=by,
        note=EventNote.UNDONE,
        due_before=before,
        due_after=clock.due_at,
    )
    if clock.is_overdue(at):
        breaching.breach(clock, at=at)
    return event


@transaction.atomic
def reopen_for(handoff: Handoff, *, since: datetime, by: User | None, at: datetime) -> list[Clock]:
    """Every clock of a hand-off of which an act at `since` was undone stands again as the hand-off says: running, or stopped by what remains."""
    clocks = list(
        Clock.objects.filter(handoff=handoff).select_related("agreement", "calendar_version").order_by("id")
    )
    for clock in clocks:
        clock.handoff = handoff
        if clock.events.filter(kind__in=ENDINGS, detected_at__gte=since).exists():
            reopen(clock, by=by, at=at)
        catch_up(clock, at=at)
    return clocks


# Mechanics


def _take_up_pauses(clock: Clock, at: datetime) -> None:
    """Those that the end cut short go on, or ran out by themselves since."""
    for each in clock.pauses.filter(was_cut=True):
        each.to_at = each.until_at if each.until_at and each.until_at <= at else None
        each.was_cut = False
        each.save(update_fields=["to_at", "was_cut"])
    clock._prefetched_objects_cache = {}


def _take_up_segment(clock: Clock) -> None:
    last = clock.segments.order_by("-from_at", "-id").first()
    if last:
        last.to_at = None
        last.save(update_fields=["to_at"])


def _left_when_paused(clock: Clock) -> int:
    assert clock.due_at is not None
    assert clock.resumes_at is not None
    return clock.calendar.elapsed_between(clock.resumes_at, clock.due_at)
