"""Cells that stay words: one line, several lines, names."""

from __future__ import annotations

import re
from typing import Any

from leads.imports.values.remarks import Cells, Reader, Remarks

CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def short_text(column: str, limit: int) -> Reader:
    """One line of at most `limit` characters."""

    def read(cells: Cells, remarks: Remarks) -> list[Any]:
        if CONTROL.search(" ".join(cells)):
            cells = [" ".join(CONTROL.sub(" ", cell).split()) for cell in cells]
        if max(map(len, cells)) > limit:
            for place, cell in enumerate(cells):
                if len(cell) > limit:
                    remarks.warn(place, "cut_off", column, cell)
            return [cell[:limit].rstrip() or None for cell in cells]
        return [cell or None for cell in cells]

    return read


def identifier(column: str, limit: int) -> Reader:
    """As short text, but never cut off: half an identifier is another one."""

    def read(cells: Cells, remarks: Remarks) -> list[Any]:
        for place, cell in enumerate(cells):
            if len(cell) > limit:
                remarks.refuse(place, "too_long", column, cell)
        return short_text(column, limit)([cell[: limit + 1][:limit] for cell in cells], remarks)

    return read


def long_text(column: str) -> Reader:
    """Text with lines."""

    def read(cells: Cells, remarks: Remarks) -> list[Any]:
        if _CONTROL_BUT_LINES.search("\n".join(cells)):
            cells = [
                _CONTROL_BUT_LINES.sub(" ", cell.replace("\r\n", "\n").replace("\r", "\n")).strip()
                for cell in cells
            ]
        return [cell or None for cell in cells]

    return read


def split_name(cell: str) -> tuple[str | None, str | None]:
    """First and last name: "de Wit, Noor" and "Noor de Wit" are the same person."""
    if cell.count(",") == 1:
        last, first = (part.strip() for part in cell.split(","))
        return first or None, last or None
    first, _space, last = cell.partition(" ")
    return first or None, last.strip() or None
