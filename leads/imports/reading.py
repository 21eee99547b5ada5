"""A stored file as rows of text, whatever its encoding and delimiter. Judges content, not the file's name."""

from __future__ import annotations

import codecs
import csv
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.imports import spreadsheet
from smarketing import words

MAX_BYTES = 100 * 1024 * 1024
MAX_ROWS = 1_000_000
MAX_COLUMNS = 200
SAMPLE = 1024 * 1024
DELIMITERS = [",", ";", "\t", "|"]
MISTAKEN_FOR_TABLES = {
    b"\xd0\xcf\x11\xe0": gettext_lazy(
        "This is an Excel file of the old kind (.xls). Save it as .xlsx or CSV."
    ),
    b"%PDF": gettext_lazy("This is a PDF. Export the table as CSV or Excel (.xlsx)."),
}

csv.field_size_limit(MAX_BYTES)  # a huge cell is refused with its row, not with the file


class Unreadable(Exception):
    """The file cannot be read as a table of leads; the message says why and what to do."""


def examine(original: Path) -> dict[str, Any]:
    """How to read this file: its layout, with the headers and the number of rows. A spreadsheet is turned into text beside it."""
    size = original.stat().st_size
    if size == 0:
        raise Unreadable(_("The file is empty."))
    if size > MAX_BYTES:
        raise Unreadable(_("The file is larger than %(limit)s MB. Split it.") % {"limit": MAX_BYTES >> 20})
    with original.open("rb") as file:
        sample = file.read(SAMPLE)
    layout: dict[str, Any] = {"spreadsheet": False, "notes": []}
    text = original
    if sample.startswith(b"PK\x03\x04"):
        text = original.with_name("sheet.csv")
        layout |= {"spreadsheet": True, "notes": _convert(original, text)}
        layout |= {"encoding": "utf-8", "errors": "strict", "delimiter": ","}
    else:
        for beginning, advice in MISTAKEN_FOR_TABLES.items():
            if sample.startswith(beginning):
                raise Unreadable(str(advice))
        layout |= _encoding(original, sample)
        layout["delimiter"] = _delimiter(text, layout)
    layout |= _headers(text, layout)
    return layout


def rows(text: Path, layout: dict[str, Any], *, size: int) -> Iterator[list[tuple[int, list[str]]]]:
    """The rows below the headers in lists of `size`, each with its number as a spreadsheet shows it; blank rows are left out.

    When a quotation mark in the last row is never closed, that row ends with UNCLOSED, so that it is refused and not taken for data.
    """
    width = len(layout["headers"])
    with _open(text, layout) as file:
        reader = csv.reader(_lines(file, layout), delimiter=layout["delimiter"])
        batch: list[tuple[int, list[str]]] = []
        began = 0
        for number, cells in enumerate(reader, start=1):
            if number > layout["header_row"] and any(cells):
                if len(batch) >= size:
                    yield batch
                    batch = []
                batch.append((number, cells))
                last_began = began
            began = reader.line_num
        if batch:
            if last_began < began and _quote_left_open(text, layout, last_began):
                number, cells = batch[-1]
                batch[-1] = (number, [*cells, *[""] * (width - len(cells)), UNCLOSED])
            yield batch


UNCLOSED = "\x00unclosed quotation mark"  # no cell can hold a NUL: they are taken out on reading


def examples(text: Path, layout: dict[str, Any], *, count: int = 3) -> list[list[str]]:
    """For each column, its first few different values."""
    seen: list[list[str]] = [[] for _name in layout["headers"]]
    for batch in islice(rows(text, layout, size=200), 1):
        for _number, cells in batch:
            for known, cell in zip(seen, cells, strict=False):
                value = cell.strip()
                if value and len(known) < count and value[:80] not in known:
                    known.append(value[:80])
    return seen


# Mechanics


def _convert(original: Path, text: Path) -> list[str]:
    """The first filled sheet as text, made by a child process that may use little memory and time."""
    try:
        spreadsheet.refuse_bombs(original)
    except zipfile.BadZipFile as error:
        raise Unreadable(_("The Excel file is damaged and cannot be opened.")) from error
    except spreadsheet.TooBig as error:
        raise Unreadable(
            _("The Excel file unpacks to more than is allowed (%(limit)s MB). Save it as CSV.")
            % {"limit": spreadsheet.MAX_UNPACKED >> 20}
        ) from error
    except spreadsheet.NotASpreadsheet as error:
        raise Unreadable(
            _("This is a zip archive, not a table. Upload the CSV or Excel file itself.")
        ) from error
    command = [sys.executable, "-I", spreadsheet.__file__, str(original), str(text)]
    try:
        child = subprocess.run(command, capture_output=True, timeout=spreadsheet.MAX_SECONDS + 10, env={})
    except subprocess.TimeoutExpired as error:
        raise Unreadable(_("The Excel file takes too long to read. Save it as CSV.")) from error
    if child.returncode:
        raise Unreadable(_("The Excel file cannot be read: it is damaged or too large. Save it as CSV."))
    others = int(child.stdout.strip() or 0)
    return (
        [_("Only the first filled sheet is read; the file has %(count)s more.") % {"count": others}]
        if others
        else []
    )


