"""What is known of somebody who showed interest, as it was sent and tidied. Writes nothing, and knows nobody yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from leads import activities, facts, tidying
from leads.models import ActivityKind, Company, Contact
from smarketing.accounts.models import Organisation

LARGEST_SIZE = 2_147_483_647
# Facts that have a column of their own: (part of what was captured, field)
FACTS_WITH_A_COLUMN = {
    "company_size": ("company", "size"),
    "country": ("company", "country"),
    "industry": ("company", "industry"),
    "job_title": ("contact", "job_title"),
    "language": ("contact", "language"),
}


class CannotCapture(ValueError):
    """What was sent cannot become a lead. `errors` says per field why, in words; nothing was changed."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        self.errors = errors
        super().__init__(" ".join(words for several in errors.values() for words in several))


@dataclass(frozen=True)
class CapturedContact:
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    job_title: str = ""
    language: str = ""
    consent: str = ""


@dataclass(frozen=True)
class CapturedCompany:
    name: str = ""
    domain: str = ""
    size: int | None = None
    industry: str = ""
    country: str = ""
    city: str = ""


@dataclass(frozen=True)
class CapturedLead:
    """What is known of somebody who showed interest. `source` is a key or a name; `captured_at` empty means now."""

    contact: CapturedContact = CapturedContact()
    company: CapturedCompany = CapturedCompany()
    source: str = ""
    campaign: str = ""
    external_id: str = ""
    captured_at: datetime | None = None
    message: str = ""
    title: str = ""
    kind: str = ActivityKind.FORM
    origin: str = "form"
    facts: Mapping[str, Any] = field(default_factory=dict)


def tidied(data: CapturedLead, *, at: datetime) -> CapturedLead:
    """The same, normalised. Raises CannotCapture with everything that is wrong at once."""
    errors: dict[str, list[str]] = {}
    placed, loose = _facts_in_their_columns(data, errors)
    company = _tidy_company(placed["company"], errors)
    contact = _tidy_contact(placed["contact"], company.country, errors)
    captured_at = data.captured_at
    try:
        captured_at = activities.happened(data.captured_at, at=at)
    except activities.NotYetHappened as error:
        errors["captured_at"] = [str(error)]
    tidy = CapturedLead(
        contact=contact,
        company=company,
        source=_short(data.source, 80, "source", errors),
        campaign=_short(data.campaign, 120, "campaign", errors),
        external_id=_short(data.external_id, 200, "external_id", errors),
        captured_at=captured_at,
        message=tidying.prose(data.message),
        title=_short(data.title, 200, "title", errors),
        kind=data.kind,
        origin=data.origin[:120],
        facts=loose,
    )
    if not (tidy.external_id or any(_identity(contact)) or company.name) and not errors:
        errors["contact"] = [_("Give at least a name, an e-mail address or a phone number.")]
    if errors:
        raise CannotCapture(errors)
    return tidy


# Mechanics


def _facts_in_their_columns(
    data: CapturedLead, errors: dict[str, list[str]]
) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """The parts with the facts that have a column filled in where they said nothing themselves; and the other facts."""
    parts = {"contact": dict(vars(data.contact)), "company": dict(vars(data.company))}
    loose: dict[str, Any] = {}
    try:
        known = facts.tidied(data.facts)
    except facts.NotAFact as error:
        errors["facts"] = [f"{error.key}: {error}" if error.key else str(error)]
        return parts, loose
    for key, value in known.items():
        part, name = FACTS_WITH_A_COLUMN.get(key, ("", ""))
        if not part:
            loose[key] = value
        elif not parts[part][name]:
            parts[part][name] = value
    return parts, loose


def _tidy_contact(given: dict[str, Any], country: str, errors: dict[str, list[str]]) -> CapturedContact:
    tidy = {
        name: _short(given[name], _longest(Contact, name), f"contact.{name}", errors)
        for name in ("first_name", "last_name", "job_title", "language", "consent")
    }
    tidy["email"] = _address(given["email"], errors)
    tidy["phone"] = _short(
        tidying.phone(given["phone"], country if len(country) == 2 else _home_country(given["phone"])),
        32,
        "contact.phone",
        errors,
    )
    return CapturedContact(**tidy)


def _tidy_company(given: dict[str, Any], errors: dict[str, list[str]]) -> CapturedCompany:
    tidy: dict[str, Any] = {
        name: _short(given[name], _longest(Company, name), f"company.{name}", errors)
        for name in ("name", "industry", "country", "city")
    }
    if len(tidy["country"]) == 2:
        tidy["country"] = tidy["country"].upper()
    tidy["domain"] = _short(tidying.domain(given["domain"]), 200, "company.domain", errors)
    tidy["size"] = _size(given["size"], errors)
    return CapturedCompany(**tidy)


def _short(words: Any, longest: int | None, name: str, errors: dict[str, list[str]]) -> str:
    text = tidying.line(words)
    if longest and len(text) > longest:
        errors[name] = [_("At most %(longest)s characters fit here.") % {"longest": longest}]
    return text


def _longest(model: type[Contact] | type[Company], name: str) -> int | None:
    return getattr(model._meta.get_field(name), "max_length", None)


def _address(words: Any, errors: dict[str, list[str]]) -> str:
    try:
        return tidying.email(words)
    except tidying.NotAnAddress:
        errors["contact.email"] = [_("This is not an e-mail address. It looks like name@company.example.")]
        return ""


def _size(given: Any, errors: dict[str, list[str]]) -> int | None:
    if given is None or given == "":
        return None
    try:
        size = int(given)
    except (TypeError, ValueError, OverflowError):
        size = -1
    if not 0 <= size <= LARGEST_SIZE or isinstance(given, bool):
        errors["company.size"] = [_("The number of staff is a whole number, such as 240.")]
        return None
    return size


def _home_country(phone: str) -> str:
    """Where a phone number without a country is dialled from; looked up only when it matters."""
    if not phone or str(phone).lstrip().startswith(("+", "00", "tel:+")):
        return "NL"
    return Organisation.objects.values_list("country", flat=True).first() or "NL"


def _identity(contact: CapturedContact) -> tuple[str, ...]:
    return (contact.first_name, contact.last_name, contact.email, contact.phone)
