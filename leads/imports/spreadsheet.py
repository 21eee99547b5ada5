"""XLSX to text. Checked before it is opened, and read by a child process that may use little memory and time.

Run as a script (`python -I spreadsheet.py IN OUT`) it is the child; it knows nothing of Django then.
"""

from __future__ import annotations

import csv
import datetime
import resource
import sys
import zipfile
from pathlib import Path
from typing import Any

MAX_UNPACKED = 50 * 1024 * 1024
MAX_MEMBERS = 100
MAX_RATIO = 100
MAX_MEMORY = 300 * 1024 * 1024
MAX_SECONDS = 60


class TooBig(Exception):
    """It unpacks to more than we are willing to hold."""


class NotASpreadsheet(Exception):
    """A zip archive of something else."""


def refuse_bombs(path: Path) -> None:
    """The archive's own directory promises a reasonable size. (That it may lie is why the child has limits.)"""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    if "xl/workbook.xml" not in {member.filename for member in members}:
        raise NotASpreadsheet
    unpacked = sum(member.file_size for member in members)
    packed = max(path.stat().st_size, 1)
    if (
        unpacked > MAX_UNPACKED
        or len(members) > MAX_MEMBERS
        or (unpacked > 1024 * 1024 and unpacked / packed > MAX_RATIO)
    ):
        raise TooBig


def convert(original: str, text: str) -> int:
    """Writes the first filled sheet as UTF-8 CSV; returns how many other filled sheets there are."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(original)
    filled = [name for name in book.sheet_names if book.get_sheet_by_name(name).total_height]
    with open(text, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if filled:
            sheet = book.get_sheet_by_name(filled[0])
            writer.writerows([_text(cell) for cell in row] for row in sheet.iter_rows())
    return max(len(filled) - 1, 0)


def _text(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 * MAX_UNPACKED, 4 * MAX_UNPACKED))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(convert(*sys.argv[1:3]))
