"""Opening hours as a person writes them, checked and turned into seconds of the local day.

Knows the text ("09:00", "24:00", a shift past midnight) and says in a plain sentence what is wrong with it.
Knows no time zone and no calendar date beyond the keys it is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time

TimeOfDay = str | time
Interval = tuple[TimeOfDay, TimeOfDay]
Span = tuple[int, int]

DAY = 86_400
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")


def gettext_noop(message: str) -> str:
    """Marks words for translation where they are written; they are translated where they are shown."""
    return message


WEEKDAYS = (
    gettext_noop("Monday"),
    gettext_noop("Tuesday"),
    gettext_noop("Wednesday"),
    gettext_noop("Thursday"),
    gettext_noop("Friday"),
    gettext_noop("Saturday"),
    gettext_noop("Sunday"),
)


class InvalidCalendar(ValueError):
    """The hours cannot be used. Reads as a sentence; a form shows `sentence(gettext)`.

    `problem` is a %-template for `values`; `day` is a weekday (Monday is 0), a date, or None when neither is to blame.
    """

    def __init__(self, problem: str, *, day: int | date | None = None, **values: object) -> None:
        self.problem = problem
        self.values = values
        self.day = day
        super().__init__(self.sentence())

    def sentence(self, gettext: Callable[[str], str] = str) -> str:
        """What is wrong and on which day, in the language of the `gettext` that is given."""
        said = gettext(self.problem) % self.values
        if self.day is None:
            return said
        name = self.day.isoformat() if isinstance(self.day, date) else gettext(WEEKDAYS[self.day])
        return f"{name}: {said}"


def hours_by_weekday(week: Mapping[int, Iterable[Interval]]) -> tuple[tuple[Span, ...], ...]:
    """Seven entries, Monday first; a weekday that is not mentioned is closed."""
    for weekday in week:
        if not isinstance(weekday, int) or weekday not in range(7):
            raise InvalidCalendar(
                gettext_noop("%(weekday)r is not a weekday: Monday is 0, Sunday is 6."), weekday=weekday
            )
    return tuple(hours_of_day(week.get(weekday, ()), day=weekday) for weekday in range(7))


def hours_by_date(overrides: Mapping[date, Iterable[Interval]]) -> dict[date, tuple[Span, ...]]:
    for day in overrides:
        if not isinstance(day, date) or isinstance(day, datetime):
            raise InvalidCalendar(gettext_noop("%(given)r is not a date."), given=day)
    return {day: hours_of_day(intervals, day=day) for day, intervals in sorted(overrides.items())}


def hours_of_day(intervals: Iterable[Interval], *, day: int | date) -> tuple[Span, ...]:
    """The day's hours in order, as seconds from its local midnight; a night shift ends beyond 24 hours."""
    if isinstance(intervals, str) or not isinstance(intervals, Iterable):
        raise InvalidCalendar(gettext_noop("%(given)r is not a list of intervals."), day=day, given=intervals)
    return tuple(sorted(_span(interval, day=day) for interval in intervals))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans that overlap or touch become one. Expects them in order of their beginning."""
    result: list[Span] = []
    for begin, end in spans:
        if result and begin <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((begin, end))
    return tuple(result)


def as_text(span: Span) -> tuple[str, str]:
    """The interval as a person would write it; an end beyond midnight is the next day's time."""
    begin, end = span
    return _clock(begin), _clock(end if end <= DAY else end - DAY)


def _span(interval: Interval, *, day: int | date) -> Span:
    if isinstance(interval, str) or not isinstance(interval, Sequence) or len(interval) != 2:
        raise InvalidCalendar(
            gettext_noop("%(given)r is not an opening and a closing time."), day=day, given=interval
        )
    opening, closing = (_seconds(given, day=day, interval=interval) for given in interval)
    if opening == DAY:
        raise InvalidCalendar(
            gettext_noop("%(interval)s cannot open at 24:00; write 00:00 on the next day."),
            day=day,
            interval=_shown(interval),
        )
    return opening, closing if closing > opening else closing + DAY


def _seconds(given: TimeOfDay, *, day: int | date, interval: Interval) -> int:
    text = given.isoformat() if isinstance(given, time) and given.tzinfo is None else given
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (99, 0, 0)
    moment = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or moment > DAY:
        raise InvalidCalendar(
            gettext_noop("in %(interval)s, %(given)r is not a time of day; write 09:00, 09:00:30 or 24:00."),
            day=day,
            interval=_shown(interval),
            given=given,
        )
    return moment


def _shown(interval: Interval) -> str:
    return f"{interval[0]}-{interval[1]}"


def _clock(seconds: int) -> str:
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text
