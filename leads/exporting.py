"""The one way in which lists leave as a file: CSV that a spreadsheet opens without running anything in it.

A text that a spreadsheet could take for a formula gets an apostrophe in front. `plain` takes it away again, so that what left
can come back unchanged. Numbers are written as numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.text import slugify

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
GUARD = "'"
BYTE_ORDER_MARK = "\ufeff"  # tells a spreadsheet that this is UTF-8


def cell(value: Any) -> str:
    """The value as text in a cell that stays text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return GUARD + text if _could_be_a_formula(text) else text


def plain(text: str) -> str:
    """What was in the cell before `cell` guarded it."""
    return text[1:] if text.startswith(GUARD) and _could_be_a_formula(text[1:]) else text


def lines(header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The file, line by line."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield BYTE_ORDER_MARK + writer.writerow([cell(name) for name in header])
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def csv_response(name: str, header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """A download called `name` and the day. `rows` may be a generator over a server-side cursor: nothing is held in memory."""
    said = _said_in(translation.get_language(), lines(header, rows))
    response = StreamingHttpResponse(said, content_type="text/csv; charset=utf-8")
    day = f"{timezone.localtime():%Y-%m-%d}"
    response["Content-Disposition"] = f'attachment; filename="{slugify(name) or "export"}-{day}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _said_in(language: str | None, written: Iterator[str]) -> Iterator[str]:
    """Lines are written when the server sends them, and then the request with its language is over."""
    while True:
        with translation.override(language):
            line = next(written, None)
        if line is None:
            return
        yield line


def _could_be_a_formula(text: str) -> bool:
    """Also behind apostrophes (so that guarding twice can be undone twice) and spaces (which some spreadsheets drop)."""
    return text.lstrip(GUARD + " \u00a0\u3000").startswith(STARTS_A_FORMULA)


class _Echo:
    """What the csv module writes to: hands each line back."""

    def write(self, text: str) -> str:
        return text
