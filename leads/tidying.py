"""Makes what people and machines type comparable: names, e-mail addresses, phone numbers, domains, values.

Pure: knows no tables. What cannot be understood is kept or refused by whoever asks, never guessed.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from leads.searching import ACCENTED, PLAIN

# Addresses of people, not of companies: their domain says nothing about where somebody works.
FREE_MAIL = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "hotmail.com",
        "hotmail.nl",
        "outlook.com",
        "live.com",
        "live.nl",
        "msn.com",
    }
    | {
        "yahoo.com",
        "icloud.com",
        "me.com",
        "proton.me",
        "protonmail.com",
        "gmx.net",
        "gmx.de",
        "web.de",
        "aol.com",
    }
    | {"ziggo.nl", "kpnmail.nl", "planet.nl", "xs4all.nl", "telenet.be", "skynet.be"}
)
_KEPT = "\t\n"
_INVISIBLE = {0x200B, 0x2060, 0xFEFF}


class NotAnAddress(ValueError):
    """The text is no e-mail address. The message says why, in words."""


def line(text: Any) -> str:
    """One line without control characters, with single spaces and none around it."""
    return " ".join(prose(text).split())


def prose(text: Any) -> str:
    """Text of several lines that the database can keep: no NUL, no halves of characters, no other control characters."""
    raw = "" if text is None else str(text)
    if raw.isprintable():  # nearly always, and seen at once: no control characters, halves or invisible signs
        return raw.strip()
    raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in raw if sign in _KEPT or _is_printable(sign)).strip()


def email(text: Any) -> str:
    """The address in lower case, as two people would write it alike; "" for nothing. Raises NotAnAddress."""
    raw = line(text).removeprefix("mailto:").strip("<>,; ")
    if not raw:
        return ""
    try:
        return validate_email(raw, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise NotAnAddress(str(error)) from error


def phone(text: Any, country: str = "NL") -> str:
    """In E.164 (+31205550134) when it is a possible number in `country`, else as typed on one line."""
    raw = line(text).removeprefix("tel:").strip()
    if not raw or len(raw) > 60:
        return raw
    try:
        number = phonenumbers.parse(raw, country if len(country) == 2 else "NL")
    except phonenumbers.NumberParseException:
        return raw
    if not phonenumbers.is_possible_number(number) or number.extension:
        return raw
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_in_groups(number: str) -> str:
    """+31 20 555 0134 for +31205550134; what is no number in E.164 stays as it is."""
    try:
        return phonenumbers.format_number(
            phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
    except phonenumbers.NumberParseException:
        return number


def domain(text: Any) -> str:
    """The bare name of a web site: vandersteen.example for https://www.Vandersteen.example/about."""
    raw = re.sub(r"^[a-z][a-z0-9+.-]*://", "", line(text).lower())
    return re.split(r"[/?#:\s]", raw.rpartition("@")[2], maxsplit=1)[0].removeprefix("www.").strip(".")


def work_domain(address: str) -> str:
    """The domain of the employer in an e-mail address; "" when it is a free mail box."""
    name = address.rpartition("@")[2].lower()
    return "" if name in FREE_MAIL else name


def folded(text: str) -> str:
    """For comparing: lower case, accents folded, punctuation gone."""
    plain = text.lower().translate(str.maketrans(ACCENTED, PLAIN))
    return " ".join(re.findall(r"\w+", plain))


def value(thing: Any) -> Any:
    """A value that JSON in the database can keep; texts tidied, numbers that are none (NaN) become None."""
    if isinstance(thing, str):
        return prose(thing)
    if isinstance(thing, float) and not math.isfinite(thing):
        return None
    if isinstance(thing, dict):
        return {line(key): value(item) for key, item in thing.items()}
    if isinstance(thing, list | tuple):
        return [value(item) for item in thing]
    return thing


def _is_printable(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cs") and ord(sign) not in _INVISIBLE
