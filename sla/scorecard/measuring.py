"""What came of each promise in a month: one function per kind of figure, a few statements for all of them, nothing cached.

Promises that read the same table are counted together: a month of thousands of hand-offs is read once, not once per promise.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from math import floor
from typing import Any

from django.db.models import Count, Q, Sum, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from sla import promises
from sla.models import Agreement, OwnValue, Term, TermKind, TermSide
from sla.scorecard import facts, spending
from sla.scorecard.facts import ALL, APART, CASES, CLOCKS, DEFINITIONS, Part
from sla.scorecard.standing import COUNT, MONEY, NUMBER, SHARE, Pace, Standing, pace_of, said
from smarketing.accounts.models import Side
from smarketing.periods import Period

UNITS = {
    TermKind.SQLS_DELIVERED: COUNT,
    TermKind.CAPACITY: COUNT,
    TermKind.REVENUE: MONEY,
    TermKind.COST_PER_SQL: MONEY,
    TermKind.OWN: NUMBER,
}
AT_MOST = [TermKind.COST_PER_SQL]  # the promise is kept below the target
WRITTEN_DOWN = [Part.KEPT, Part.MISSED, Part.OPEN]
GROWING = [
    TermKind.SQLS_DELIVERED,
    TermKind.CAPACITY,
    TermKind.REVENUE,
]  # over the month, so that it has a pace


@dataclass(frozen=True)
class Kept(Standing):
    """One promise in one month. `actual` and `target` are counts, amounts, or shares in percent, as `unit` says; None is not known yet.

    `parts`: how many rows stand where; kept, missed and the rest are cases, the others are shown apart; together they are the whole.
    `misses_left`: how many more may be missed before the share is broken, negative when it is.
    """

    term: Term
    month: Period
    parts: dict[Part, int] = field(default_factory=dict)
    note: str = ""  # of an own value, or what a cost lacks
    lacking: int = 0  # campaigns without a cost

    @property
    def key(self) -> str:
        return self.term.key

    @property
    def owner(self) -> str:
        return self.term.side

    @property
    def sentence(self) -> str:
        return promises.sentence(self.term)

    @property
    def how_measured(self) -> str:
        return promises.how_measured(self.term)

    @property
    def part_words(self) -> str:
        return part_in_words(self.term, self.target)

    @property
    def apart(self) -> list[tuple[Part, int, str]]:
        """What is no case, with the leads: not decided yet, no longer applied, could not be measured."""
        return [(part, self.parts[part], self.leads_url(part)) for part in APART if self.parts.get(part)]

    @property
    def has_leads(self) -> bool:
        return self.term.kind != TermKind.OWN

    @property
    def url(self) -> str:
        """What the figure counts: of a share those that were kept."""
        return self.leads_url(Part.KEPT) if self.has_leads else ""

    @property
    def cases_url(self) -> str:
        return self.leads_url(ALL) if self.has_leads else ""

    @property
    def misses_url(self) -> str:
        return self.leads_url(Part.MISSED) if self.misses is not None and self.has_leads else ""

    def leads_url(self, part: str) -> str:
        return cases_url(self.term.key, self.month, part)


def cases_url(key: str, month: Period, part: str) -> str:
    return reverse("sla:scorecard_cases", args=[key]) + f"?month={month.first_day:%Y-%m}&show={part}"


def of_month(month: Period, *, at: datetime) -> list[Kept]:
    """Every promise that held in the month, as the facts stand now; empty when no agreement was in force."""
    agreement = agreement_of(month)
    return measure(agreement.terms_in_order(), agreement, month, at=at) if agreement else []


def agreement_of(month: Period) -> Agreement | None:
    """The version in force at the end of the month, or now: its targets are those of the whole month."""
    began = Agreement.objects.filter(in_force_at__lt=month.ends_at).select_related(
        "marketing_calendar", "sales_calendar"
    )
    return began.order_by("-in_force_at", "-version").first()


def measure(terms: list[Term], agreement: Agreement, month: Period, *, at: datetime) -> list[Kept]:
    """How many stand where, without fetching them."""
    return _figures(terms, agreement, month, _count_all(terms, month, at), at)


@dataclass(frozen=True)
class Counted:
    """A figure with the ids behind it, read in one statement: what is written down at month end."""

    figure: Kept
    where: dict[int, str]  # id -> kept, missed or open; of a cohort only the customers

    def ids(self, part: str) -> list[int]:
        return sorted(pk for pk, where in self.where.items() if where == part)


def with_ids(terms: list[Term], agreement: Agreement, month: Period, *, at: datetime) -> list[Counted]:
    """The same figures, counted from the rows themselves."""
    counts, where = _count_all(terms, month, at), {}
    for term in terms:
        rows = DEFINITIONS[term.kind].rows(term, month)
        if DEFINITIONS[term.kind].table == facts.COHORT:
            rows = rows.filter(customer_at__isnull=False)
        found = rows.annotate(part=facts.part_of(term, month, at=at)).values_list("pk", "part")
        where[term.key] = {pk: part for pk, part in found if part in WRITTEN_DOWN}
        told = Counter(where[term.key].values())
        counts.setdefault(term.key, {}).update({part.value: told.get(part.value, 0) for part in WRITTEN_DOWN})
    figures = _figures(terms, agreement, month, counts, at)
    return [Counted(figure, where[figure.key]) for figure in figures]


def _figures(terms: list[Term], agreement: Agreement, month: Period, counted: dict[str, dict[str, Any]], at: datetime) -> list[Kept]:  # fmt: skip
    values = _own_values(terms, month)
    paces = _Paces(agreement, at)
    return [
        _figure(
            term,
            month,
            counted.get(term.key, {}),
            pace=paces.of(term, month),
            promised=paces.promised(term, month),
            values=values.get(term.key, []),
            spend=spending.of(facts.span_of(term, month), term.excluded_sources)
            if term.kind == TermKind.COST_PER_SQL
            else None,
        )
        for term in terms
    ]


def _figure(term: Term, month: Period, counts: dict[str, Any], *, pace: Pace, promised: float, values: list[OwnValue], spend: spending.Spend | None) -> Kept:  # fmt: skip
    parts = {part: counts.get(part, 0) for part in Part if counts.get(part)}
    unit = UNITS.get(TermKind(term.kind), SHARE)
    kept, cases = parts.get(Part.KEPT, 0), sum(parts.get(part, 0) for part in CASES)
    misses = left = expected = None
    target = _number(target_of(term))
    if term.kind in GROWING and target is not None and promised < 1:
        target = float(round(target * promised))
    match unit:
        case "percent":
            actual = round(100 * kept / cases, 2) if cases else None
            if term.kind != TermKind.CONVERSION:
                misses = parts.get(Part.MISSED, 0)
                left = None if target is None else floor(cases * (100 - target) / 100 + 1e-9) - misses
        case "count":
            actual = kept
        case "money" if term.kind == TermKind.COST_PER_SQL:
            actual = spend.per(kept) if spend else None
        case "money":
            actual = _number(counts.get("amount") or Decimal(0))
        case _:
            actual, cases = _number(sum(each.value for each in values) if values else None), len(values)
    if term.kind in GROWING and target is not None:
        expected = round(pace.expected(target), 1)
    return Kept(
        term=term, month=month, parts=parts, unit=unit, target=target, actual=actual, cases=cases, misses=misses, misses_left=left, pace=expected,
        at_most=term.kind in AT_MOST, note=values[-1].note if values else spend.note if spend else "", lacking=spend.lacking if spend else 0,
    )  # fmt: skip


def target_of(term: Term) -> Decimal | int | None:
    match UNITS.get(TermKind(term.kind), SHARE):
        case "percent":
            return term.target_share
        case "count":
            return term.target_count or 0
    return term.target_amount


def part_in_words(term: Term, target: float | None) -> str:
    """Why the target is lower than the promise: it was made while the period ran. Empty when it is for the whole."""
    whole = _number(target_of(term))
    if term.kind not in GROWING or target is None or whole is None or target >= whole:
        return ""
    values = {"whole": said(whole, UNITS[TermKind(term.kind)])}
    return _("%(whole)s, for the days since the first agreement") % values


# Mechanics: one statement per table


def _count_all(terms: Iterable[Term], month: Period, at: datetime) -> dict[str, dict[str, Any]]:
    """Term key -> part -> how many."""
    tables: dict[tuple[Any, ...], list[Term]] = defaultdict(list)
    for term in terms:
        tables[DEFINITIONS[term.kind].table, term.cohort_months, term.period].append(term)
    counted: dict[str, dict[str, Any]] = {}
    for (table, *_same), those in tables.items():
        if table == CLOCKS:
            counted |= _count_clocks(those, month, at)
        elif table == facts.COHORT and not any(term.excluded_sources for term in those):
            counted |= _count_cohorts(those, month, at)
        elif table != facts.ENTERED:
            counted |= _count_rows(those, month, at)
    return counted


def _count_clocks(terms: list[Term], month: Period, at: datetime) -> dict[str, dict[str, Any]]:
    """Their conditions are the same, but for the sources that each leaves out."""
    plain = [term for term in terms if not term.excluded_sources]
    groups = [plain, *([term] for term in terms if term.excluded_sources)]
    counted: dict[str, dict[str, Any]] = {}
    for group in filter(None, groups):
        keys = facts.versions_of([term.key for term in group])
        part = facts.part_of(group[0], month, at=at)
        rows = facts.clocks_of(list(keys), month).annotate(part=part)
        for found in rows.values("term_id", "part").annotate(n=Count("*")).order_by():
            told = counted.setdefault(keys[found["term_id"]], {})
            told[found["part"]] = told.get(found["part"], 0) + found["n"]
    return counted


def _count_cohorts(terms: list[Term], month: Period, at: datetime) -> dict[str, dict[str, Any]]:
    """All of them and the customers among them, each from its own index: who is no customer need not be read."""
    leads = facts.cohort(terms[0], month)
    bought = leads.filter(facts.by_purchase(terms[0], month, at)[Part.KEPT]).count()
    told = {Part.KEPT.value: bought, Part.REST.value: leads.count() - bought}
    return {term.key: dict(told) for term in terms}


def _count_rows(terms: list[Term], month: Period, at: datetime) -> dict[str, dict[str, Any]]:
    asked: dict[str, Any] = {}
    for number, term in enumerate(terms):
        for name, count in _counts(facts.conditions(term, month, at)).items():
            asked[f"t{number}_{name}"] = count
        if term.kind == TermKind.REVENUE:
            asked[f"t{number}_amount"] = Sum("opportunity__amount", filter=facts.conditions(term, month, at)[Part.KEPT])  # fmt: skip
    row = DEFINITIONS[terms[0].kind].rows(terms[0], month).aggregate(**asked)
    return {
        term.key: {name.removeprefix(f"t{number}_"): n for name, n in row.items() if name.startswith(f"t{number}_")}
        for number, term in enumerate(terms)
    }  # fmt: skip


def _counts(parts: dict[Part, Q]) -> dict[str, Count]:
    return {part.value: Count(Value(1), filter=condition) for part, condition in parts.items()}


def _own_values(terms: Iterable[Term], month: Period) -> dict[str, list[OwnValue]]:
    """Of a quarterly promise those of the quarter so far, which are added up."""
    own = {term.key: term for term in terms if term.kind == TermKind.OWN}
    if not own:
        return {}
    spans = {key: facts.span_of(term, month) for key, term in own.items()}
    first = min(span.first_day for span in spans.values())
    found: dict[str, list[OwnValue]] = {}
    entered = OwnValue.objects.filter(term_key__in=own, month__gte=first, month__lte=month.first_day)
    for value in entered.order_by("month"):
        if value.month >= spans[value.term_key].first_day:
            found.setdefault(value.term_key, []).append(value)
    return found


class _Paces:
    """The working days of each side and span, counted once. A joint promise goes by marketing's calendar."""

    def __init__(self, agreement: Agreement, at: datetime) -> None:
        self.agreement, self.at = agreement, at
        self.known: dict[tuple[str, Period], Pace] = {}

    def of(self, term: Term, month: Period) -> Pace:
        return self._counted(term, facts.promised_part(term, facts.whole_span_of(term, month)), month)

    def promised(self, term: Term, month: Period) -> float:
        """Which share of its working days the first agreement was in force: a number for a month is a smaller one for what was left of it."""
        whole = facts.whole_span_of(term, month)
        part = facts.promised_part(term, whole)
        days = self._counted(term, whole, month).days
        return 1.0 if part == whole or not days else self._counted(term, part, month).days / days

    def _counted(self, term: Term, span: Period, month: Period) -> Pace:
        side = Side.SALES if term.side == TermSide.SALES else Side.MARKETING
        if (side, span) not in self.known:
            self.known[side, span] = pace_of(self.agreement, side, span, min(self.at, _last_moment(month)))
        return self.known[side, span]


def _last_moment(month: Period) -> datetime:
    """A quarterly promise in a month that is over was expected as far as that month went."""
    assert month.ends_at
    return month.ends_at - timedelta(seconds=1)


def _number(value: Decimal | int | None) -> float | None:
    return None if value is None else float(value)


def exact(value: float | None) -> Decimal | None:
    """As it is written down: to the cent."""
    return None if value is None else Decimal(str(round(value, 2)))
