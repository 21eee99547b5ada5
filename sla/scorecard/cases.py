"""The very leads behind a figure, in the shape in which a list shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from handoff.models import Handoff
from leads.models import Lead
from sla.models import Clock, ScorecardRow, Term
from sla.scorecard import facts, measuring
from sla.scorecard.facts import ALL, DEFINITIONS, Part
from smarketing.periods import Period

LOADED = {
    Clock: ["handoff__lead__contact", "handoff__lead__company", "handoff__sender", "handoff__receiver", "calendar_version", "term"],
    Handoff: ["lead__contact", "lead__company", "sender", "receiver"],
    Lead: ["contact", "company", "marketer", "owner"],
}  # fmt: skip
NEWEST_FIRST = {Clock: "-started_at", Handoff: "-sent_at", Lead: "-captured_at"}


@dataclass(frozen=True)
class Case:
    lead: Lead
    at: datetime
    sender: Any
    receiver: Any
    is_pool: bool = False
    clock: Clock | None = None


def rows(term: Term, month: Period, part: str, *, at: datetime) -> QuerySet[Any]:
    """Exactly what the figure counts, the newest first."""
    return in_order(facts.behind(term, month, part, at=at), term)


def as_frozen(row: ScorecardRow, part: str) -> QuerySet[Any]:
    """What was counted when the month was frozen."""
    ids = {ALL: row.kept_ids + row.missed_ids, Part.KEPT: row.kept_ids, Part.MISSED: row.missed_ids, Part.OPEN: row.open_ids}  # fmt: skip
    whole = row.kept_ids + row.missed_ids + row.open_ids
    return in_order(DEFINITIONS[row.term.kind].model.objects.filter(pk__in=ids.get(part, whole)), row.term)


def is_by_clock(term: Term) -> bool:
    return DEFINITIONS[term.kind].model is Clock


def is_by_lead(term: Term) -> bool:
    return DEFINITIONS[term.kind].model is Lead


def in_order(found: QuerySet[Any], term: Term) -> QuerySet[Any]:
    model = DEFINITIONS[term.kind].model
    loaded = found.select_related(*LOADED[model]).order_by(NEWEST_FIRST[model], "-id")
    return loaded.prefetch_related("pauses") if model is Clock else loaded


def shown(found: Iterable[Any], term: Term) -> list[Case]:
    model = DEFINITIONS[term.kind].model
    if model is Lead:
        return [Case(lead, lead.captured_at, lead.marketer, lead.owner) for lead in found]
    handoffs = [(each.handoff, each) if model is Clock else (each, None) for each in found]
    return [
        Case(handoff.lead, handoff.sent_at, handoff.sender, handoff.receiver, handoff.receiver_id is None, clock)
        for handoff, clock in handoffs
    ]  # fmt: skip


def tabs(term: Term, month: Period, current: str, *, at: datetime) -> list[dict[str, Any]]:
    """Each part that has rows, with its number: together they are the whole."""
    agreement = measuring.agreement_of(month)
    assert agreement is not None
    figure = measuring.measure([term], agreement, month, at=at)[0]
    choices: list[tuple[str, Any, int]] = []
    if len(figure.parts) > 1:
        choices.append((ALL, _("all that count"), figure.cases))
    choices += [(part.value, part.label, n) for part, n in figure.parts.items()]
    if current not in [part for part, _label, _n in choices]:
        known = current in Part.values
        choices.append((current, Part(current).label if known else _("all"), 0 if known else sum(figure.parts.values())))  # fmt: skip
    return _as_tabs(choices, term.key, month, current)


def tabs_as_frozen(row: ScorecardRow, month: Period, current: str) -> list[dict[str, Any]]:
    ids = {Part.KEPT: row.kept_ids, Part.MISSED: row.missed_ids, Part.OPEN: row.open_ids}
    choices: list[tuple[str, Any, int]] = [
        (ALL, _("all that count"), len(row.kept_ids) + len(row.missed_ids))
    ]
    choices += [(part, part.label, len(those)) for part, those in ids.items() if those or part == current]
    return _as_tabs(choices, row.key, month, current, "&frozen=1")


def _as_tabs(choices: list[tuple[str, Any, int]], key: str, month: Period, current: str, more: str = "") -> list[dict[str, Any]]:  # fmt: skip
    return [
        {"label": label, "count": n, "url": measuring.cases_url(key, month, part) + more, "is_current": part == current}
        for part, label, n in choices
    ]  # fmt: skip
