"""What is known about a lead: named values with their origin and moment, written once and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from leads import signals, tidying
from leads.models import Lead, LeadFact

if TYPE_CHECKING:
    from smarketing.accounts.models import User

LONGEST_KEY = 80
LONGEST_VALUE = 2000


class NotAFact(ValueError):
    """The name or the value cannot be kept as a fact. `key` says which."""

    def __init__(self, key: str, message: str) -> None:
        self.key = key
        super().__init__(message)


@transaction.atomic
def learn(
    lead: Lead, values: Mapping[str, Any], *, origin: str, by: User | None, at: datetime
) -> list[LeadFact]:
    """`lead.facts` holds these values; each that differs from what was known has its LeadFact. Raises NotAFact."""
    wanted = tidied(values)
    if not wanted:
        return []
    return _keep(lead, wanted, known=_locked_facts(lead), origin=origin, by=by, at=at)


@transaction.atomic
def count_one_more(lead: Lead, key: str, *, origin: str, by: User | None, at: datetime) -> int:
    """The counting fact `key` is one higher than it was, also when several count at once."""
    known = _locked_facts(lead)
    before = known.get(key)
    count = before + 1 if isinstance(before, int) and not isinstance(before, bool) else 1
    _keep(lead, {key: count}, known=known, origin=origin, by=by, at=at)
    return count


def first_known(
    lead: Lead, values: Mapping[str, Any], *, origin: str, by: User | None, at: datetime
) -> list[LeadFact]:
    """The facts with which a lead begins, to be written with it. Nobody hears of a change: there was none."""
    return _told(lead, values, origin=origin, by=by, at=at)


def remember_columns(
    lead: Lead, values: Mapping[str, Any], *, origin: str, by: User | None, at: datetime
) -> None:
    """A change of a column that is also a fact (company size, country, source...) has its history in LeadFact too."""
    LeadFact.objects.bulk_create(
        LeadFact(lead=lead, key=key, value=value, origin=origin, known_at=at, known_by=by)
        for key, value in tidied(values).items()
    )


def tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same facts with names and values that can be kept. Raises NotAFact."""
    kept = {}
    for name, given in values.items():
        key, value = tidying.line(name), tidying.value(given)
        if not key or len(key) > LONGEST_KEY:
            raise NotAFact(key[:LONGEST_KEY], _("The name of a fact has 1 to 80 characters."))
        if len(str(value)) > LONGEST_VALUE:
            raise NotAFact(key, _("The value of a fact has at most 2,000 characters."))
        kept[key] = value
    return kept


def _locked_facts(lead: Lead) -> dict[str, Any]:
    return Lead.objects.select_for_update().values_list("facts", flat=True).get(pk=lead.pk)


def _keep(
    lead: Lead,
    wanted: Mapping[str, Any],
    *,
    known: dict[str, Any],
    origin: str,
    by: User | None,
    at: datetime,
) -> list[LeadFact]:
    news = {
        key: value for key, value in wanted.items() if key not in known or not _is_same(known[key], value)
    }
    lead.facts = known | news
    if not news:
        return []
    Lead.objects.filter(pk=lead.pk).update(facts=lead.facts)
    written = LeadFact.objects.bulk_create(_told(lead, news, origin=origin, by=by, at=at))
    signals.fact_learned.send(sender=Lead, lead=lead, keys=list(news), by=by, at=at)
    return written


def _told(
    lead: Lead, news: Mapping[str, Any], *, origin: str, by: User | None, at: datetime
) -> list[LeadFact]:
    return [
        LeadFact(lead=lead, key=key, value=value, origin=origin[:120], known_at=at, known_by=by)
        for key, value in news.items()
    ]


def _is_same(old: Any, new: Any) -> bool:
    """1 and True are equal to Python but not to a reader."""
    return old == new and isinstance(old, bool) == isinstance(new, bool)
