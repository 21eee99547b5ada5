"""Cells with an amount, its currency, or a number of staff."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from leads.imports.values.remarks import Cells, Reader, Remarks

_SIGNS = re.compile(r"[\s\u00a0\u202f'’€$£]|EUR|USD|GBP|BRL|R\$")
_DIGITS = re.compile(r"-?\d+(?:\.\d+)?")


def parse_number(cell: str) -> tuple[Decimal, bool]:
    """The number, and whether "1.234" had to be guessed to be twelve hundred and some."""
    text = _SIGNS.sub("", cell)
    guessed = False
    dots, commas = text.count("."), text.count(",")
    if dots and commas:
        decimal = "." if text.rfind(".") > text.rfind(",") else ","
        text = text.replace("," if decimal == "." else ".", "").replace(",", ".")
    elif dots > 1 or commas > 1:
        text = text.replace(".", "").replace(",", "")
    elif re.fullmatch(r"-?[1-9]\d{0,2}[.,]\d{3}", text):
        text, guessed = text.replace(".", "").replace(",", ""), True
    else:
        text = text.replace(",", ".")
    if not _DIGITS.fullmatch(text):
        raise InvalidOperation(cell)
    return Decimal(text), guessed


def amount(column: str) -> Reader:
    def read(cells: Cells, remarks: Remarks) -> list[Any]:
        values: list[Any] = []
        for place, cell in enumerate(cells):
            value = None
            if cell:
                try:
                    value, guessed = parse_number(cell)
                    if guessed:
                        remarks.warn(place, "number_guessed", column, cell)
                    if value < 0 or value >= 10**12:
                        remarks.refuse(place, "amount_out_of_range", column, cell)
                        value = None
                except InvalidOperation:
                    remarks.refuse(place, "not_a_number", column, cell)
            values.append(value)
        return values

    return read


def head_count(column: str) -> Reader:
    """A whole number; of a range such as 11-50 the lower end, so that a size is never overstated."""
    known: dict[str, tuple[int | None, str]] = {"": (None, "")}

    def one(cell: str) -> tuple[int | None, str]:
        if found := re.fullmatch(
            r"(\d[\d.,\s]*)\s*(?:-|–|to|tot|a|até)\s*\d[\d.,\s]*\D*|(\d[\d.,]*)\s*\+\D*|[<>≥]?\s*(\d[\d.,]*)\D*",
            cell,
        ):
            try:
                number = int(parse_number((found[1] or found[2] or found[3]).strip())[0])
            except InvalidOperation:
                return None, "size_unclear"
            if number < 2**31:
                return number, "size_range" if found[1] else ""
        return None, "size_unclear"

    def read(cells: Cells, remarks: Remarks) -> list[Any]:
        values: list[int | None] = []
        for place, cell in enumerate(cells):
            if cell not in known:
                known[cell] = one(cell)
            value, warning = known[cell]
            if warning:
                remarks.warn(place, warning, column, cell)
            values.append(value)
        return values

    return read


_CURRENCY_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "R$": "BRL"}


def currency(column: str) -> Reader:
    def read(cells: Cells, remarks: Remarks) -> list[Any]:
        values: list[str | None] = []
        for place, cell in enumerate(cells):
            value = _CURRENCY_SIGNS.get(cell, cell.upper())
            if cell and not re.fullmatch(r"[A-Z]{3}", value):
                remarks.warn(place, "currency_unclear", column, cell)
                value = ""
            values.append(value or None)
        return values

    return read
