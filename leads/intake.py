"""One lead comes in: by a form, by hand or by the API. Files go through `leads/imports/`, which loads in bulk.

A person has at most one open lead. Whoever is captured again joins it: found by external id, else e-mail, else phone.
The first source stays; what was empty is filled; nothing that was known is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from leads import activities, facts, origins, same_person, signals, tidying
from leads.captured import CapturedLead, tidied
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
from smarketing.inserting import insert_together

if TYPE_CHECKING:
    from smarketing.accounts.models import User

ATTEMPTS = 3  # an import may take the same address between our look and our insert


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


# Mechanics


def _capture(data: CapturedLead, *, by: User | None, at: datetime) -> Captured:
    _one_at_a_time(data)
    lead, contact, matched_by = _known(data)
    if lead is None:
        return _start(data, contact, by=by, at=at)
    _fill_what_was_empty(lead, data, by=by, at=at)
    facts.learn(lead, data.facts, origin=data.origin, by=by, at=at)
    activities.write(
        _told(lead, data, details={"joined_by": matched_by} | _attribution(data), by=by, at=at), at=at
    )
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
    contact, found_by = same_person.find(data.contact.email, data.contact.phone)
    if contact and (lead := leads.filter(contact=contact, stage__in=OPEN_STAGES).first()):
        return lead, contact, found_by
    return None, contact, None


def _start(data: CapturedLead, contact: Contact | None, *, by: User | None, at: datetime) -> Captured:
    source = origins.source_named(data.source)
    campaign = origins.campaign_named(data.campaign, source)
    if contact is None:
        contact = _new_contact(data)
    else:
        _fill_contact(contact, data)
    company = contact.company
    captured_at = data.captured_at or at
    lead = Lead(
        contact=contact,
        company=company,
        source=source,
        campaign=campaign,
        external_id=data.external_id,
        captured_at=captured_at,
        last_activity_at=captured_at,
        marketer=by if by and by.is_marketing else None,
        facts=dict(data.facts),
    )
    change = StageChange(lead=lead, from_stage="", to_stage=Stage.NEW, changed_at=captured_at, changed_by=by)
    known = facts.first_known(lead, data.facts, origin=data.origin, by=by, at=at)
    told = _told(lead, data, details={}, by=by, at=at)
    insert_together(*_new_rows(company, contact, lead), change, known, told)
    signals.lead_captured.send(sender=Lead, lead=lead, change=change)
    activities.heed(told, at=at)
    return Captured(lead, change, None)


def _new_contact(data: CapturedLead) -> Contact:
    """A contact to be written, of a company that may have to be written too."""
    company = _company(data)
    return Contact(**vars(data.contact), company=company, company_name=company.name if company else "")


def _new_rows(*rows: Model | None) -> list[Model]:
    return [row for row in rows if row is not None and row.pk is None]


def _company(data: CapturedLead) -> Company | None:
    """By domain, else by name; a new one, to be written, when it has either; where the e-mail address works when it has neither."""
    given = data.company
    if not given.domain and not given.name:
        return origins.company_by_domain(tidying.work_domain(data.contact.email))
    known = origins.company_known_as(given.name, given.domain)
    if known is None:
        return Company(**vars(given) | {"name": given.name or given.domain})
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
    if given["email"] and not contact.email and same_person.with_email(given["email"]):
        given["email"] = ""  # it is somebody else's: the duplicate hint will say so
    filled = _fill(contact, given)
    if contact.company_id is None and (company := _company(data)):
        if company.pk is None:
            company.save()
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


def _told(
    lead: Lead, data: CapturedLead, *, details: dict[str, Any], by: User | None, at: datetime
) -> Activity:
    """What was said, for the timeline; to be written."""
    return activities.entry(
        lead,
        data.kind,
        by=by,
        at=at,
        occurred_at=data.captured_at,
        title=data.title,
        body=data.message,
        details=details,
    )
