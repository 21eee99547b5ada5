"""Leads by a few words, fast for rare, common and absent ones at a million leads."""

from __future__ import annotations

from leads.models import Contact, Lead
from leads.querysets import LeadQuerySet
from leads.searching import words_query

ENOUGH = 500  # contacts to look at before the newest are taken


def best(leads: LeadQuerySet, text: str, *, limit: int) -> list[Lead]:
    """The newest leads of at most `ENOUGH` contacts whose words begin so. Bounded, whatever is typed."""
    query = words_query(text)
    if query is None:
        return []
    contacts = Contact.objects.filter(search=query).values_list("pk", flat=True)[:ENOUGH]
    return list(leads.filter(contact__in=list(contacts)).for_list().newest_first()[:limit])
