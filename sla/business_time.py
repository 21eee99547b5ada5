"""Which seconds count as working time, when a target runs out, and how much of it has passed.

Knows a time zone, weekly hours and the dates on which they differ. Knows nothing of Django, leads or agreements.

The rules, all of which the tests prove against a slow second implementation:

* An interval belongs to the local date on which it opens; an override replaces that date's intervals.
* Intervals are half-open, [open, close). Both ends are set in local time, converted to UTC, and counted there.
* A local time that the zone skips becomes the first instant after the gap. One that occurs twice opens at its first
  and closes at its second occurrence, also when the clock is put back to just that time. What is then empty is left out.
* Counting begins at the first open instant at or after the start. A target that is used up exactly at closing is due
  at that closing.
* A target of 0 is due at the start if that is in open time or exactly at a closing, else at the next opening. This is
  the only answer for which `due_after(due_after(s, a), b) == due_after(s, a + b)` holds for 0 too and due moments lie
  in open time.
* Starts keep their microseconds: 1 s from half a second before closing is due half a second after the next opening.
  Elapsed time is added up exactly and then rounded down to whole seconds, so
  `elapsed_between(s, due_after(s, n)) == n` for every start.
* After 366 days without open time the calculation gives up with `NoOpenTime`. It never falls back to all hours.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sla.opening_hours import (
    DAY,
    Interval,
    InvalidCalendar,
    Span,
    as_text,
    gettext_noop,
    hours_by_date,
    hours_by_weekday,
    merged,
)

__all__ = [
    "BusinessCalendar",
    "CountedBlock",
    "DayNote",
    "InvalidCalendar",
    "InvalidTarget",
    "NaiveMoment",
    "NoOpenTime",
]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.date().toordinal()
LAST_DAY = date.max.toordinal() - EPOCH_DAY - 3
FIRST_DAY = date.min.toordinal() - EPOCH_DAY + 1
SECOND = 1_000_000
PATIENCE = 366 * DAY * SECOND
LONGEST_TARGET = 10 * 366 * DAY
REMEMBERED_DAYS = 4_000

Pause = tuple[datetime, datetime]


class NoOpenTime(Exception):
    """The calendar has no open time in the 366 days in which it was needed."""


class NaiveMoment(ValueError):
    """A datetime without time zone could mean any instant, so it is refused."""


class InvalidTarget(ValueError):
    """A target is a whole number of seconds, from 0 to ten years of working time."""


class CountedBlock(NamedTuple):
    """A stretch of working time that counted towards a target. The seconds of all blocks add up to the target."""

    start: datetime
    end: datetime
    seconds: int


class DayNote(NamedTuple):
    """A local date that is closed, or whose hours an override replaced."""

    on: date
    is_closed: bool
    is_override: bool


@dataclass(frozen=True, eq=False)
class BusinessCalendar:
    """Working hours in one time zone. Immutable, comparable, hashable; remembers the days it has converted."""

    zone: str
    week: Mapping[int, Iterable[Interval]]
    overrides: Mapping[date, Iterable[Interval]] = field(default_factory=dict)

    _zone: ZoneInfo = field(init=False, repr=False)
    _weekdays: tuple[tuple[Span, ...], ...] = field(init=False, repr=False)
    _dates: dict[int, tuple[Span, ...]] = field(init=False, repr=False)
    _days: dict[int, tuple[Span, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        weekdays, dates = hours_by_weekday(self.week), hours_by_date(self.overrides)
        written = {weekday: _written(spans) for weekday, spans in enumerate(weekdays) if spans}
        for name, value in {
            "_zone": _zone_named(self.zone),
            "zone": str(self.zone),
            "week": MappingProxyType(written),
            "overrides": MappingProxyType({day: _written(spans) for day, spans in dates.items()}),
            "_weekdays": tuple(merged(spans) for spans in weekdays),
            "_dates": {day.toordinal() - EPOCH_DAY: merged(spans) for day, spans in dates.items()},
            "_days": {},
        }.items():
            object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BusinessCalendar) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return BusinessCalendar, (self.zone, dict(self.week), dict(self.overrides))

    # When is it due, and how much has passed?

    def due_after(self, start: datetime, seconds: int) -> datetime:
        """The moment, in UTC, at which `seconds` of working time have passed since `start`."""
        return self.due_with_pauses(start, seconds, ())

    def elapsed_between(self, start: datetime, end: datetime) -> int:
        """Whole seconds of working time in [start, end); 0 when the end is not after the start."""
        return self.elapsed_with_pauses(start, end, ())

    def due_with_pauses(self, start: datetime, seconds: int, pauses: Iterable[Pause]) -> datetime:
        """The same, not counting the pauses [from, to). Those that overlap count once.

        A pause that begins at or after the due moment changes nothing: what is late stays late. One that does not
        end after it begins counts as none.
        """
        begin, target = _instant(start), _target(seconds)
        return _moment(self._count(begin, target, _in_order(pauses))[-1][1])

    def elapsed_with_pauses(self, start: datetime, end: datetime, pauses: Iterable[Pause]) -> int:
        """Whole seconds of working time in [start, end) outside the pauses."""
        open_time = _without(_in_order(pauses), self._open_time(_instant(start), until=_instant(end)))
        return sum(close - opening for opening, close in open_time) // SECOND

    def blocks_until_due(
        self, start: datetime, seconds: int, pauses: Iterable[Pause] = ()
    ) -> list[CountedBlock]:
        """The stretches that make up the target, in order; the last one ends at the due moment. Empty for 0."""
        blocks: list[CountedBlock] = []
        counted = 0
        for begin, end in merged(self._count(_instant(start), _target(seconds), _in_order(pauses))):
            if end > begin:
                so_far = counted + end - begin
                blocks.append(
                    CountedBlock(_moment(begin), _moment(end), so_far // SECOND - counted // SECOND)
                )
                counted = so_far
        return blocks

    # When is it open?

    def open_intervals(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open time within [start, end) as (open, close) in UTC: in order, apart, and as long as they can be."""
        return self._open_intervals(_instant(start), _instant(end))

    def is_open(self, at: datetime) -> bool:
        instant = _instant(at)
        return any(self._open_time(instant, until=instant + 1))

    def next_opening(self, at: datetime) -> datetime:
        """The first open instant at or after `at`: `at` itself during working hours."""
        return _moment(self._first_opening(_instant(at)))

    def next_closing(self, at: datetime) -> datetime | None:
        """When the open time that is running at `at`, or the next one, ends; None if not within 366 days."""
        begin = end = self._first_opening(_instant(at))
        for opening, close in self._open_time(begin):
            if opening > end:
                break
            end = close
            if end - begin > PATIENCE:
                return None
        return _moment(end)

    def local_date(self, at: datetime) -> date:
        """The date on the calendar's wall at this moment."""
        return self.local_time(at).date()

    def local_time(self, at: datetime) -> datetime:
        """The same moment, as the calendar's zone writes it."""
        return _moment(_instant(at)).astimezone(self._zone)

    def start_of(self, on: date) -> datetime:
        """The first instant of a local date, in UTC."""
        return _moment(self._opening((on.toordinal() - EPOCH_DAY) * DAY) * SECOND)

    def hours_on(self, on: date) -> tuple[tuple[str, str], ...]:
        """The intervals that hold on a date, as written."""
        intervals = self.overrides[on] if on in self.overrides else self.week.get(on.weekday(), ())
        return tuple((str(opening), str(closing)) for opening, closing in intervals)

    def is_working_day(self, on: date) -> bool:
        """Whether any open time begins on this local date."""
        return bool(self._day(on.toordinal() - EPOCH_DAY))

    def working_days_between(self, first: date, last: date) -> int:
        """How many dates from the first to the last, both included, are working days."""
        return sum(map(self.is_working_day, _dates_between(first, last)))

    def days_closed_between(self, first: date, last: date) -> list[DayNote]:
        """Each date from the first to the last, both included, that is closed or has other hours than its weekday."""
        notes = (
            DayNote(on, is_closed=not self.is_working_day(on), is_override=on in self.overrides)
            for on in _dates_between(first, last)
        )
        return [note for note in notes if note.is_closed or note.is_override]

    def usual_day(self) -> int:
        """Seconds in a usual working day, for "1 d": the median of the weekdays that have hours, 0 without any."""
        lengths = sorted(sum(end - begin for begin, end in spans) for spans in self._weekdays if spans)
        return lengths[len(lengths) // 2] if lengths else 0

    # Mechanics: instants are microseconds since 1970 in UTC, days are counted from 1970-01-01

    def _identity(self) -> tuple[object, ...]:
        return self.zone, self._weekdays, tuple(self._dates.items())

    def _count(self, start: int, target: int, pauses: Sequence[Span]) -> list[Span]:
        """The spans that add up to the target. Of a target of 0, one empty span where it is due."""
        # One step back, so that a start exactly at a closing still belongs to the time before it.
        open_time = self._open_time(start - 1 if not target else start)
        counted = []
        for opening, close in _without(pauses, open_time) if pauses else open_time:
            if not target:
                return [(max(opening, start),) * 2]
            if close - opening >= target:
                counted.append((opening, opening + target))
                return counted
            counted.append((opening, close))
            target -= close - opening
        raise NoOpenTime(_nothing_open_after(counted[-1][1] if counted else start))

    def _open_intervals(self, start: int, end: int) -> Iterator[tuple[datetime, datetime]]:
        pending: Span | None = None
        for opening, close in self._open_time(start, until=end):
            if pending and pending[1] < opening:
                yield _moment(pending[0]), _moment(pending[1])
                pending = None
            pending = (pending[0] if pending else opening, close)
        if pending:
            yield _moment(pending[0]), _moment(pending[1])

    def _first_opening(self, at: int) -> int:
        for opening, _ in self._open_time(at):
            return opening
        raise NoOpenTime(_nothing_open_after(at))

    def _open_time(self, start: int, *, until: int | None = None) -> Iterator[Span]:
        """All open time from `start` on, in order and apart (spans may touch). Everything else asks this.

        Ends at `until`; without it, goes on until 366 days have brought nothing.
        """
        reached = start
        limit = start + PATIENCE if until is None else until
        # A day's hours end less than two days after its midnight, and no zone is a day away from UTC.
        day = max(start // (DAY * SECOND) - 2, FIRST_DAY)
        while (day - 1) * DAY * SECOND < limit and day <= LAST_DAY:
            for opening, close in self._day(day):
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

    def _day(self, day: int) -> tuple[Span, ...]:
        """The open time that begins on one local date, as instants."""
        try:
            return self._days[day]
        except KeyError:
            hours = self._dates.get(day, self._weekdays[(day + 3) % 7])  # 1970-01-01 was a Thursday
            spans = (
                (self._opening(day * DAY + begin), self._closing(day * DAY + end)) for begin, end in hours
            )
            converted = tuple(
                (opening * SECOND, close * SECOND) for opening, close in spans if opening < close
            )
            if len(self._days) >= REMEMBERED_DAYS:
                self._days.clear()
            self._days[day] = converted
            return converted

    def _opening(self, local: int) -> int:
        """The first instant at which the wall clock shows this local time, or has skipped it."""
        first, second = self._readings(local)
        return self._end_of_gap(local, second, first) if first > second else first

    def _closing(self, local: int) -> int:
        """The last instant at which the wall clock shows this local time, or the first at which it has skipped it."""
        first, second = self._readings(local)
        return self._end_of_gap(local, second, first) if first > second else second

    def _readings(self, local: int) -> tuple[int, int]:
        """The local time read with the offset before and after a change; the same instant twice if there is none."""
        clock = datetime(1970, 1, 1, tzinfo=self._zone) + timedelta(seconds=local)
        before, after = clock.utcoffset(), clock.replace(fold=1).utcoffset()
        assert before is not None
        assert after is not None
        return local - int(before.total_seconds()), local - int(after.total_seconds())

    def _end_of_gap(self, local: int, before: int, after: int) -> int:
        """The first instant whose wall clock is past a local time that the zone skips; between the two readings."""
        while after - before > 1:
            middle = (before + after) // 2
            offset = (EPOCH + timedelta(seconds=middle)).astimezone(self._zone).utcoffset()
            assert offset is not None
            if middle + int(offset.total_seconds()) >= local:
                after = middle
            else:
                before = middle
        return after


def _zone_named(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidCalendar(gettext_noop("%(zone)r is not a known time zone."), zone=name) from error


def _written(spans: Iterable[Span]) -> tuple[tuple[str, str], ...]:
    return tuple(as_text(span) for span in spans)


def _dates_between(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _target(seconds: int) -> int:
    target = operator.index(seconds)
    if not 0 <= target <= LONGEST_TARGET:
        raise InvalidTarget(f"A target of {target} seconds is not between 0 and ten years.")
    return target * SECOND


def _instant(moment: datetime) -> int:
    try:
        since = moment - EPOCH
    except TypeError as error:
        raise NaiveMoment(f"{moment!r} has no time zone.") from error
    return (since.days * DAY + since.seconds) * SECOND + since.microseconds


def _moment(instant: int) -> datetime:
    return EPOCH + timedelta(microseconds=instant)


def _nothing_open_after(instant: int) -> str:
    return f"The calendar has no open time in the 366 days after {_moment(instant).isoformat()}."


def _in_order(pauses: Iterable[Pause]) -> list[Span]:
    spans = ((_instant(begin), _instant(end)) for begin, end in pauses)
    return sorted(span for span in spans if span[0] < span[1])


def _without(pauses: Sequence[Span], spans: Iterable[Span]) -> Iterator[Span]:
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
