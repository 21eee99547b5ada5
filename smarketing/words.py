"""Times, spans, numbers and money as people read them, in English and Dutch.

One place for the words, so that a page, an e-mail and the countdown in the browser say the same; to whoever reads now (`voice.py`,
where spans and moments are put into words). Spans are working time: a day is a working day, not 24 hours.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import numbers
from django.utils.translation import get_language, gettext, ngettext

from smarketing.voice import NBSP, NOTHING, WORKING_DAY, Number, clock_units, locale_of, voice


def locale() -> str:
    """The Babel locale for the active language."""
    return locale_of(get_language() or "en")


# Spans


def working_duration(seconds: Number | None, day: int = WORKING_DAY) -> str:
    """`1 h 20 m`, `5 h`, `2 d 3 h`, `< 1 m`; a dash for nothing."""
    return voice().working_duration(seconds, day)


def spoken_duration(seconds: Number, day: int = WORKING_DAY) -> str:
    """The same for a voice: `1 hour 20 minutes`."""
    return voice().spoken_duration(seconds, day)


def clock_words() -> dict[str, Any]:
    """All that due-in.js needs to say what this module says. `%s` stands for the span or the moment."""
    return {
        **clock_units(voice()),
        "left": gettext("%s left"),
        "late": gettext("Late by %s"),
        "paused": gettext("paused until %s"),
        "saidLeft": gettext("Due in %(span)s, %(moment)s"),
        "saidLate": gettext("Late by %(span)s, was due %(moment)s"),
        "saidPaused": gettext("%(span)s left, paused until %(moment)s"),
        "at": gettext("at %s"),
        "less": gettext("less than a minute"),
        "day": [ngettext("%(n)s working day", "%(n)s working days", n) for n in (1, 2)],
        "hour": [ngettext("%(n)s hour", "%(n)s hours", n) for n in (1, 2)],
        "minute": [ngettext("%(n)s minute", "%(n)s minutes", n) for n in (1, 2)],
        "soon": gettext("%s is due soon"),
        "isLate": gettext("%s is late"),
    }


# Moments


def due_time(moment: datetime | None, now: datetime | None = None) -> str:
    """`16:20` today, `Tue 11:00` within six days, `Tue 1 Dec 11:00` beyond, with the year when it is another one."""
    return voice().due_time(moment, now)


def spoken_moment(moment: datetime, now: datetime | None = None) -> str:
    """`at 16:20`, or `on Tuesday 1 December at 11:00`."""
    return voice().spoken_moment(moment, now)


def full_moment(moment: datetime | None) -> str:
    """`Tuesday 1 December 2026 11:00`: for titles, where nothing may be left to guess."""
    return voice().full_moment(moment)


def wall_time(moment: datetime) -> datetime:
    """The moment in the zone of whoever reads."""
    return voice().wall_time(moment)


def short_date(day: Any) -> str:
    """`23 Nov 2026`, `23 nov 2026`."""
    return voice().short_date(day)


def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """`3 hours ago` within seven days, then the date. Wall time: people remember days, not working hours."""
    return voice().ago(moment, now)


# Numbers


def ordinal(n: int) -> str:
    """`2nd`, `3rd`; in Dutch `2e`."""
    if locale() == "nl":
        return f"{n}e"
    teens = 10 < n % 100 < 14
    return f"{n}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def number(value: Number | None, digits: int = 0) -> str:
    """`1,204` in English, `1.204` in Dutch; half to even, as Babel does it, without what Babel needs for all other languages.

    Exact whatever its size: quantizing, as `round` and Babel do it, fails where there are more digits than the context of
    `decimal` has (28); formatting has no such limit.
    """
    if value is None:
        return NOTHING
    if type(value) is int and not digits:
        text = f"{value:,}"  # most numbers are counts
    else:
        exact = Decimal(value) if isinstance(value, int | Decimal) else Decimal(str(value))
        text = f"{exact:z,.{digits}f}"  # z: there is no minus nothing
    return text.translate(DUTCH) if locale() == "nl" else text


DUTCH = str.maketrans(",.", ".,")


def money(amount: Number | None, currency: str = "EUR", cents: bool = True) -> str:
    """`€1,234.50` in English, `€ 1.234,50` in Dutch."""
    return NOTHING if amount is None else _money(amount, currency, cents, locale())


@lru_cache(maxsize=4096)
def _money(amount: Number, currency: str, cents: bool, language: str) -> str:
    """A table says the same amounts again on the next visit."""
    if cents:
        return numbers.format_currency(amount, currency, locale=language)
    pattern = "¤#,##0" if language == "en_GB" else "¤ #,##0;¤ -#,##0"
    return numbers.format_currency(amount, currency, pattern, locale=language, currency_digits=False)


def short_money(amount: Number | None, currency: str = "EUR") -> str:
    """`€84k`, `€1.2M`: for a headline, with the exact amount beside or behind it."""
    if amount is None:
        return NOTHING
    digits = 1 if len(str(abs(int(amount)))) % 3 == 1 else 0
    return numbers.format_compact_currency(amount, currency, fraction_digits=digits, locale=locale()).replace(
        "K", "k"
    )


def percent(share: Number | None, digits: int = 0) -> str:
    """A share of one as `57%` or, in Dutch, `57 %`; division by nothing arrives as None and is a dash, never 0%."""
    if share is None:
        return NOTHING
    gap = NBSP if locale() == "nl" else ""
    return f"{number(Decimal(str(share)) * 100, digits)}{gap}%"
