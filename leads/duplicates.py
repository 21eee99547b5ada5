"""Who may be the same person: by e-mail, by phone, or by a like name at the same company.

A hint for a person to judge. Candidates come from indexes only; names are compared among at most a few hundred of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leads import tidying
from leads.models import OPEN_STAGES, Company, Contact, Lead

CANDIDATES = 200  # of one company
SHOWN = 5
ALIKE = 0.82


@dataclass(frozen=True)
class Duplicate:
    """`lead` may be of the same person, `because` of what the two share."""

    lead: Lead
    because: str | Promise

    @property
    def is_certain(self) -> bool:
        return self.because == SAME_EMAIL


SAME_EMAIL = _("same e-mail address")
SAME_PHONE = _("same phone number")
LIKE_NAME = _("like name at the same company")
SUREST_FIRST: list[str | Promise] = [SAME_EMAIL, SAME_PHONE, LIKE_NAME]


def like(
    *,
    email: str = "",
    phone: str = "",
    first_name: str = "",
    last_name: str = "",
    company: str = "",
    domain: str = "",
    employer: Company | None = None,
    besides: Contact | None = None,
) -> list[Duplicate]:
    """At most five, the surest first; of each person the open lead, else the newest. Four queries, however many there are."""
    reasons: dict[int, str | Promise] = {}
    address = _address(email)
    number = tidying.phone(phone)
    for contact in _reachable_by(address, number):
        reasons[contact.pk] = SAME_EMAIL if address and contact.email.lower() == address else SAME_PHONE
    name = tidying.folded(f"{first_name} {last_name}")
    if name:
        at_work = [employer.pk] if employer else _companies(company, domain or tidying.work_domain(address))
        for contact in _colleagues(at_work):
            if contact.pk not in reasons and are_alike(name, tidying.folded(contact.full_name)):
                reasons[contact.pk] = LIKE_NAME
    if besides is not None:
        reasons.pop(besides.pk, None)
    return _with_their_leads(reasons)


def of_lead(lead: Lead) -> list[Duplicate]:
    """Other people's leads that may be of the same person as `lead`. Its contact and company are loaded."""
    contact = lead.contact
    return like(
        email=contact.email,
        phone=contact.phone,
        first_name=contact.first_name,
        last_name=contact.last_name,
        employer=lead.company,
        besides=contact,
    )


def are_alike(one: str, other: str) -> bool:
    """Two folded full names that may be one person's: a letter or two differ, words changed places, or a first name is an initial."""
    if not one or not other:
        return False
    first, second = one.split(), other.split()
    if sorted(first) == sorted(second):
        return True
    if first[1:] == second[1:] and first[1:] and 1 in (len(first[0]), len(second[0])):
        return first[0][0] == second[0][0]
    return SequenceMatcher(None, one, other).ratio() >= ALIKE


# Mechanics


def _address(email: str) -> str:
    try:
        return tidying.email(email)
    except tidying.NotAnAddress:
        return ""  # half typed: nothing to find by it yet


def _reachable_by(email: str, phone: str) -> list[Contact]:
    ways = Q(pk__in=[])
    if email:
        ways |= Q(address=email) & ~Q(email="")
    if phone:
        ways |= Q(phone=phone) & ~Q(phone="")
    if not email and not phone:
        return []
    return list(Contact.objects.alias(address=Lower("email")).filter(ways).only("email")[: SHOWN * 2])


def _companies(company: str, domain: str) -> list[int]:
    """The companies of this name or web domain."""
    name, domain = tidying.line(company).lower(), tidying.domain(domain)
    same = Q(pk__in=[])
    if name:
        same |= Q(name_in_lower_case=name)
    if domain:
        same |= Q(domain_in_lower_case=domain) & ~Q(domain="")
    lower = Company.objects.alias(name_in_lower_case=Lower("name"), domain_in_lower_case=Lower("domain"))
    return list(lower.filter(same).values_list("pk", flat=True)[:20]) if name or domain else []


def _colleagues(companies: list[int]) -> list[Contact]:
    found = Contact.objects.filter(company__in=companies).only("first_name", "last_name")
    return list(found[:CANDIDATES]) if companies else []


def _with_their_leads(reasons: dict[int, str | Promise]) -> list[Duplicate]:
    if not reasons:
        return []
    surest = sorted(reasons, key=lambda pk: (SUREST_FIRST.index(reasons[pk]), pk))
    best: dict[int, Lead] = {}
    leads = (
        Lead.objects.filter(contact__in=surest[:20])
        .select_related("contact", "company", "owner")
        .defer("contact__search")
    )
    for lead in leads.order_by("-captured_at", "-id")[:100]:
        known = best.get(lead.contact_id)
        if known is None or (lead.stage in OPEN_STAGES and known.stage not in OPEN_STAGES):
            best[lead.contact_id] = lead
    return [Duplicate(best[pk], reasons[pk]) for pk in surest if pk in best][:SHOWN]
