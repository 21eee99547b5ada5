"""When a clock is due, when it warns, and when it climbs the ladder. Pure: a calendar and moments in, moments out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sla.business_time import BusinessCalendar, NoOpenTime, Pause

SHORTEST_WARNING = 15 * 60


@dataclass(frozen=True)
class Plan:
    """`due_at` is None when the calendar has no open time: such a clock needs a calendar and never fires."""

    due_at: datetime | None
    warn_at: datetime | None
    warn_later_at: Sequence[datetime]  # after the first
    ladder_at: Sequence[datetime]


def warnings(target: int, points: Sequence[Mapping[str, int]]) -> list[int]:
    """Seconds before due at the agreed points, the earliest first, each at most all of the target.

    A share of the target is at least 15 minutes. Without points it warns for the last 15 minutes.
    """
    spans = [
        point["minutes_left"] * 60
        if "minutes_left" in point
        else max(target * point["share_left"] // 100, SHORTEST_WARNING)
        for point in points
    ]
    return sorted({min(target, span) for span in spans or [SHORTEST_WARNING]}, reverse=True)


def plan(
    calendar: BusinessCalendar,
    start: datetime,
    target: int,
    warns: Sequence[int],
    rungs: Sequence[int],
    pauses: Sequence[Pause] = (),
) -> Plan:
    """The moments of a clock of `target` seconds that warns so many seconds before due and climbs so many after; pauses do not count.

    A ladder ends where the calendar has no open time for its next rung: that takes nothing from the due moment.
    """

    def after(seconds: int) -> datetime:
        return calendar.due_with_pauses(start, seconds, pauses)

    try:
        points = [after(target - warn) for warn in warns]
        due = after(target)
    except NoOpenTime:
        return Plan(due_at=None, warn_at=None, warn_later_at=[], ladder_at=[])
    ladder: list[datetime] = []
    for late in rungs:
        try:
            ladder.append(after(target + late))
        except NoOpenTime:
            break
    return Plan(due, points[0] if points else None, points[1:], ladder)
