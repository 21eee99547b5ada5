"""Where an answer comes from: the value, its source, when it was learned and by whom; or what a person said and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from leads.criteria import known_facts
from leads.criteria.definition import facts_in
from leads.models.criteria import Criterion
from leads.models.judgement import Judgement, LeadFact
from smarketing import words
from smarketing.prepared import Prepared

if TYPE_CHECKING:
    from leads.models import Lead

Key = tuple[int, str]  # lead, criterion


@dataclass(frozen=True)
class Evidence:
    text: str
    origin: str = ""
    known_at: datetime | None = None
    known_by: Any = None


def evidence_by_lead(
    leads: Iterable[Lead], criteria: Iterable[Criterion], *, with_origins: bool = True
) -> dict[Key, tuple[Evidence, ...]]:
    """For each lead and criterion that a person or a fact says something about: first the person's word, then the facts.

    Two queries, however many leads; one without the origins of the facts.
    """
    leads, criteria = list(leads), list(criteria)
    tested = {
        criterion.key: facts_in(criterion.understood_rule) for criterion in criteria if criterion.is_hard
    }
    judged = _newest_judgements(leads, criteria)
    keys = {fact for facts in tested.values() for fact in facts} if with_origins else set()
    learned = _newest_facts(leads, keys)
    found = {}
    for lead in leads:
        values = known_facts.facts_of(lead)
        for criterion in criteria:
            judgement = judged.get((lead.pk, criterion.key))
            pieces = [_of_judgement(judgement)] if judgement else []
            pieces += [
                _of_fact(fact, values[fact], learned.get((lead.pk, fact)), lead)
                for fact in tested.get(criterion.key, [])
                if not _is_nothing(values.get(fact))
            ]
            found[lead.pk, criterion.key] = tuple(pieces)
    return found


JUDGED = Prepared(
    lambda leads, keys: (
        Judgement.objects.filter(lead__any_of=leads, key__any_of=keys)
        .order_by("lead_id", "key", "-id")
        .distinct("lead_id", "key")
        .select_related("judged_by")
    ),
    leads=list,
    keys=list,
)
LEARNED = Prepared(
    lambda leads, keys: (
        LeadFact.objects.filter(lead__any_of=leads, key__any_of=keys)
        .order_by("lead_id", "key", "-known_at", "-id")
        .distinct("lead_id", "key")
        .select_related("known_by")
    ),
    leads=list,
    keys=list,
)


def _newest_judgements(leads: list[Lead], criteria: list[Criterion]) -> dict[Key, Judgement]:
    """Only those that still count: of a rule's criterion, a judgement that agrees with the rule was a correction taken back."""
    if not criteria:
        return {}
    rows = JUDGED.objects(leads=[lead.pk for lead in leads], keys=[criterion.key for criterion in criteria])
    answers = {lead.pk: lead.answers for lead in leads}
    rules = {criterion.key for criterion in criteria if criterion.is_hard}
    return {
        (row.lead_id, row.key): row for row in rows if row.key not in rules or row.key in answers[row.lead_id]
    }


def _newest_facts(leads: list[Lead], keys: set[str]) -> dict[Key, LeadFact]:
    if not keys:
        return {}
    rows = LEARNED.objects(leads=[lead.pk for lead in leads], keys=list(keys))
    return {(row.lead_id, row.key): row for row in rows}


def _of_judgement(judgement: Judgement) -> Evidence:
    return Evidence(
        judgement.evidence or str(judgement.get_answer_display()),
        _("judged"),
        judgement.judged_at,
        judgement.judged_by,
    )


def _of_fact(key: str, value: Any, learned: LeadFact | None, lead: Lead) -> Evidence:
    text = f"{known_facts.label(key)}: {written(known_facts.name_of(key, value))}"
    if learned is not None:
        return Evidence(text, learned.origin, learned.known_at, learned.known_by)
    return Evidence(text, known_at=lead.captured_at)


def _is_nothing(value: Any) -> bool:
    return value in (None, "", [], {}) or (isinstance(value, list) and not any(value))


def written(value: Any) -> str:
    """A value of a fact as people read it."""
    if isinstance(value, list):
        return ", ".join(written(item) for item in value if item not in (None, ""))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and (moment := _moment(value)):
        value = moment
    return words.short_date(value) if isinstance(value, date) else str(value)[:200]


def _moment(text: str) -> date | None:
    """A moment that a program wrote; one without an offset is a day of the company already."""
    try:
        moment = parse_datetime(text) if len(text) >= 10 and text[4:5] == "-" else None
    except ValueError:
        return None
    return moment.date() if moment and timezone.is_naive(moment) else moment
