"""Changing what is known about a lead by hand, without overwriting what somebody else changed meanwhile.

The timeline says which fields changed, never the values: personal data stays in Contact. Fields that criteria test
(company size, country, source...) and named facts also keep their values over time, in LeadFact.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from leads import activities, facts, origins, same_person, tidying
from leads.models import Activity, ActivityKind, Company, Contact, Lead, StageChange

if TYPE_CHECKING:
    from smarketing.accounts.models import User

CONTACT_FIELDS = (
    "first_name",
    "last_name",
    "email",
    "phone",
    "job_title",
    "language",
    "consent",
    "do_not_contact_at",
)
COMPANY_FIELDS = {
    "company_domain": "domain",
    "company_size": "size",
    "industry": "industry",
    "country": "country",
    "city": "city",
}
LEAD_FIELDS = ("source", "campaign", "marketer", "external_id")
FACT = "fact:"  # fact:site_visits changes the named fact
EDITABLE = (*CONTACT_FIELDS, "company", *COMPANY_FIELDS, *LEAD_FIELDS)
LABELS = {
    "first_name": _lazy("First name"),
    "last_name": _lazy("Last name"),
    "email": _lazy("E-mail"),
    "phone": _lazy("Phone"),
    "job_title": _lazy("Job title"),
    "language": _lazy("Language"),
    "consent": _lazy("Permission to contact"),
    "do_not_contact_at": _lazy("Asked not to be contacted"),
    "company": _lazy("Company"),
    "company_domain": _lazy("Web site"),
    "company_size": _lazy("Number of staff"),
    "industry": _lazy("Industry"),
    "country": _lazy("Country"),
    "city": _lazy("City"),
    "source": _lazy("Source"),
    "campaign": _lazy("Campaign"),
    "marketer": _lazy("Marketer"),
    "external_id": _lazy("External id"),
}
# Of these the values are kept over time as well; the others are personal, or no criterion tests them.
REMEMBERED = ("company_size", "country", "industry", "source", "campaign")


class EditedMeanwhile(Exception):
    """Somebody changed the lead after it was opened. `who` and `when` say so; nothing was saved."""

    def __init__(self, lead: Lead, fact: models.Model | None) -> None:
        self.lead = lead
        self.fact = fact
        self.who = getattr(fact, "actor", None) or getattr(fact, "changed_by", None)
        self.at = getattr(fact, "recorded_at", None)
        what = getattr(fact, "to_stage", "") and fact.get_to_stage_display()  # type: ignore[union-attr]
        if what:
            words = _("%(who)s moved this lead to %(what)s after you opened it.")
        else:
            words = _("%(who)s changed this lead after you opened it.")
        super().__init__(words % {"who": self.who or _("The system"), "what": what})


class EmailTaken(Exception):
    """The address belongs to another contact. `contact` is that one."""

    def __init__(self, contact: Contact) -> None:
        self.contact = contact
        super().__init__(_("This e-mail address belongs to %(contact)s.") % {"contact": contact})


class ExternalIdTaken(Exception):
    """The external id belongs to another lead. `lead` is that one."""

    def __init__(self, lead: Lead) -> None:
        self.lead = lead
        super().__init__(_("This external id belongs to another lead."))


@transaction.atomic
def edit(
    lead: Lead, changes: Mapping[str, Any], *, expected_version: int | None, by: User | None, at: datetime
) -> Activity | None:
    """The named fields have these values and the timeline says which changed; None when nothing did.

    Raises EditedMeanwhile, EmailTaken, ExternalIdTaken, NotAFact. An `expected_version` of None changes whatever stands there.
    """
    fresh = _locked(lead, expected_version)
    wanted = {name: _tidy(name, value) for name, value in changes.items()}
    news = {name: value for name, value in wanted.items() if value != current(fresh, name)}
    if not news:
        return None
    _refuse_what_is_taken(fresh, news)
    _change_contact(fresh.contact, {name: news[name] for name in CONTACT_FIELDS if name in news})
    if "company" in news:
        _work_elsewhere(fresh, news["company"])
    _change_company(fresh, {COMPANY_FIELDS[name]: news[name] for name in COMPANY_FIELDS if name in news})
    Lead.objects.filter(pk=lead.pk).update(
        **{name: news[name] for name in LEAD_FIELDS if name in news}, version=models.F("version") + 1
    )
    _keep_facts(fresh, news, by=by, at=at)
    lead.refresh_from_db()
    return activities.log(lead, ActivityKind.EDIT, by=by, at=at, details={"fields": sorted(news)})


def current(lead: Lead, name: str) -> Any:
    """What the field says now, as `edit` takes it."""
    if name.startswith(FACT):
        return lead.facts.get(name.removeprefix(FACT))
    if name in CONTACT_FIELDS:
        return getattr(lead.contact, name)
    if name == "company":
        return lead.company.name if lead.company else ""
    if name in COMPANY_FIELDS:
        empty = None if name == "company_size" else ""
        return getattr(lead.company, COMPANY_FIELDS[name]) if lead.company else empty
    if name in LEAD_FIELDS:
        return getattr(lead, name)
    raise KeyError(name)


# Mechanics


def _locked(lead: Lead, expected_version: int | None) -> Lead:
    fresh = (
        Lead.objects.select_for_update(of=("self",))
        .select_related("contact", "company", "source", "campaign", "marketer")
        .get(pk=lead.pk)
    )
    if expected_version is not None and fresh.version != expected_version:
        raise EditedMeanwhile(fresh, _latest_change(fresh))
    return fresh


def _latest_change(lead: Lead) -> Activity | StageChange | None:
    edits = lead.activities.filter(kind=ActivityKind.EDIT).select_related("actor")
    moves = lead.stage_changes.select_related("changed_by")
    latest = [fact for fact in (edits.order_by("-id").first(), moves.order_by("-id").first()) if fact]
    return max(latest, key=lambda fact: fact.recorded_at, default=None)


def _tidy(name: str, value: Any) -> Any:
    if name == "email":
        return tidying.email(value)
    if name == "phone":
        return tidying.phone(value)
    if name == "company_domain":
        return tidying.domain(value)
    if name == "country" and len(value) == 2:
        return value.upper()
    if name.startswith(FACT):
        return tidying.value(value)
    return tidying.line(value) if isinstance(value, str) else value


def _refuse_what_is_taken(lead: Lead, news: Mapping[str, Any]) -> None:
    if (email := news.get("email")) and (other := same_person.with_email(email)) and other != lead.contact:
        raise EmailTaken(other)
    if external_id := news.get("external_id"):
        other_lead = Lead.objects.filter(external_id=external_id).exclude(pk=lead.pk).first()
        if other_lead:
            raise ExternalIdTaken(other_lead)


def _change_contact(contact: Contact, news: Mapping[str, Any]) -> None:
    for name, value in news.items():
        setattr(contact, name, value)
    if news:
        contact.save(update_fields=list(news))


def _work_elsewhere(lead: Lead, name: str) -> None:
    """The contact works at the company of this name: one that is known, else the present one under its new name when nobody else is there, else a new one."""
    contact, present = lead.contact, lead.company
    company = origins.company_by_name(name)
    if company is None and name:
        if present is None or Contact.objects.filter(company=present).exclude(pk=contact.pk).exists():
            company = Company.objects.create(name=name)
        else:
            present.name = name
            present.save(update_fields=["name"])
            company = present
    contact.company, contact.company_name = company, company.name if company else ""
    contact.save(update_fields=["company", "company_name"])
    lead.company = company
    Lead.objects.filter(pk=lead.pk).update(company=company)


def _change_company(lead: Lead, news: Mapping[str, Any]) -> None:
    """Changes the company for everybody who works there; a domain that another company has moves the lead to that one."""
    if not any(value not in (None, "") for value in news.values()) and lead.company is None:
        return
    if lead.company is None:
        _work_elsewhere(lead, str(news.get("domain") or _("Unnamed company")))
    company = lead.company
    assert company is not None
    owner_of_domain = origins.company_by_domain(news.get("domain", ""))
    if owner_of_domain and owner_of_domain != company:
        _move_to_company(lead, owner_of_domain)
        company, news = owner_of_domain, {name: value for name, value in news.items() if name != "domain"}
    for name, value in news.items():
        setattr(company, name, value)
    company.save(update_fields=list(news) or None)


def _move_to_company(lead: Lead, company: Company) -> None:
    lead.company = lead.contact.company = company
    lead.contact.company_name = company.name
    lead.contact.save(update_fields=["company", "company_name"])
    Lead.objects.filter(pk=lead.pk).update(company=company)


def _keep_facts(lead: Lead, news: Mapping[str, Any], *, by: User | None, at: datetime) -> None:
    named = {name.removeprefix(FACT): value for name, value in news.items() if name.startswith(FACT)}
    facts.learn(lead, named, origin="person", by=by, at=at)
    columns = {name: _in_words(value) for name, value in news.items() if name in REMEMBERED}
    facts.remember_columns(lead, columns, origin="person", by=by, at=at)


def _in_words(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value
