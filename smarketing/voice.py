"""How one reader is spoken to: in which language, by which clock on the wall. Spans and moments as this reader reads them.

Django finds the language and the zone of whoever is served now in several steps, each time it is asked; a list of fifty rows asks a
thousand times. Who writes many words asks once, with `voice()`, and says the rest with what it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from babel import dates
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation.trans_real import translation

NOTHING = "–"
WORKING_DAY = 8 * 3600
NBSP = "\u00a0"

Number = int | float | Decimal


def voice() -> Voice:
    """For whoever reads now. It stays right as long as he is served, and no longer."""
    return _known(get_language() or "en", timezone.get_current_timezone())


@dataclass(frozen=True)
class Voice:
    """Spans are working time: a day is a working day. What `now` is left out is this moment."""

    language: str
    zone: tzinfo

    @cached_property
    def locale(self) -> str:
        """Babel's; English is the British kind: day before month."""
        return locale_of(self.language)

    # Sentences

    @cached_property
    def _catalog(self) -> Any:
        return translation(self.language)

    def gettext(self, sentence: str) -> str:
        said: str = self._catalog.gettext(sentence)
        return said

    def ngettext(self, one: str, many: str, n: int) -> str:
        said: str = self._catalog.ngettext(one, many, n)
        return said

    def pgettext(self, context: str, sentence: str) -> str:
        said: str = self._catalog.pgettext(context, sentence)
        return said

    # Spans

    def working_duration(self, seconds: Number | None, day: int = WORKING_DAY) -> str:
        """`1 h 20 m`, `5 h`, `2 d 3 h`, `< 1 m`; a dash for nothing."""
        return NOTHING if seconds is None else _short_span(*span_parts(seconds, day), self.language)

    def spoken_duration(self, seconds: Number, day: int = WORKING_DAY) -> str:
        """The same for a voice: `1 hour 20 minutes`."""
        return _spoken_span(*span_parts(seconds, day), self.language)

    # Moments

    def wall_time(self, moment: datetime) -> datetime:
        """The moment in the reader's zone. A page asks it of the same moments again and again, and of its own "now" with each."""
        return _in_zone(moment, moment.fold, self.zone)

    def due_time(self, moment: datetime | None, now: datetime | None = None) -> str:
        """`16:20` today, `Tue 11:00` within six days, `Tue 1 Dec 11:00` beyond, with the year when it is another one."""
        if moment is None:
            return NOTHING
        local, today = self.wall_time(moment), self.wall_time(now or timezone.now())
        away = abs((local.date() - today.date()).days)
        if away == 0:
            pattern = "HH:mm"
        elif away < 7:
            pattern = "EEE HH:mm"
        elif local.year == today.year:
            pattern = "EEE d MMM HH:mm"
        else:
            pattern = "EEE d MMM y HH:mm"
        return self._date(local, pattern)

    def spoken_moment(self, moment: datetime, now: datetime | None = None) -> str:
        """`at 16:20`, or `on Tuesday 1 December at 11:00`."""
        local, today = self.wall_time(moment), self.wall_time(now or timezone.now())
        at = self.gettext("at %s") % self._date(local, "HH:mm")
        return at if local.date() == today.date() else f"{self._date(local, 'EEEE d MMMM')} {at}"

    def full_moment(self, moment: datetime | None) -> str:
        """`Tuesday 1 December 2026 11:00`: for titles, where nothing may be left to guess."""
        return NOTHING if moment is None else self._date(self.wall_time(moment), "EEEE d MMMM y HH:mm")

    def short_date(self, day: date | datetime | None) -> str:
        """`23 Nov 2026`, `23 nov 2026`."""
        if day is None:
            return NOTHING
        if isinstance(day, datetime):
            day = self.wall_time(day).date()
        return _short_date(day, self.locale)

    def ago(self, moment: datetime | None, now: datetime | None = None) -> str:
        """`3 hours ago` within seven days, then the date. Wall time: people remember days, not working hours."""
        if moment is None:
            return NOTHING
        passed = (now or timezone.now()) - moment
        if abs(passed) >= timedelta(days=7):
            return self.short_date(moment)
        seconds = abs(int(passed.total_seconds()))
        if seconds < 60:
            return self.gettext("just now")
        unit = 86_400 if seconds >= 86_400 else 3600 if seconds >= 3600 else 60
        return _so_many_ago(round(seconds / unit), unit, passed < timedelta(), self.locale)

    def _date(self, local: datetime, pattern: str) -> str:
        return _formatted(local.replace(tzinfo=None, second=0, microsecond=0), pattern, self.locale)


def locale_of(language: str) -> str:
    return "nl" if language.startswith("nl") else "en_GB"


def span_parts(seconds: Number, day: int = WORKING_DAY) -> tuple[int, int, int]:
    """Days, hours and minutes, at most two of them not zero: 1 d 2 h, never 1 d 2 h 3 m. Minutes are full minutes."""
    minutes = abs(int(seconds)) // 60
    days, rest = divmod(minutes, day // 60)
    hours, left = divmod(rest, 60)
    return days, hours, 0 if days else left


def clock_units(to: Voice) -> dict[str, str]:
    return {
        "d": to.pgettext("unit, short for day", "d"),
        "h": to.pgettext("unit, short for hour", "h"),
        "m": to.pgettext("unit, short for minute", "m"),
    }


# Mechanics


@lru_cache(maxsize=256)
def _known(language: str, zone: tzinfo) -> Voice:
    return Voice(language, zone)


@lru_cache(maxsize=4096)
def _short_span(days: int, hours: int, minutes: int, language: str) -> str:
    units = clock_units(Voice(language, UTC))
    parts = [f"{n}{NBSP}{units[unit]}" for n, unit in zip((days, hours, minutes), "dhm", strict=True) if n]
    return NBSP.join(parts) or f"<{NBSP}1{NBSP}{units['m']}"


@lru_cache(maxsize=4096)
def _spoken_span(days: int, hours: int, minutes: int, language: str) -> str:
    to = Voice(language, UTC)
    parts = [
        days and to.ngettext("%(n)s working day", "%(n)s working days", days) % {"n": days},
        hours and to.ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours},
        minutes and to.ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes},
    ]
    return " ".join(part for part in parts if part) or to.gettext("less than a minute")


@lru_cache(maxsize=8192)
def _in_zone(moment: datetime, _fold: int, zone: tzinfo) -> datetime:
    """The hour that comes twice in October is two moments that Python calls equal."""
    return timezone.localtime(moment, zone)


@lru_cache(maxsize=8192)
def _formatted(wall: datetime, pattern: str, locale: str) -> str:
    """Fifty rows say a hundred and fifty moments, to the minute, and the same ones again on the next page."""
    return dates.format_datetime(wall, pattern, locale=locale)


@lru_cache(maxsize=4096)
def _short_date(day: date, locale: str) -> str:
    return dates.format_date(day, "d MMM y", locale=locale)


@lru_cache(maxsize=512)
def _so_many_ago(count: int, unit: int, is_ahead: bool, locale: str) -> str:
    """`count` times the unit of so many seconds; 24 hours stay hours, as they are nearly a day and not one."""
    span, threshold = timedelta(seconds=count * unit), min(count, 2)
    return dates.format_timedelta(
        span if is_ahead else -span, add_direction=True, threshold=threshold, locale=locale
    )
