"""The arithmetic behind a due moment, as data and in words: what counted, what did not, and why.

Pure like `business_time`: words pass through a `gettext` that the caller brings, and are English without one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise

from sla.business_time import BusinessCalendar, CountedBlock

Gettext = Callable[[str], str]
Placed = tuple[
    tuple[date, int] | tuple[date, int, datetime], str
]  # where a line stands in time, and the line
ALL_DAY, WITHIN = 0, 1  # what is true of a whole day goes before what happened on it


@dataclass(frozen=True)
class SpecialDay:
    """A date on the way to the due moment that is closed or has hours of its own."""

    on: date
    name: str
    is_closed: bool
    is_override: bool
    hours: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ExplainedPause:
    """A pause that held the clock; `seconds` is the working time it took, overlaps with earlier pauses left out."""

    start: datetime
    end: datetime
    reason: str
    seconds: int


@dataclass(frozen=True)
class Explanation:
    """Why `due` is `target` seconds of working time after `start`. All moments are in the calendar's zone."""

    zone: str
    start: datetime
    due: datetime
    target: int
    blocks: Sequence[CountedBlock]
    special_days: Sequence[SpecialDay]
    pauses: Sequence[ExplainedPause]
    clock_changes: Sequence[tuple[date, int]]

    def as_data(self, *, gettext: Gettext = str) -> dict[str, object]:
        """The shape of the API's `explain`: moments in ISO with offset, the same arithmetic in words under `text`."""
        return {
            "start": self.start.isoformat(),
            "due": self.due.isoformat(),
            "zone": self.zone,
            "target_seconds": self.target,
            "blocks": [
                {"from": block.start.isoformat(), "to": block.end.isoformat(), "seconds": block.seconds}
                for block in self.blocks
            ],
            "holidays": [
                {
                    "date": day.on.isoformat(),
                    "name": day.name,
                    "closed": day.is_closed,
                    "hours": list(day.hours),
                }
                for day in self.special_days
                if day.is_override
            ],
            "closed_days": [day.on.isoformat() for day in self.special_days if day.is_closed],
            "pauses": [
                {
                    "from": pause.start.isoformat(),
                    "to": pause.end.isoformat(),
                    "reason": pause.reason,
                    "seconds": pause.seconds,
                }
                for pause in self.pauses
            ],
            "text": in_words(self, gettext=gettext),
        }


def explain(
    calendar: BusinessCalendar,
    start: datetime,
    seconds: int,
    *,
    pauses: Iterable[tuple[datetime, datetime, str]] = (),
    day_names: Mapping[date, str] | None = None,
) -> Explanation:
    """Walk from the start to the due moment and keep what was met on the way. Raises NoOpenTime like the walk."""
    held = sorted(pauses)
    spans = [(begin, end) for begin, end, _ in held]
    due = calendar.due_with_pauses(start, seconds, spans)
    first, last = calendar.local_date(start), calendar.local_date(due)
    return Explanation(
        zone=calendar.zone,
        start=calendar.local_time(start),
        due=calendar.local_time(due),
        target=seconds,
        blocks=tuple(
            CountedBlock(calendar.local_time(block.start), calendar.local_time(block.end), block.seconds)
            for block in calendar.blocks_until_due(start, seconds, spans)
        ),
        special_days=tuple(
            SpecialDay(
                on=note.on,
                name=(day_names or {}).get(note.on, ""),
                is_closed=note.is_closed,
                is_override=note.is_override,
                hours=calendar.hours_on(note.on),
            )
            for note in calendar.days_closed_between(first, last)
        ),
        pauses=tuple(_explained(calendar, held, start, due)),
        clock_changes=tuple(_clock_changes(calendar, first, last)),
    )


def in_words(explanation: Explanation, *, gettext: Gettext = str) -> str:
    """The arithmetic as lines of plain text: start, target, what counted and what was paused in order of time, special days, due."""
    return "\n".join(_lines(explanation, gettext))


def duration(seconds: int, *, gettext: Gettext = str) -> str:
    """Exact, in hours, minutes and seconds; parts of nothing are left out."""
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = []
    if hours:
        parts.append(gettext("%(hours)d h") % {"hours": hours})
    if minutes or not seconds:
        parts.append(gettext("%(minutes)d m") % {"minutes": minutes})
    if rest:
        parts.append(gettext("%(seconds)d s") % {"seconds": rest})
    return " ".join(parts)


def moment(at: datetime, gettext: Gettext) -> str:
    """As written in the zone of the moment."""
    return f"{_date(at.date(), gettext)} {_time(at)}"


# Mechanics


def _explained(
    calendar: BusinessCalendar, held: Sequence[tuple[datetime, datetime, str]], start: datetime, due: datetime
) -> Iterator[ExplainedPause]:
    reached = start
    for begin, end, reason in held:
        if begin < due and start < end and begin < end:
            taken = calendar.elapsed_between(max(begin, reached), end)
            reached = max(reached, end)
            yield ExplainedPause(calendar.local_time(begin), calendar.local_time(end), reason, taken)


