"""Who may be the same person: by e-mail, by phone, or by a like name at the same company.

A hint for a person to judge. Candidates come from indexes only; names are compared among at most a few hundred of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leads import tidying
from leads.models import OPEN_STAGES, Company, Contact, Lead
from smarketing import planned
from smarketing.planned import Given

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
    """At most five, the surest first; of each person the open lead, else the newest. At most three queries, however many there are."""
    reasons: dict[int, str | Promise] = {}
    address = _address(email)
    name = tidying.folded(f"{first_name} {last_name}")
    at_work: list[int] = []
    if name:
        at_work = [employer.pk] if employer else _companies(company, domain or tidying.work_domain(address))
    for contact, same_email, same_phone, its_name in _candidates(address, tidying.phone(phone), at_work):
        if same_email or same_phone:
            reasons[contact] = SAME_EMAIL if same_email else SAME_PHONE
        elif contact not in reasons and are_alike(name, tidying.folded(its_name)):
            reasons[contact] = LIKE_NAME
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
    letters = SequenceMatcher(None, one, other)
    return letters.real_quick_ratio() >= ALIKE and letters.quick_ratio() >= ALIKE and letters.ratio() >= ALIKE


# Mechanics


def _address(email: str) -> str:
    try:
        return tidying.email(email)
    except tidying.NotAnAddress:
        return ""  # half typed: nothing to find by it yet


# Who has the address or the number, then the colleagues: each found by an index of its own.
CANDIDATES_FOUND = f"""
(SELECT id, lower(email) = %(email)s AND email <> '', phone = %(phone)s AND phone <> '', ''
 FROM leads_contact WHERE lower(email) = %(email)s AND email <> '' OR phone = %(phone)s AND phone <> '' LIMIT {SHOWN * 2})
UNION ALL
(SELECT id, false, false, first_name || ' ' || last_name FROM leads_contact WHERE company_id = ANY(%(companies)s) LIMIT {CANDIDATES})
"""


def _candidates(email: str, phone: str, companies: list[int]) -> list[tuple[int, bool, bool, str]]:
    """Contacts, whether they share the address or the number, and what those are called who may share the name."""
    if not email and not phone and not companies:
        return []
    with connection.cursor() as cursor:
        values = {"email": Given(email, str), "phone": Given(phone, str), "companies": Given(companies, list)}
        planned.execute(cursor, CANDIDATES_FOUND, values)
        return list(cursor.fetchall())


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
