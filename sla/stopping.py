"""How a clock ends: what was promised occurred, or it no longer applies."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from handoff.models import State
from sla import breaching, pausing
from sla.models.clock import OPEN_STATES, Clock, ClockState, Measure
from sla.models.clock_event import ClockEvent, ClockEventKind, EventNote

if TYPE_CHECKING:
    from smarketing.accounts.models import User


@transaction.atomic
def stop(clock: Clock, *, occurred_at: datetime, by: User | None, at: datetime) -> ClockEvent | None:
    """See `Clock.stop`. Stopping from a pause ends the pause first."""
    clock.lock(at)
    too_late = at - occurred_at > timedelta(hours=clock.agreement.late_logging_hours)
    counted = max(at if too_late else occurred_at, clock.started_at)
    if clock.state == ClockState.VOID or not _is_earlier(clock, counted):
        return None
    pausing.end_all(clock, counted, at=at)
    clock.write(
        state=ClockState.STOPPED,
        stopped_at=counted,
        worked_seconds=worked(clock, counted),
        next_check_at=None,
    )
    end_segment(clock, at)
    event = clock.record(
        ClockEventKind.STOPPED,
        happened_at=counted,
        at=at,
        by=by,
        note=EventNote.LOGGED_TOO_LATE if too_late else "",
    )
    if clock.due_at and counted > clock.due_at:
        breaching.breach(clock, at=at)
    elif clock.breached_at and not clock.cleared_at:
        breaching.clear(clock, EventNote.IN_TIME_AFTER_ALL, by=by, at=at)
    return event


@transaction.atomic
def cancel(clock: Clock, reason: str, *, by: User | None, at: datetime) -> ClockEvent | None:
    clock.lock(at)
    if clock.state not in OPEN_STATES:
        return None
    if clock.is_overdue(at):
        breaching.breach(clock, at=at)
    pausing.end_all(clock, at, at=at)
    clock.write(state=ClockState.CANCELLED, next_check_at=None)
    end_segment(clock, at)
    return clock.record(ClockEventKind.CANCELLED, happened_at=at, at=at, by=by, note=reason)


def catch_up(clock: Clock, *, at: datetime) -> None:
    """The earliest act of which the hand-off knows, if it has one that keeps this promise; else the promise is off."""
    handoff = clock.handoff
    moments = {
        Measure.ANSWER: [handoff.accepted_at, handoff.returned_at],
        Measure.FIRST_CONTACT: [handoff.first_contact_at],
        Measure.QUESTION: [handoff.replied_at],
        Measure.RETURN: [],
    }[Measure(clock.measure)]
    occurred = [moment for moment in moments if moment]
    if occurred:
        stop(clock, occurred_at=min(occurred), by=None, at=at)
    elif not still_applies(clock):
        cancel(clock, "", by=None, at=at)


def still_applies(clock: Clock) -> bool:
    """Whether the hand-off stands where this promise is still owed."""
    owed_in = {
        Measure.ANSWER: [State.SENT, State.ASKED],
        Measure.FIRST_CONTACT: [State.SENT, State.ASKED, State.ACCEPTED, State.CONTACTED],
        Measure.QUESTION: [State.ASKED],
        Measure.RETURN: [State.RETURNED],
    }[Measure(clock.measure)]
    return clock.handoff.state in owed_in


def worked(clock: Clock, stopped_at: datetime) -> int:
    """Working time from its start until then, without the pauses."""
    return clock.calendar.elapsed_with_pauses(clock.started_at, stopped_at, clock.spans_paused())


def _is_earlier(clock: Clock, moment: datetime) -> bool:
    """Than what ended it before. What no longer applied may turn out to have been done while it still did."""
    if clock.state == ClockState.CANCELLED:
        cancelled = clock.events.filter(kind=ClockEventKind.CANCELLED).order_by("-id").first()
        return cancelled is not None and moment <= cancelled.happened_at
    return clock.stopped_at is None or moment < clock.stopped_at


def end_segment(clock: Clock, at: datetime) -> None:
    clock.segments.filter(to_at=None).update(to_at=at)
