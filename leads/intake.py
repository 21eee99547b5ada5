"""One lead comes in: by a form, by hand or by the API. Files go through `leads/imports/`, which loads in bulk.

A person has at most one open lead. Whoever is captured again joins it: found by external id, else e-mail, else phone.
The first source stays; what was empty is filled; nothing that was known is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from leads import activities, facts, origins, signals, tidying
from leads.models import (
    OPEN_STAGES,
    Activity,
    ActivityKind,
    Company,
    Contact,
    Lead,
    Stage,
    StageChange,
)
from smarketing.accounts.models import Organisation

if TYPE_CHECKING:
    from smarketing.accounts.models import User

ATTEMPTS = 3  # an import may take the same address between our look and our insert
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


@dataclass(frozen=True)
class Captured:
    """`change` is the first StageChange of a new lead; `matched_by` says how an open lead was found: external_id, email or phone."""

    lead: Lead
    change: StageChange | None
    matched_by: str | None

    @property
    def is_new(self) -> bool:
        return self.matched_by is None


def capture(data: CapturedLead, *, by: User | None, at: datetime) -> Captured:
    """The person has one open lead, this interest is on its timeline, its facts are known. Raises CannotCapture."""
    tidy = tidied(data, at=at)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return _capture(tidy, by=by, at=at)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


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


def _capture(data: CapturedLead, *, by: User | None, at: datetime) -> Captured:
    _one_at_a_time(data)
    lead, contact, matched_by = _known(data)
    if lead is None:
        return _start(data, contact, by=by, at=at)
    _fill_what_was_empty(lead, data, by=by, at=at)
    facts.learn(lead, data.facts, origin=data.origin, by=by, at=at)
    _tell(lead, data, details={"joined_by": matched_by} | _attribution(data), by=by, at=at)
    return Captured(lead, None, matched_by)


def _one_at_a_time(data: CapturedLead) -> None:
    """Two captures of one person (or of one new company) wait for each other; those of others do not."""
    company = data.company.domain or data.company.name
    names = {
        "external_id": data.external_id,
        "email": data.contact.email,
        "phone": data.contact.phone,
        "company": company,
    }
    keys = [f"smarketing capture {kind} {name.lower()}" for kind, name in names.items() if name]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(key) FROM (SELECT hashtextextended(name, 0) AS key FROM unnest(%s::text[]) AS name ORDER BY 1) AS keys",
            [keys],
        )


def _known(data: CapturedLead) -> tuple[Lead | None, Contact | None, str | None]:
    """The lead that this person joins, the contact when only that is known, and how it was found."""
    leads = Lead.objects.select_related("contact", "company")
    if data.external_id and (lead := leads.filter(external_id=data.external_id).first()):
        return lead, lead.contact, "external_id"
    contact, found_by = find_contact(data.contact.email, data.contact.phone)
    if contact and (lead := leads.filter(contact=contact, stage__in=OPEN_STAGES).first()):
        return lead, contact, found_by
    return None, contact, None


def find_contact(email: str, phone: str) -> tuple[Contact | None, str | None]:
    """By e-mail, else by phone. A shared phone number does not make one person of two addresses."""
    if email and (contact := with_email(email)):
        return contact, "email"
    if phone:
        same = Contact.objects.select_related("company").exclude(phone="").filter(phone=phone)
        contact = (same.filter(email="") if email else same).order_by("id").first()
        return contact, "phone" if contact else None
    return None, None


def with_email(email: str) -> Contact | None:
    same = Contact.objects.select_related("company").exclude(email="")
    return same.alias(address=Lower("email")).filter(address=email.lower()).first()


def _start(data: CapturedLead, contact: Contact | None, *, by: User | None, at: datetime) -> Captured:
    source = origins.source_named(data.source)
    if contact is None:
        contact = _new_contact(data)
    else:
        _fill_contact(contact, data)
    captured_at = data.captured_at or at
    lead = Lead.objects.create(
        contact=contact,
        company=contact.company,
        source=source,
        campaign=origins.campaign_named(data.campaign, source),
        external_id=data.external_id,
        captured_at=captured_at,
        last_activity_at=captured_at,
        marketer=by if by and by.is_marketing else None,
        facts=dict(data.facts),
    )
    change = StageChange.objects.create(
        lead=lead, from_stage="", to_stage=Stage.NEW, changed_at=captured_at, changed_by=by
    )
    signals.lead_captured.send(sender=Lead, lead=lead, change=change)
    facts.remember_first(lead, data.facts, origin=data.origin, by=by, at=at)
    _tell(lead, data, details={}, by=by, at=at)
    return Captured(lead, change, None)


def _new_contact(data: CapturedLead) -> Contact:
    company = _company(data)
    return Contact.objects.create(
        **vars(data.contact), company=company, company_name=company.name if company else ""
    )


def _company(data: CapturedLead) -> Company | None:
    """By domain, else by name; a new one when it has either; where the e-mail address works when it has neither."""
    given = data.company
    if not given.domain and not given.name:
        return origins.company_by_domain(tidying.work_domain(data.contact.email))
    known = origins.company_known_as(given.name, given.domain)
    if known is None:
        return Company.objects.create(**vars(given) | {"name": given.name or given.domain})
    _fill(known, vars(given))
    return known


def _fill_what_was_empty(lead: Lead, data: CapturedLead, *, by: User | None, at: datetime) -> None:
    filled = _fill_contact(lead.contact, data)
    if lead.company_id is None and lead.contact.company_id is not None:
        lead.company = lead.contact.company
        Lead.objects.filter(pk=lead.pk).update(company=lead.company)
    if not lead.external_id and data.external_id:
        lead.external_id = data.external_id
        Lead.objects.filter(pk=lead.pk).update(external_id=data.external_id)
    if filled:
        activities.log(lead, ActivityKind.EDIT, by=by, at=at, details={"fields": filled})


def _fill_contact(contact: Contact, data: CapturedLead) -> list[str]:
    """Fills the contact and the company where they said nothing; the names of the fields that were filled."""
    given = dict(vars(data.contact))
    if given["email"] and not contact.email and with_email(given["email"]):
        given["email"] = ""  # it is somebody else's: the duplicate hint will say so
    filled = _fill(contact, given)
    if contact.company_id is None and (company := _company(data)):
        contact.company, contact.company_name = company, company.name
        contact.save(update_fields=["company", "company_name"])
        return [*filled, "company"]
    return filled


def _fill(thing: Contact | Company, given: Mapping[str, Any]) -> list[str]:
    empty = [name for name, value in given.items() if value and not getattr(thing, name)]
    for name in empty:
        setattr(thing, name, given[name])
    if empty:
        thing.save(update_fields=empty)
    return empty


def _attribution(data: CapturedLead) -> dict[str, str]:
    """What a later interest named as its origin: words on the timeline, since the first source stays."""
    named = {"source": data.source, "campaign": data.campaign, "external_id": data.external_id}
    return {name: words for name, words in named.items() if words}


def _tell(
    lead: Lead, data: CapturedLead, *, details: dict[str, Any], by: User | None, at: datetime
) -> Activity:
    return activities.log(
        lead,
        data.kind,
        by=by,
        at=at,
        occurred_at=data.captured_at,
        title=data.title,
        body=data.message,
        details=details,
    )
