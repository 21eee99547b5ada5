"""Plausible promises for a first agreement: from the company's own last three months where they say enough, else examples."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from django.utils.translation import gettext as _

from handoff.models import Handoff
from sla.business_time import BusinessCalendar, NoOpenTime
from sla.calculator import rates
from sla.models import Agreement, TermKind
from smarketing import words

MONTHS = 3
ENOUGH = 20  # cases, below which the past suggests nothing
STEP = 1_800  # targets come in half hours
LOOKED_AT = 2_000
USUAL_SHARE = 90


@dataclass(frozen=True)
class Suggestion:
    values: dict[str, Any]
    because: str


def from_history(calendar: BusinessCalendar, *, at: datetime) -> dict[str, Suggestion]:
    """By kind of promise; a kind about which the past says too little is left out."""
    since = at - MONTHS * rates.MONTH
    sent = Handoff.objects.filter(sent_at__gte=since, sent_at__lt=at)
    found = {
        TermKind.SQLS_DELIVERED: _a_month(sent.count()),
        TermKind.CAPACITY: _a_month(sent.exclude(accepted_at=None).count()),
        TermKind.SQL_QUALITY: _quality(sent),
        TermKind.ANSWER_HANDOFF: _within(sent, "accepted_at", calendar),
        TermKind.FIRST_CONTACT_OTHER: _within(sent, "first_attempt_at", calendar),
    }
    return {kind: suggestion for kind, suggestion in found.items() if suggestion}


def put_into(draft: Agreement, suggestions: dict[str, Suggestion]) -> None:
    for kind, suggestion in suggestions.items():
        draft.terms.filter(kind=kind).update(**suggestion.values)


# Mechanics


def _a_month(number: int) -> Suggestion | None:
    if number < ENOUGH:
        return None
    monthly = round(number / MONTHS)
    because = _("In the last three months: %(n)s a month.") % {"n": words.number(monthly)}
    return Suggestion({"target_count": monthly}, because)


def _quality(sent: Any) -> Suggestion | None:
    """A little below what it was, in steps of five: a promise is kept, not equalled."""
    accepted = sent.filter(returned_at=None).exclude(accepted_at=None).count()
    answered = accepted + sent.exclude(returned_at=None).count()
    if answered < ENOUGH:
        return None
    share = 100 * accepted / answered
    because = _("In the last three months: %(share)s.") % {"share": words.percent(share / 100)}
    return Suggestion({"target_share": min(95, int(share // 5 * 5))}, because)


def _within(sent: Any, moment: str, calendar: BusinessCalendar) -> Suggestion | None:
    """The working time within which nine of ten happened, rounded up to half hours."""
    pairs = sent.exclude(**{moment: None}).order_by("-sent_at").values_list("sent_at", moment)[:LOOKED_AT]
    try:
        spans = sorted(calendar.elapsed_between(start, end) for start, end in pairs)
    except NoOpenTime:
        return None
    if len(spans) < ENOUGH:
        return None
    ninth = spans[ceil(len(spans) * USUAL_SHARE / 100) - 1]
    target = max(STEP, ceil(ninth / STEP) * STEP)
    because = _("In the last three months nine of ten took at most %(span)s.") % {
        "span": words.working_duration(ninth, day=1_000 * 3_600)
    }
    return Suggestion({"target_seconds": target, "target_share": USUAL_SHARE}, because)
