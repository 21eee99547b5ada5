"""Cells to values, a column at a time: a hundred thousand rows have no time for an object per cell.

A cell that cannot be understood is a `Problem`: the row is refused, or warned about when nothing is lost by loading it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from leads.models import Stage

LONGEST_CELL = 20_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass
class Remarks:
    """What is wrong in one batch of rows, by the row's place in it."""

    problems: dict[int, dict[str, str]] = field(default_factory=dict)
    warnings: dict[int, list[dict[str, str]]] = field(default_factory=dict)

    def refuse(self, place: int, code: str, column: str = "", value: str = "") -> None:
        self.problems.setdefault(place, {"code": code, "column": column, "value": value[:80]})

    def warn(self, place: int, code: str, column: str = "", value: str = "") -> None:
        self.warnings.setdefault(place, []).append({"code": code, "column": column, "value": value[:80]})


Cells = list[str]
Reader = Callable[[Cells, Remarks], list[Any]]


def short_text(column: str, limit: int) -> Reader:
    """One line of at most `limit` characters."""

    def read(cells: Cells, remarks: Remarks) -> list[Any]:
        if _CONTROL.search(" ".join(cells)):
            cells = [" ".join(_CONTROL.sub(" ", cell).split()) for cell in cells]
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


# --- Moments ---

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


# --- Numbers ---

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


# --- Addresses ---

_PLAIN_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)


def email(column: str) -> Reader:
    def read(cells: Cells, remarks: Remarks) -> list[Any]:
        values: list[str | None] = []
        for place, cell in enumerate(cells):
            if not cell:
                values.append(None)
                continue
            address = cell.lower()
            if not _PLAIN_EMAIL.fullmatch(address) or len(address) > 254 or address.find("@") > 64:
                address = _unusual_email(address)
                if not address:
                    remarks.refuse(place, "not_an_email", column, cell)
            values.append(address or None)
        return values

    return read


def _unusual_email(text: str) -> str:
    if found := re.search(r"<([^<>]+)>\s*$", text):
        text = found[1]
    text = text.removeprefix("mailto:").strip()
    try:
        address = validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
    except (EmailNotValidError, UnicodeError, ValueError):
        return ""
    return address if len(address) <= 254 and address.find("@") <= 64 else ""


_E164 = re.compile(r"\+[1-9]\d{7,14}")
_PHONE_NOISE = str.maketrans("", "", " \u00a0.-()/\t")


def phone(column: str, region: str) -> Reader:
    """E.164 where it can be understood; otherwise as it was typed, with a warning."""
    about = phonenumbers.PhoneMetadata.metadata_for_region(region)
    national = (
        re.compile(about.general_desc.national_number_pattern or "") if about and about.general_desc else None
    )
    prefix = about.national_prefix or "" if about else ""
    country = f"+{about.country_code}" if about else ""

    def one(cell: str) -> str | None:
        digits = cell.translate(_PHONE_NOISE)
        if digits.startswith("00"):
            digits = f"+{digits[2:]}"
        if _E164.fullmatch(digits) and "(0)" not in cell:
            return digits
        if national and digits.isascii() and digits.isdigit() and digits.startswith(prefix):
            rest = digits[len(prefix) :]
            if national.fullmatch(rest):
                return country + rest
        try:
            parsed = phonenumbers.parse(cell[:60], region)
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_possible_number(parsed):
            return None
        return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))

    def read(cells: Cells, remarks: Remarks) -> list[Any]:
        values: list[str | None] = []
        for place, cell in enumerate(cells):
            value = None
            if cell:
                value = one(cell)
                if value is None:
                    remarks.warn(place, "phone_unclear", column, cell)
                    value = " ".join(_CONTROL.sub(" ", cell).split())[:32]
            values.append(value)
        return values

    return read


def domain(cell: str) -> str | None:
    """The bare domain of a web address: https://www.Example.com/about is example.com."""
    host = re.sub(r"^[a-z]+://", "", cell.lower()).split("/")[0].split("?")[0].split("@")[-1].split(":")[0]
    host = host.removeprefix("www.").strip(".")
    return host if re.fullmatch(r"[^\s\x00-\x1f]{1,190}\.[^\W\d_]{2,63}", host) else None


# --- Words with a meaning ---

_STAGES = {
    Stage.NEW: "new lead open nieuw novo subscriber raw",
    Stage.MQL: "mql qualified gekwalificeerd qualificado marketingqualified marketingqualifiedlead",
    Stage.SQL: "sql salesready klaarvoorsales salesqualified salesqualifiedlead",
    Stage.ACCEPTED: "accepted sal geaccepteerd aceito salesaccepted salesacceptedlead assigned",
    Stage.CONTACTED: "contacted gecontacteerd contatado working incontact connected",
    Stage.OPPORTUNITY: "opportunity kans oportunidade proposal offerte negotiation",
    Stage.CUSTOMER: "customer klant cliente won closedwon gewonnen ganho",
    Stage.DISQUALIFIED: "disqualified unqualified gediskwalificeerd desqualificado junk invalid",
    Stage.LOST: "lost closedlost verloren perdido",
    Stage.RECYCLED: "recycled nurture nurturing recycle gerecycled reciclado",
}
_STAGE_OF = {word: stage for stage, words in _STAGES.items() for word in words.split()}


def parse_stage(cell: str) -> str | None:
    return _STAGE_OF.get(re.sub(r"[\W_]", "", cell.lower()))


def stage(column: str) -> Reader:
    known: dict[str, str | None] = {"": None}

    def read(cells: Cells, remarks: Remarks) -> list[Any]:
        values: list[str | None] = []
        for place, cell in enumerate(cells):
            if cell not in known:
                known[cell] = parse_stage(cell)
            if cell and known[cell] is None:
                remarks.refuse(place, "unknown_stage", column, cell)
            values.append(known[cell])
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


_LANGUAGES = {
    "dutch": "nl",
    "nederlands": "nl",
    "english": "en",
    "engels": "en",
    "portuguese": "pt",
    "português": "pt",
}
_LANGUAGES |= {
    "german": "de",
    "deutsch": "de",
    "duits": "de",
    "french": "fr",
    "français": "fr",
    "frans": "fr",
}


def language(column: str) -> Reader:
    text = short_text(column, 35)

    def read(cells: Cells, remarks: Remarks) -> list[Any]:
        return text([_LANGUAGES.get(cell.lower(), cell) for cell in cells], remarks)

    return read


NO_CONTACT = {
    "do not contact",
    "donotcontact",
    "dnc",
    "opted out",
    "opt-out",
    "opt out",
    "unsubscribed",
    "uitgeschreven",
}

_FACT_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?")
_FACT_WORDS = {"true": True, "false": False}


def fact(cell: str) -> Any:
    """Numbers and truths as such, so that rules can compare them; everything else as text."""
    if _FACT_NUMBER.fullmatch(cell):
        return float(cell) if "." in cell else int(cell)
    if cell.lower() in _FACT_WORDS:
        return _FACT_WORDS[cell.lower()]
    return " ".join(_CONTROL.sub(" ", cell).split())[:500]


def split_name(cell: str) -> tuple[str | None, str | None]:
    """First and last name: "de Wit, Noor" and "Noor de Wit" are the same person."""
    if cell.count(",") == 1:
        last, first = (part.strip() for part in cell.split(","))
        return first or None, last or None
    first, _space, last = cell.partition(" ")
    return first or None, last.strip() or None