def _clock_changes(calendar: BusinessCalendar, first: date, last: date) -> Iterator[tuple[date, int]]:
    """Dates that do not have 24 hours, with their length in seconds."""
    days = (date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 2))
    for (day, midnight), (_, next_midnight) in pairwise((day, calendar.start_of(day)) for day in days):
        length = next_midnight - midnight
        if length != timedelta(days=1):
            yield day, int(length.total_seconds())


def _lines(explanation: Explanation, gettext: Gettext) -> Iterator[str]:
    yield gettext("Start: %(moment)s (%(zone)s)") % {
        "moment": moment(explanation.start, gettext),
        "zone": explanation.zone,
    }
    yield gettext("Target: %(target)s of working time") % {
        "target": duration(explanation.target, gettext=gettext)
    }
    met = [*_span_lines(explanation, gettext), *_day_lines(explanation.special_days, gettext)]
    met += _clock_change_lines(explanation.clock_changes, gettext)
    yield from (text for _place, text in sorted(met, key=lambda line: line[0]))
    yield gettext("Due: %(moment)s (%(zone)s)") % {
        "moment": moment(explanation.due, gettext),
        "zone": explanation.zone,
    }


def _span_lines(explanation: Explanation, gettext: Gettext) -> Iterator[Placed]:
    left = explanation.target
    spans: list[ExplainedPause | CountedBlock] = [*explanation.pauses, *explanation.blocks]
    for span in sorted(spans, key=lambda span: span.start):
        place = span.start.date(), WITHIN, span.start
        if isinstance(span, ExplainedPause):
            yield place, _pause_line(span, gettext)
            continue
        left -= span.seconds
        yield (
            place,
            gettext("Counted: %(span)s = %(counted)s, %(left)s left")
            % {
                "span": _span(span.start, span.end, gettext),
                "counted": duration(span.seconds, gettext=gettext),
                "left": duration(left, gettext=gettext),
            },
        )


def _pause_line(pause: ExplainedPause, gettext: Gettext) -> str:
    told = gettext("Paused: %(span)s = %(taken)s of working time not counted") % {
        "span": _span(pause.start, pause.end, gettext),
        "taken": duration(pause.seconds, gettext=gettext),
    }
    return f"{told} ({pause.reason})" if pause.reason else told


def _day_lines(days: Sequence[SpecialDay], gettext: Gettext) -> Iterator[Placed]:
    # Dates in a row that share everything, such as a weekend, make one line.
    numbered = groupby(enumerate(days), lambda at: (at[1].on.toordinal() - at[0], at[1].name, at[1].hours))
    for _, run in numbered:
        group = [day for _, day in run]
        first, last = group[0], group[-1]
        dates = _date(first.on, gettext)
        if last is not first:
            dates = gettext("%(first)s through %(last)s") % {"first": dates, "last": _date(last.on, gettext)}
        name = f" ({first.name})" if first.name else ""
        place = first.on, ALL_DAY
        if first.is_closed:
            yield place, gettext("Closed: %(dates)s") % {"dates": dates} + name
        else:
            hours = ", ".join(f"{opening}-{closing}" for opening, closing in first.hours)
            told = gettext("Other hours: %(dates)s, %(hours)s") % {"dates": dates, "hours": hours}
            yield place, told + name


def _clock_change_lines(changes: Sequence[tuple[date, int]], gettext: Gettext) -> Iterator[Placed]:
    for day, length in changes:
        values = {"day": _date(day, gettext), "length": duration(length, gettext=gettext)}
        yield (day, ALL_DAY), gettext("Clock change: %(day)s has %(length)s") % values


def _span(start: datetime, end: datetime, gettext: Gettext) -> str:
    same_day = start.date() == end.date()
    return gettext("%(first)s to %(last)s") % {
        "first": moment(start, gettext),
        "last": _time(end) if same_day else moment(end, gettext),
    }


def _date(on: date, gettext: Gettext) -> str:
    return f"{_weekday(on, gettext)} {on.day} {_month(on, gettext)} {on.year}"


def _time(at: datetime) -> str:
    # What is left of a second carries no decision; the data beside the words have it.
    return at.strftime("%H:%M:%S" if at.second else "%H:%M")


def _weekday(on: date, gettext: Gettext) -> str:
    return (
        gettext("Mon"),
        gettext("Tue"),
        gettext("Wed"),
        gettext("Thu"),
        gettext("Fri"),
        gettext("Sat"),
        gettext("Sun"),
    )[on.weekday()]


def _month(on: date, gettext: Gettext) -> str:
    return (
        gettext("Jan"),
        gettext("Feb"),
        gettext("Mar"),
        gettext("Apr"),
        gettext("May"),
        gettext("Jun"),
        gettext("Jul"),
        gettext("Aug"),
        gettext("Sep"),
        gettext("Oct"),
        gettext("Nov"),
        gettext("Dec"),
    )[on.month - 1]
