"""Cells by which somebody is reached: e-mail, phone, web domain."""

from __future__ import annotations

import re
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from leads.imports.values.remarks import Cells, Reader, Remarks
from leads.imports.values.texts import CONTROL

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
                    value = " ".join(CONTROL.sub(" ", cell).split())[:32]
            values.append(value)
        return values

    return read


def domain(cell: str) -> str | None:
    """The bare domain of a web address: https://www.Example.com/about is example.com."""
    host = re.sub(r"^[a-z]+://", "", cell.lower()).split("/")[0].split("?")[0].split("@")[-1].split(":")[0]
    host = host.removeprefix("www.").strip(".")
    return host if re.fullmatch(r"[^\s\x00-\x1f]{1,190}\.[^\W\d_]{2,63}", host) else None
