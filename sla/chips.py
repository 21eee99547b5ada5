"""A clock as a chip: the words of the server, and what the countdown in the browser needs to keep them true.

The contract is that of templates/components/_clock_chip.html.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sla.clock_status import CANCELLED, LATE, MET, PAUSED, VOID, Status
from sla.models.pause import PauseReason
from smarketing.voice import WORKING_DAY, Voice, voice

if TYPE_CHECKING:
    from sla.models import Clock

DAY = timedelta(days=1)
TICKS_AT_MOST = timedelta(days=45)  # further away, the words of the server are near enough


class Chip(NamedTuple):
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


def chip(
    clock: Clock, now: datetime, *, ticks_by_itself: bool = True, to: Voice | None = None
) -> Chip | None:
    """What to show for this clock at this moment; None when it was cancelled. Who makes many asks once for the `voice()` of their reader.

    In a long list the countdowns share the working hours of the page (`intervals_for`): then none brings its own.
    """
    status, to = clock.status(now), to or voice()
    if status.state == CANCELLED:
        return None
    if status.state == VOID:
        return Chip(state=PAUSED, words=to.gettext("Void"), label=to.gettext("Void: it counts for nobody"))
    if status.is_over:
        return _finished(clock, status, to)
    if status.is_waiting:
        return _waiting(clock, status, now, to)
    if status.needs_calendar:
        text = to.gettext("Needs working hours")
        return Chip(state=PAUSED, words=text, label=text)
    return _running(clock, status, now, ticks_by_itself, to)


def is_near(clock: Clock, now: datetime) -> bool:
    """Whether it ticks in the browser; further away, the words of the server are near enough."""
    return clock.due_at is not None and abs(clock.due_at - now) <= TICKS_AT_MOST


def intervals_for(clocks: Sequence[Clock], now: datetime) -> list[list[int]]:
    """Working intervals of one calendar in seconds since 1970: enough for each of these clocks to tick by."""
    due = [clock.due_at for clock in clocks if clock.due_at]
    begin, end = min(now - DAY, *due), max(now, *due) + 4 * DAY
    intervals = clocks[0].calendar.open_intervals(begin, end)
    return [[int(opening.timestamp()), int(close.timestamp())] for opening, close in intervals]


def _running(clock: Clock, status: Status, now: datetime, ticks_by_itself: bool, to: Voice) -> Chip:
    day = clock.calendar.usual_day() or WORKING_DAY
    assert clock.due_at is not None
    assert status.seconds is not None
    moment = status.until if status.state == PAUSED and status.until else clock.due_at
    span, said = to.working_duration(status.seconds, day), to.spoken_duration(status.seconds, day)
    spoken = {"span": said, "moment": to.spoken_moment(moment, now)}
    if status.state == LATE:
        text, label = (
            to.gettext("Late by %s") % span,
            to.gettext("Late by %(span)s, was due %(moment)s") % spoken,
        )
    elif status.state == PAUSED:
        text, label = (
            to.gettext("%s left") % span,
            to.gettext("%(span)s left, paused until %(moment)s") % spoken,
        )
    else:
        text, label = to.gettext("%s left") % span, to.gettext("Due in %(span)s, %(moment)s") % spoken
    under = to.due_time(moment, now)
    return Chip(
        state=status.state,
        words=text,
        label=label,
        due_words=to.gettext("paused until %s") % under if status.state == PAUSED else under,
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


def _waiting(clock: Clock, status: Status, now: datetime, to: Voice) -> Chip:
    """Held for a reason: what is left, and until when at the latest."""
    day = clock.calendar.usual_day() or WORKING_DAY
    reasons = {pause.reason for pause in clock.open_pauses()}
    waiting = to.gettext("waits for marketing")
    spoken = waiting
    if status.until and reasons - {PauseReason.MARKETING_ANSWERS}:
        waiting = to.gettext("paused until %s") % to.due_time(status.until, now)
        spoken = to.gettext("paused until %s") % to.spoken_moment(status.until, now)
    return Chip(
        state=PAUSED,
        words=to.gettext("%s left") % to.working_duration(status.seconds, day),
        due_words=waiting,
        label=f"{to.gettext('%s left') % to.spoken_duration(status.seconds or 0, day)}, {spoken}",
    )


def _finished(clock: Clock, status: Status, to: Voice) -> Chip:
    """Past tense: in time, or how late."""
    day = clock.calendar.usual_day() or WORKING_DAY
    if status.seconds is None:
        text = to.gettext("Done")
        return Chip(state=MET, words=text, label=text)
    form = _past(clock.measure, status.state, to)
    return Chip(
        state=status.state,
        words=form % to.working_duration(status.seconds, day),
        label=form % to.spoken_duration(status.seconds, day),
        due_at=clock.due_at,
    )


def _past(measure: str, state: str, to: Voice) -> str:
    if state == MET:
        return to.gettext("Met in %s")
    return to.gettext("Called %s late") if measure == "FIRST_CONTACT" else to.gettext("Answered %s late")
