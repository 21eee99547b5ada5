"""Which seconds count as working time, when a target runs out, and how much of it has passed.

Knows a time zone, weekly hours and the dates on which they differ. Knows nothing of Django, leads or agreements. What is open is walked
in `open_time`; what a local time means, in `wall_clock`; how hours are written, in `opening_hours`.

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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from sla.instants import SECOND, NaiveMoment, dates_between, day_of, instant_of, moment_of
from sla.open_time import PATIENCE, NoOpenTime, OpenTime, without
from sla.opening_hours import (
    DAY,
    Interval,
    InvalidCalendar,
    Span,
    as_text,
    hours_by_date,
    hours_by_weekday,
    merged,
)
from sla.wall_clock import opens_at, zone_named

__all__ = [
    "BusinessCalendar",
    "CountedBlock",
    "DayNote",
    "InvalidCalendar",
    "InvalidTarget",
    "NaiveMoment",
    "NoOpenTime",
]

LONGEST_TARGET = 10 * 366 * DAY

Pause = tuple[datetime, datetime]


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

    _open: OpenTime = field(init=False, repr=False)

    def __post_init__(self) -> None:
        weekdays, dates = hours_by_weekday(self.week), hours_by_date(self.overrides)
        written = {weekday: _written(spans) for weekday, spans in enumerate(weekdays) if spans}
        for name, value in {
            "_open": OpenTime(
                zone_named(self.zone),
                tuple(merged(spans) for spans in weekdays),
                {day_of(on): merged(spans) for on, spans in dates.items()},
            ),
            "zone": str(self.zone),
            "week": MappingProxyType(written),
            "overrides": MappingProxyType({day: _written(spans) for day, spans in dates.items()}),
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
        return self._open.between(instant_of(start), instant_of(end)) // SECOND

    def due_with_pauses(self, start: datetime, seconds: int, pauses: Iterable[Pause]) -> datetime:
        """The same, not counting the pauses [from, to). Those that overlap count once.

        A pause that begins at or after the due moment changes nothing: what is late stays late. One that does not
        end after it begins counts as none.
        """
        begin, target = instant_of(start), _target(seconds)
        return moment_of(self._open.count(begin, target, _in_order(pauses))[-1][1])

    def elapsed_with_pauses(self, start: datetime, end: datetime, pauses: Iterable[Pause]) -> int:
        """Whole seconds of working time in [start, end) outside the pauses."""
        open_time = without(_in_order(pauses), self._open.spans(instant_of(start), until=instant_of(end)))
        return sum(close - opening for opening, close in open_time) // SECOND

    def blocks_until_due(
        self, start: datetime, seconds: int, pauses: Iterable[Pause] = ()
    ) -> list[CountedBlock]:
        """The stretches that make up the target, in order; the last one ends at the due moment. Empty for 0."""
        blocks: list[CountedBlock] = []
        counted = 0
        for begin, end in merged(self._open.count(instant_of(start), _target(seconds), _in_order(pauses))):
            if end > begin:
                so_far = counted + end - begin
                blocks.append(
                    CountedBlock(moment_of(begin), moment_of(end), so_far // SECOND - counted // SECOND)
                )
                counted = so_far
        return blocks

    # When is it open?

    def open_intervals(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open time within [start, end) as (open, close) in UTC: in order, apart, and as long as they can be."""
        spans = self._open.joined(instant_of(start), instant_of(end))
        return ((moment_of(opening), moment_of(close)) for opening, close in spans)

    def is_open(self, at: datetime) -> bool:
        instant = instant_of(at)
        return any(self._open.spans(instant, until=instant + 1))

    def next_opening(self, at: datetime) -> datetime:
        """The first open instant at or after `at`: `at` itself during working hours."""
        return moment_of(self._open.first_opening(instant_of(at)))

    def next_closing(self, at: datetime) -> datetime | None:
        """When the open time that is running at `at`, or the next one, ends; None if not within 366 days."""
        begin = end = self._open.first_opening(instant_of(at))
        for opening, close in self._open.spans(begin):
            if opening > end:
                break
            end = close
            if end - begin > PATIENCE:
                return None
        return moment_of(end)

    def local_date(self, at: datetime) -> date:
        """The date on the calendar's wall at this moment."""
        return self.local_time(at).date()

    def local_time(self, at: datetime) -> datetime:
        """The same moment, as the calendar's zone writes it."""
        return moment_of(instant_of(at)).astimezone(self._open.zone)

    def start_of(self, on: date) -> datetime:
        """The first instant of a local date, in UTC."""
        return moment_of(opens_at(day_of(on) * DAY, self._open.zone) * SECOND)

    def hours_on(self, on: date) -> tuple[tuple[str, str], ...]:
        """The intervals that hold on a date, as written."""
        intervals = self.overrides[on] if on in self.overrides else self.week.get(on.weekday(), ())
        return tuple((str(opening), str(closing)) for opening, closing in intervals)

    def is_working_day(self, on: date) -> bool:
        """Whether any open time begins on this local date."""
        return bool(self._open.of_day(day_of(on)))

    def working_days_between(self, first: date, last: date) -> int:
        """How many dates from the first to the last, both included, are working days."""
        return sum(map(self.is_working_day, dates_between(first, last)))

    def days_closed_between(self, first: date, last: date) -> list[DayNote]:
        """Each date from the first to the last, both included, that is closed or has other hours than its weekday."""
        notes = (
            DayNote(on, is_closed=not self.is_working_day(on), is_override=on in self.overrides)
            for on in dates_between(first, last)
        )
        return [note for note in notes if note.is_closed or note.is_override]

    def usual_day(self) -> int:
        """Seconds in a usual working day, for "1 d": the median of the weekdays that have hours, 0 without any."""
        return self._usual_day

    @cached_property
    def _usual_day(self) -> int:
        lengths = sorted(sum(end - begin for begin, end in spans) for spans in self._open.weekdays if spans)
        return lengths[len(lengths) // 2] if lengths else 0

    # Mechanics

    def _identity(self) -> tuple[object, ...]:
        return self.zone, self._open.weekdays, tuple(self._open.dates.items())


def _written(spans: Iterable[Span]) -> tuple[tuple[str, str], ...]:
    return tuple(as_text(span) for span in spans)


def _target(seconds: int) -> int:
    target = operator.index(seconds)
    if not 0 <= target <= LONGEST_TARGET:
        raise InvalidTarget(f"A target of {target} seconds is not between 0 and ten years.")
    return target * SECOND


def _in_order(pauses: Iterable[Pause]) -> list[Span]:
    spans = ((instant_of(begin), instant_of(end)) for begin, end in pauses)
    return sorted(span for span in spans if span[0] < span[1])
