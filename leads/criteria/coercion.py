"""How a fact, whatever form it came in, is read as text, number, yes or no, or day.

One definition in two languages: this file for one lead, `coercion_sql.py` for many. `tests/leads/criteria/test_rules_agree.py` proves them equal.
What cannot be read for certain is None, which means unknown: "12a" is no number, and "1.500" may be 1.5 or 1500, so nobody guesses.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

WHITESPACE = " \t\n\r\f\v\u00a0"

# Letters with one lower-case partner, as a table of our own: lower() of Python and of each database locale differ at the edges.
CAPITALS = "".join(
    c for c in map(chr, range(0x80, 0x590)) if c.isupper() and len(c.lower()) == 1 and c.lower() != c
)
SMALL = "".join(c.lower() for c in CAPITALS)
_FOLD = str.maketrans(CAPITALS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ", SMALL + "abcdefghijklmnopqrstuvwxyz")

YES_WORDS = ("yes", "ja", "true", "y", "j", "on", "1")
NO_WORDS = ("no", "nee", "false", "n", "off", "0")

NUMBER = r"[+-]?[0-9]{1,30}([.,][0-9]{1,20})?"
AMBIGUOUS_NUMBER = r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}"
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
OFFSET = r"[+-](0[0-9]|1[0-4]):?[0-5][0-9]"
ISO_DAY = r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
ISO_MOMENT = rf"{ISO_DAY}[t ]{CLOCK}(:[0-5][0-9]([.,][0-9]{{1,9}})?)?(z|{OFFSET})?"
DUTCH_DAY = r"(0?[1-9]|[12][0-9]|3[01])-(0?[1-9]|1[0-2])-[12][0-9]{3}"

_SEPARATORS = str.maketrans(",|\n", ";;;")


def fold(text: str) -> str:
    """The text without regard to case, composed accents and space around it."""
    return unicodedata.normalize("NFC", text).translate(_FOLD).strip(WHITESPACE)


def words(value: Any) -> tuple[str, ...] | None:
    """The text of a value, or of each item of a list; None when there is nothing to read."""
    value = _as_stored(value)
    found = tuple(word for item in (value if isinstance(value, list) else [value]) if (word := _word(item)))
    return found or None


def items(value: Any) -> tuple[str, ...] | None:
    """As `words`, and a text such as "quote; demo" counts as a list."""
    found = tuple(
        item
        for word in words(value) or ()
        for part in word.translate(_SEPARATORS).split(";")
        if (item := part.strip(WHITESPACE))
    )
    return found or None


def number(value: Any) -> Decimal | None:
    value = _only(_as_stored(value))
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _exact(value)
    text = fold(value) if isinstance(value, str) else ""
    if not re.fullmatch(NUMBER, text) or re.fullmatch(AMBIGUOUS_NUMBER, text):
        return None
    return Decimal(text.replace(",", "."))


def yes_no(value: Any) -> bool | None:
    word = _word(_only(_as_stored(value)))
    return True if word in YES_WORDS else False if word in NO_WORDS else None


def day(value: Any, zone: ZoneInfo) -> date | None:
    """The calendar day in the company's zone; a moment without an offset is already there."""
    value = _only(_as_stored(value))
    text = fold(value) if isinstance(value, str) else ""
    if re.fullmatch(ISO_DAY, text):
        return _day(text[:4], text[5:7], text[8:10])
    if re.fullmatch(DUTCH_DAY, text):
        return _day(*reversed(text.split("-")))
    if re.fullmatch(ISO_MOMENT, text):
        return _day_of_moment(text, zone)
    return None


def _as_stored(value: Any) -> Any:
    """The value as it comes back from the database: days, moments and decimals are texts there."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list | tuple | set | frozenset):
        return [_as_stored(item) for item in value]
    return value


def _only(value: Any) -> Any:
    """A list of one item counts as that item; a longer one is no single value."""
    if not isinstance(value, list):
        return value
    return value[0] if len(value) == 1 else None


def _word(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return plain_number(_exact(value))
    return (fold(value) or None) if isinstance(value, str) else None


def plain(value: Any) -> Any:
    """A number as the text that `words` would read; anything else as it is."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return plain_number(_exact(value)) if is_number else value


def _exact(value: int | float) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def plain_number(value: Decimal) -> str:
    """Without exponent, sign of nothing, and zeros behind the point."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _day(year: str, month: str, day_of_month: str) -> date | None:
    try:
        return date(int(year), int(month), int(day_of_month))
    except ValueError:
        return None


def _day_of_moment(text: str, zone: ZoneInfo) -> date | None:
    on = _day(text[:4], text[5:7], text[8:10])
    offset = re.search(rf"(z|{OFFSET})$", text[10:])
    if on is None or offset is None:
        return on
    suffix = "+00:00" if offset.group() == "z" else offset.group()
    return (
        datetime.fromisoformat(f"{on.isoformat()}T{text[11:16]}{_with_colon(suffix)}").astimezone(zone).date()
    )


def _with_colon(offset: str) -> str:
    return offset if ":" in offset else f"{offset[:3]}:{offset[3:]}"


def any_of(wanted: Iterable[str], found: tuple[str, ...] | None) -> bool | None:
    """Whether one of the wanted words was found; unknown when nothing is known."""
    return None if found is None else not set(wanted).isdisjoint(found)