def _encoding(path: Path, sample: bytes) -> dict[str, Any]:
    if sample.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    elif sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif sample[1::2].count(0) > len(sample) * 0.15:
        candidates = ["utf-16-le"]
    elif sample[0::2].count(0) > len(sample) * 0.15:
        candidates = ["utf-16-be"]
    else:
        candidates = ["utf-8", "cp1252"]
        if len(re.findall(rb"[\x01-\x08\x0e-\x1f]", sample)) > len(sample) * 0.01:
            raise Unreadable(_("This is not a table of text. Upload a CSV or Excel (.xlsx) file."))
    found = {"encoding": candidates[0], "errors": "strict", "notes": []}
    if _decodes(path, candidates[0]):
        return found
    well_formed = len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]{1,3}", sample))
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    if "cp1252" in candidates and broken * 10 > well_formed and _decodes(path, "cp1252"):
        return found | {"encoding": "cp1252"}
    if candidates[0] == "utf-16" or "utf-16" in candidates[0] or broken * 10 > well_formed:
        raise Unreadable(
            _("The letters of this file cannot be read: its encoding is broken. Save it again as CSV UTF-8.")
        )
    notes = [_("Some letters could not be read and are shown as \ufffd.")]
    return found | {"errors": "replace", "notes": notes}


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while piece := file.read(SAMPLE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _delimiter(text: Path, layout: dict[str, Any]) -> str:
    """The one that cuts the first rows into the most columns, the same number in most rows."""
    with _open(text, layout) as file:
        first = file.read(64 * 1024).replace("\x00", "")
    if told := re.match(r"sep=(.)\r?\n", first):
        return told[1]

    def score(delimiter: str) -> float:
        widths = Counter(
            len(row) for row in islice(csv.reader(first.splitlines(True), delimiter=delimiter), 30) if row
        )
        if not widths:
            return 0
        width, times = widths.most_common(1)[0]
        return (width - 1) * times / widths.total()

    return max(DELIMITERS, key=score)


def _headers(text: Path, layout: dict[str, Any]) -> dict[str, Any]:
    """The first filled row, and how many rows follow it."""
    headers: list[str] = []
    header_row = count = 0
    with _open(text, layout) as file:
        reader = csv.reader(_lines(file, layout), delimiter=layout["delimiter"])
        for number, cells in enumerate(reader, start=1):
            if not any(cells) or (number == 1 and re.fullmatch(r"sep=.?", "".join(cells))):
                continue
            if not headers:
                headers, header_row = [" ".join(cell.split()) for cell in cells], number
            else:
                count += 1
    while headers and not headers[-1]:
        headers.pop()
    if not headers:
        raise Unreadable(_("The file is empty."))
    if count == 0:
        raise Unreadable(_("The file has headers but no rows."))
    if count > MAX_ROWS:
        raise Unreadable(
            _("The file has more than %(limit)s rows. Split it.") % {"limit": words.number(MAX_ROWS)}
        )
    if len(headers) > MAX_COLUMNS:
        raise Unreadable(_("The file has more than %(limit)s columns.") % {"limit": MAX_COLUMNS})
    if any(len(header) > 200 for header in headers):
        raise Unreadable(
            _("The first row is not a row of headers: one of its cells is longer than 200 characters.")
        )
    doubles = [name for name, times in Counter(filter(None, headers)).items() if times > 1]
    if doubles:
        raise Unreadable(
            _("Two columns have the same header: “%(name)s”. Rename or remove one.")
            % {"name": doubles[0][:80]}
        )
    named = [
        header or _("Column %(number)s") % {"number": place} for place, header in enumerate(headers, start=1)
    ]
    return {"headers": named, "header_row": header_row, "rows": count}


def _open(text: Path, layout: dict[str, Any]) -> TextIO:
    return text.open(encoding=layout["encoding"], errors=layout["errors"], newline="")


def _lines(file: TextIO, layout: dict[str, Any]) -> Iterator[str]:
    """Lines without NUL bytes, which no text column of a database can hold."""
    return (line.replace("\x00", "") if "\x00" in line else line for line in file)


def _quote_left_open(text: Path, layout: dict[str, Any], start_line: int) -> bool:
    with _open(text, layout) as file:
        rest = islice(_lines(file, layout), start_line, None)
        try:
            for _cells in csv.reader(rest, delimiter=layout["delimiter"], strict=True):
                pass
        except csv.Error as error:
            return "unexpected end of data" in str(error)
    return False
