"""Finding or starting the source, campaign and company that a lead names.

Nothing that names a new source is refused: a lead is never lost because a list was not kept up.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.text import slugify

from leads import tidying
from leads.models import Campaign, Company, Source
from smarketing.prepared import Prepared

WITH_KEY = Prepared(lambda key: Source.objects.filter(key=key)[:1], key=str)


def source_named(words: str) -> Source | None:
    """The source with this key or name; a new one when there is none; None for no words."""
    name = tidying.line(words)[:80]
    if not name:
        return None
    key = key_for(name)
    known = WITH_KEY.first(key=key) or Source.objects.filter(name__iexact=name).first()
    shown = name.replace("_", " ").capitalize() if name == key else name
    return known or Source.objects.get_or_create(key=key, defaults={"name": shown})[0]


def key_for(name: str) -> str:
    """A short key in plain letters; a number when the name has none of those."""
    return (
        slugify(name.replace("_", "-")).replace("-", "_")[:60]
        or "source_" + sha256(name.encode()).hexdigest()[:10]
    )


def campaign_named(words: str, source: Source | None) -> Campaign | None:
    """The campaign with this name; a new one of `source` when there is none; None for no words."""
    name = tidying.line(words)[:120]
    if not name:
        return None
    known = Campaign.objects.filter(name=name).first() or Campaign.objects.filter(name__iexact=name).first()
    return known or Campaign.objects.get_or_create(name=name, defaults={"source": source})[0]


def company_by_domain(domain: str) -> Company | None:
    if not domain:
        return None
    same = Company.objects.alias(domain_in_lower_case=Lower("domain")).exclude(domain="")
    return same.filter(domain_in_lower_case=domain.lower()).first()


def _known_as(name: str, domain: str) -> Any:
    known = Company.objects.alias(domain_in_lower_case=Lower("domain"), name_in_lower_case=Lower("name"))
    by_domain = Q(domain_in_lower_case=domain) & ~Q(domain="")
    by_name = Q(name_in_lower_case=name, domain="")
    return known.filter(by_domain | by_name).order_by(F("domain").desc(), "id")[:1]


KNOWN_AS = Prepared(_known_as, name=str, domain=str)


def company_known_as(name: str, domain: str) -> Company | None:
    """The company with this domain, else the oldest of this name that has no other domain."""
    if not domain or not name:
        return company_by_domain(domain) or company_by_name(name)
    return KNOWN_AS.first(name=name.lower(), domain=domain.lower())


def company_by_name(name: str) -> Company | None:
    """The oldest company of this name, whatever its capitals."""
    if not name:
        return None
    same = Company.objects.alias(name_in_lower_case=Lower("name")).filter(name_in_lower_case=name.lower())
    return same.order_by(F("domain").desc(), "id").first()
