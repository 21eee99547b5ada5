"""Which days a figure is about. Days are those of the company's zone; a period is half open: from its first day, before its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from smarketing import words


class UnknownPeriod(ValueError):
    """Dates that cannot be read, or an end before the beginning."""


@dataclass(frozen=True)
class Period:
    """`first` and `end` are dates; None is open: all time."""

    first: date | None = None
    end: date | None = None

    @property
    def starts_at(self) -> datetime | None:
        return _midnight(self.first)

    @property
    def ends_at(self) -> datetime | None:
        return _midnight(self.end)

    @property
    def first_day(self) -> date:
        """Of a period that is known to begin, such as a month."""
        assert self.first
        return self.first

    @property
    def last(self) -> date | None:
        return self.end - timedelta(days=1) if self.end else None

    @property
    def month(self) -> Period:
        """The calendar month in which the period ends, or the present one when it has no end."""
        return month_of(self.last or timezone.localdate())

    def before(self) -> Period | None:
        """The period of the same length just before: the month before a month, else as many days."""
        if not (self.first and self.end):
            return None
        if self == month_of(self.first):
            return month_of(self.first - timedelta(days=1))
        return Period(self.first - (self.end - self.first), self.first)

    def as_parameters(self, name: str = "captured") -> dict[str, str]:
        """What narrows the list of leads to this period by that moment."""
        bounds = {f"{name}_from": self.first, f"{name}_to": self.end}
        return {key: day.isoformat() for key, day in bounds.items() if day}

    def in_words(self) -> str:
        if not (self.first and self.end):
            return (
                _("All time")
                if not self.first and not self.end
                else f"{self.first or '…'} – {self.last or '…'}"
            )
        return f"{words.short_date(self.first)} – {words.short_date(self.last)}"


def month_of(day: date) -> Period:
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=32)).replace(day=1))


def read_month(text: str) -> Period:
    """The month that is written as 2026-11. Raises `UnknownPeriod`."""
    day = _read_day(f"{text[:7]}-01")
    assert day is not None
    return month_of(day)


def months_back(period: Period, count: int) -> list[Period]:
    """`count` calendar months, the last one being `period`'s month; oldest first."""
    months = [period.month]
    for _step in range(count - 1):
        first = months[0].first
        assert first is not None
        months.insert(0, month_of(first - timedelta(days=1)))
    return months


def named(name: str, today: date) -> Period | None:
    """The periods that people ask for by name; None for a name that is none."""
    this_month = month_of(today)
    first_of_quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    choices = {
        "this_month": this_month,
        "last_month": this_month.before(),
        "this_quarter": Period(first_of_quarter, _add_months(first_of_quarter, 3)),
        "this_year": Period(today.replace(month=1, day=1), date(today.year + 1, 1, 1)),
        "last_12_months": Period(_add_months(this_month.first or today, -11), this_month.end),
        "all": Period(),
    }
    return choices.get(name)


def choices() -> list[tuple[str, str]]:
    return [
        ("this_month", _("This month")),
        ("last_month", _("Last month")),
        ("this_quarter", _("This quarter")),
        ("this_year", _("This year")),
        ("last_12_months", _("Last 12 months")),
        ("all", _("All time")),
    ]


def read(parameters: Mapping[str, str], *, today: date, default: str = "this_month") -> Period:
    """The period that an address asks for: `from` and `to` (exclusive), or `period` by name. Raises `UnknownPeriod`."""
    if parameters.get("from") or parameters.get("to"):
        period = Period(_read_day(parameters.get("from")), _read_day(parameters.get("to")))
        if period.first and period.end and period.end <= period.first:
            raise UnknownPeriod(_("The period ends before it begins."))
        return period
    name = parameters.get("period") or default
    period_by_name = named(name, today)
    if period_by_name is None:
        raise UnknownPeriod(_("There is no period “%(name)s”.") % {"name": name[:40]})
    return period_by_name


def _read_day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise UnknownPeriod(
            _("“%(text)s” is no date; write it as 2026-11-23.") % {"text": text[:40]}
        ) from None
    if not 1900 < day.year < 2200:
        raise UnknownPeriod(_("The year %(year)s is too far away.") % {"year": day.year})
    return day


def _add_months(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone()) if day else None
