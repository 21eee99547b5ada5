"""The one generator of open time that "when is it due" and "how much has passed" are both made of. Pure, like `sla.business_time`.

Instants are microseconds since 1970 in UTC, days are counted from 1970-01-01, hours are seconds of the local day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sla.instants import SECOND, day_of, moment_of
from sla.opening_hours import DAY, Span
from sla.wall_clock import closes_at, opens_at

FIRST_DAY = day_of(date.min) + 1
LAST_DAY = day_of(date.max) - 3
PATIENCE = 366 * DAY * SECOND
WEEK = 7 * DAY * SECOND  # seven days of UTC, counted from 1970
REMEMBERED_DAYS, REMEMBERED_WEEKS = 4_000, 1_000


class NoOpenTime(Exception):
    """The calendar has no open time in the 366 days in which it was needed."""


class OpenTime:
    """Hours per weekday and the dates that differ, in a zone. Remembers the days it has converted and the weeks it has added up."""

    def __init__(
        self, zone: ZoneInfo, weekdays: Sequence[tuple[Span, ...]], dates: Mapping[int, tuple[Span, ...]]
    ) -> None:
        self.zone, self.weekdays, self.dates = zone, weekdays, dates
        self.remembered: dict[int, tuple[Span, ...]] = {}
        self.weeks: dict[int, int] = {}

    def spans(self, start: int, *, until: int | None = None) -> Iterator[Span]:
        """All open time from `start` on, in order and apart (spans may touch). Everything else asks this.

        Ends at `until`; without it, goes on until 366 days have brought nothing.
        """
        reached = start
        limit = start + PATIENCE if until is None else until
        # A day's hours end less than two days after its midnight, and no zone is a day away from UTC.
        day = max(start // (DAY * SECOND) - 2, FIRST_DAY)
        while (day - 1) * DAY * SECOND < limit and day <= LAST_DAY:
            for opening, close in self.of_day(day):
                begin = opening if opening > reached else reached
                if begin >= limit:
                    return
                if close > begin:
                    reached = close
                    if until is None:
                        limit = close + PATIENCE
                    elif close > until:
                        close = until
                    yield begin, close
            day += 1

    def between(self, start: int, end: int) -> int:
        """How many microseconds of [start, end) are open: whole weeks are added up once, as what is late stays late for long."""
        first, last = -(-start // WEEK), end // WEEK
        if first >= last:
            return _length(self.spans(start, until=end))
        ends = _length(self.spans(start, until=first * WEEK)) + _length(self.spans(last * WEEK, until=end))
        return ends + sum(self.of_week(week) for week in range(first, last))

    def count(self, start: int, target: int, pauses: Sequence[Span]) -> list[Span]:
        """The spans that add up to the target. Of a target of 0, one empty span where it is due. Raises NoOpenTime."""
        # One step back, so that a start exactly at a closing still belongs to the time before it.
        open_time = self.spans(start - 1 if not target else start)
        counted = []
        for opening, close in without(pauses, open_time) if pauses else open_time:
            if not target:
                return [(max(opening, start),) * 2]
            if close - opening >= target:
                counted.append((opening, opening + target))
                return counted
            counted.append((opening, close))
            target -= close - opening
        raise NoOpenTime(_nothing_open_after(counted[-1][1] if counted else start))

    def joined(self, start: int, end: int) -> Iterator[Span]:
        """The spans between two instants, those that touch made one."""
        pending: Span | None = None
        for opening, close in self.spans(start, until=end):
            if pending and pending[1] < opening:
                yield pending
                pending = None
            pending = (pending[0] if pending else opening, close)
        if pending:
            yield pending

    def first_opening(self, at: int) -> int:
        """At or after this instant. Raises NoOpenTime."""
        for opening, _ in self.spans(at):
            return opening
        raise NoOpenTime(_nothing_open_after(at))

    def of_day(self, day: int) -> tuple[Span, ...]:
        """The open time that begins on one local date."""
        try:
            return self.remembered[day]
        except KeyError:
            hours = self.dates.get(day, self.weekdays[(day + 3) % 7])  # 1970-01-01 was a Thursday
            spans = (
                (opens_at(day * DAY + begin, self.zone), closes_at(day * DAY + end, self.zone))
                for begin, end in hours
            )
            converted = tuple(
                (opening * SECOND, close * SECOND) for opening, close in spans if opening < close
            )
            if len(self.remembered) >= REMEMBERED_DAYS:
                self.remembered.clear()
            self.remembered[day] = converted
            return converted

    def of_week(self, week: int) -> int:
        """The microseconds that are open in one week of UTC."""
        if week not in self.weeks:
            if len(self.weeks) >= REMEMBERED_WEEKS:
                self.weeks.clear()
            self.weeks[week] = _length(self.spans(week * WEEK, until=(week + 1) * WEEK))
        return self.weeks[week]


def without(pauses: Sequence[Span], spans: Iterable[Span]) -> Iterator[Span]:
    """The parts of the spans that lie outside every pause. Spans and pauses are in order; pauses may overlap."""
    for begin, end in spans:
        for paused, resumed in pauses:
            if resumed <= begin:
                continue
            if paused >= end:
                break
            if begin < paused:
                yield begin, paused
            begin = resumed
        if begin < end:
            yield begin, end


def _length(spans: Iterable[Span]) -> int:
    return sum(close - opening for opening, close in spans)


def _nothing_open_after(instant: int) -> str:
    return f"The calendar has no open time in the 366 days after {moment_of(instant).isoformat()}."
