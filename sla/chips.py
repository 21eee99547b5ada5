"""A clock as a chip: the words of the server, and what the countdown in the browser needs to keep them true.

The contract is that of templates/components/_clock_chip.html.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from sla.clock_status import CANCELLED, LATE, MET, PAUSED, VOID, Status
from sla.models.pause import PauseReason
from smarketing import words
from smarketing.words import WORKING_DAY

if TYPE_CHECKING:
    from sla.models import Clock

DAY = timedelta(days=1)
TICKS_AT_MOST = timedelta(days=45)  # further away, the words of the server are near enough


@dataclass(frozen=True)
class Chip:
    state: str
    words: str
    label: str
    due_words: str = ""
    due_at: datetime | None = None
    due: int | None = None
    now: int | None = None
    segments: str = ""
    warn: int = 0
    day: int = WORKING_DAY


def chip(clock: Clock, now: datetime, *, ticks_by_itself: bool = True) -> Chip | None:
    """What to show for this clock at this moment; None when it was cancelled.

    In a long list the countdowns share the working hours of the page (`intervals_for`): then none brings its own.
    """
    status = clock.status(now)
    if status.state == CANCELLED:
        return None
    if status.state == VOID:
        return Chip(state=PAUSED, words=gettext("Void"), label=gettext("Void: it counts for nobody"))
    if status.is_over:
        return _finished(clock, status)
    if status.is_waiting:
        return _waiting(clock, status, now)
    if status.needs_calendar:
        text = gettext("Needs working hours")
        return Chip(state=PAUSED, words=text, label=text)
    return _running(clock, status, now, ticks_by_itself)


def is_near(clock: Clock, now: datetime) -> bool:
    """Whether it ticks in the browser; further away, the words of the server are near enough."""
    return clock.due_at is not None and abs(clock.due_at - now) <= TICKS_AT_MOST


def intervals_for(clocks: Sequence[Clock], now: datetime) -> list[list[int]]:
    """Working intervals of one calendar in seconds since 1970: enough for each of these clocks to tick by."""
    due = [clock.due_at for clock in clocks if clock.due_at]
    begin, end = min(now - DAY, *due), max(now, *due) + 4 * DAY
    intervals = clocks[0].calendar.open_intervals(begin, end)
    return [[int(opening.timestamp()), int(close.timestamp())] for opening, close in intervals]


def _running(clock: Clock, status: Status, now: datetime, ticks_by_itself: bool) -> Chip:
    day = clock.calendar.usual_day() or WORKING_DAY
    assert clock.due_at is not None
    assert status.seconds is not None
    moment = status.until if status.state == PAUSED and status.until else clock.due_at
    span, said = words.working_duration(status.seconds, day), words.spoken_duration(status.seconds, day)
    spoken = {"span": said, "moment": words.spoken_moment(moment, now)}
    if status.state == LATE:
        text, label = gettext("Late by %s") % span, gettext("Late by %(span)s, was due %(moment)s") % spoken
    elif status.state == PAUSED:
        text, label = gettext("%s left") % span, gettext("%(span)s left, paused until %(moment)s") % spoken
    else:
        text, label = gettext("%s left") % span, gettext("Due in %(span)s, %(moment)s") % spoken
    under = words.due_time(moment, now)
    return Chip(
        state=status.state,
        words=text,
        label=label,
        due_words=gettext("paused until %s") % under if status.state == PAUSED else under,
        due_at=clock.due_at,
        **_ticking(clock, now, ticks_by_itself),
        warn=clock.warn_seconds,
        day=day,
    )


def _ticking(clock: Clock, now: datetime, by_itself: bool) -> dict[str, Any]:
    if clock.due_at is None or not is_near(clock, now):
        return {}
    ticking: dict[str, Any] = {"due": int(clock.due_at.timestamp()), "now": int(now.timestamp())}
    if by_itself:
        ticking["segments"] = json.dumps(intervals_for([clock], now), separators=(",", ":"))
    return ticking


def _waiting(clock: Clock, status: Status, now: datetime) -> Chip:
    """Held for a reason: what is left, and until when at the latest."""
    day = clock.calendar.usual_day() or WORKING_DAY
    reasons = {pause.reason for pause in clock.open_pauses()}
    waiting = gettext("waits for marketing")
    spoken = waiting
    if status.until and reasons - {PauseReason.MARKETING_ANSWERS}:
        waiting = gettext("paused until %s") % words.due_time(status.until, now)
        spoken = gettext("paused until %s") % words.spoken_moment(status.until, now)
    return Chip(
        state=PAUSED,
        words=gettext("%s left") % words.working_duration(status.seconds, day),
        due_words=waiting,
        label=f"{gettext('%s left') % words.spoken_duration(status.seconds or 0, day)}, {spoken}",
    )


def _finished(clock: Clock, status: Status) -> Chip:
    """Past tense: in time, or how late."""
    day = clock.calendar.usual_day() or WORKING_DAY
    if status.seconds is None:
        text = gettext("Done")
        return Chip(state=MET, words=text, label=text)
    form = _past(clock.measure, status.state)
    return Chip(
        state=status.state,
        words=form % words.working_duration(status.seconds, day),
        label=form % words.spoken_duration(status.seconds, day),
        due_at=clock.due_at,
    )


def _past(measure: str, state: str) -> str:
    if state == MET:
        return gettext("Met in %s")
    return gettext("Called %s late") if measure == "FIRST_CONTACT" else gettext("Answered %s late")
