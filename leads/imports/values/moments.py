"""Cells with a date or a moment, in the notations that people and programs write."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from leads.imports.values.remarks import Cells, Reader, Remarks

_ISO = re.compile(r"\d{4}[-/]\d\d?[-/]\d\d?|\d{8}$")
_NUMERIC_DATE = re.compile(
    r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?:[ T,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?\s*([AaPp])?\.?[Mm]?\.?)?"
)
_WORDED_DATE = re.compile(
    r"(?:[^\W\d]+,? )?(?:(\d{1,2})\.?(?: de)? ([^\W\d]{3,})\.?,?|([^\W\d]{3,})\.? (\d{1,2})(?:st|nd|rd|th)?,?)(?: de)? (\d{4})(?:[ ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp])?[Mm]?)?"
)
_SHORT_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](.*))?")
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan",
            "feb fev",
            "mar maa mrt",
            "apr abr",
            "may mei mai",
            "jun",
            "jul",
            "aug ago",
            "sep set",
            "oct okt out",
            "nov",
            "dec dez",
        ],
        start=1,
    )
    for name in names.split()
}


def date_order(cells: Iterable[str]) -> str:
    """Whether 03/04/26 is day first ("DMY") or month first ("MDY"); "" when no cell of the column tells, "ISO" when none asks."""
    asked = False
    day_first = month_first = 0
    for cell in set(cells):
        found = _NUMERIC_DATE.match(cell.strip())
        if not found:
            continue
        asked = True
        first, second = int(found[1]), int(found[2])
        day_first += first > 12 >= second
        month_first += second > 12 >= first
    if not asked:
        return "ISO"
    if day_first == month_first:
        return ""
    return "DMY" if day_first > month_first else "MDY"


def moment(column: str, *, order: str = "DMY", date_format: str = "") -> Reader:
    """A moment as text that PostgreSQL reads in the company's zone; a date alone is its midnight."""
    known: dict[str, str | None] = {"": None}

    def one(cell: str) -> str:
        parsed = datetime.strptime(cell, date_format) if date_format else _parse_moment(cell, order)  # noqa: DTZ007
        if not 1900 <= parsed.year <= 2199:
            raise ValueError(cell)
        return parsed.isoformat(sep=" ")

    def read(cells: Cells, remarks: Remarks) -> list[Any]:
        values: list[str | None] = []
        for place, cell in enumerate(cells):
            if cell not in known:
                if len(known) > 100_000:
                    known.clear()
                    known[""] = None
                try:
                    known[cell] = one(cell)
                except (ValueError, OverflowError):
                    remarks.refuse(place, "not_a_date", column, cell)
                    values.append(None)
                    continue
            values.append(known[cell])
        return values

    return read


def _parse_moment(cell: str, order: str) -> datetime:
    if _ISO.match(cell):
        try:
            return datetime.fromisoformat(cell)
        except ValueError:
            if found := _SHORT_ISO.fullmatch(cell):
                rest = found[4] or "00:00"
                return datetime.fromisoformat(f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}T{rest:0>5}")
            raise
    if found := _NUMERIC_DATE.fullmatch(cell):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        day, month = (second, first) if order == "MDY" else (first, second)
        clock = found.groups()[3:]
    elif found := _WORDED_DATE.fullmatch(cell):
        month = _MONTHS.get((found[2] or found[3])[:3].lower(), 0)
        day, year = int(found[1] or found[4]), int(found[5])
        clock = found.groups()[5:]
    else:
        raise ValueError(cell)
    if year < 100:
        year += 2000 if year < 70 else 1900
    hour = int(clock[0] or 0)
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].lower() == "p" else 0)
    return datetime(year, month, day, hour, int(clock[1] or 0), int(clock[2] or 0))  # noqa: DTZ001
