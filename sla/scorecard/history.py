"""A month as the scorecard shows it, running or frozen, and the twelve months up to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from sla.models import (
    Agreement,
    Restatement,
    RestatementKind,
    ScorecardMonth,
    ScorecardRow,
    Term,
    TermKind,
    TermSide,
)
from sla.scorecard import measuring, spending
from sla.scorecard.facts import ALL, Part
from sla.scorecard.measuring import AT_MOST, GROWING, Kept, cases_url
from sla.scorecard.standing import Standing, said
from smarketing.periods import Period, months_back

MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class Frozen(Standing):
    """A promise as it was written down at month end; `latest` is the figure after the corrections since."""

    row: ScorecardRow
    month: Period
    restatements: list[Restatement] = field(default_factory=list)

    @classmethod
    def of(cls, row: ScorecardRow, month: Period) -> Frozen:
        grows = row.term.kind in GROWING
        return cls(
            row=row, month=month, unit=row.unit, target=_number(row.target), actual=_number(row.actual), cases=row.cases, misses=row.misses,
            misses_left=row.misses_left, pace=_number(row.target) if grows else None, at_most=row.term.kind in AT_MOST,
            restatements=sorted(row.restatements.all(), key=lambda each: each.number),
        )  # fmt: skip

    @property
    def term(self) -> Term:
        return self.row.term

    @property
    def note(self) -> str:
        """In whatever language it is read: of a cost only the number of campaigns was written down."""
        if self.term.kind == TermKind.COST_PER_SQL:
            return spending.lacking_in_words(int(self.row.note or 0))
        return self.row.note

    @property
    def part_words(self) -> str:
        return measuring.part_in_words(self.term, self.target)

    @property
    def latest(self) -> float | None:
        return _number(self.restatements[-1].actual) if self.restatements else self.actual

    @property
    def latest_said(self) -> str:
        return said(self.latest, self.unit)

    @property
    def url(self) -> str:
        return self._opens(Part.KEPT)

    @property
    def cases_url(self) -> str:
        return self._opens(ALL)

    @property
    def misses_url(self) -> str:
        return self._opens(Part.MISSED) if self.misses is not None else ""

    @property
    def apart(self) -> list[tuple[Part, int, str]]:
        return [(Part.OPEN, self.row.still_open, self._opens(Part.OPEN))] if self.row.still_open else []

    def _opens(self, part: str) -> str:
        return cases_url(self.row.key, self.month, part) + "&frozen=1" if self.has_leads else ""

    @property
    def has_leads(self) -> bool:
        return self.unit != "number"


@dataclass(frozen=True)
class Point:
    """One month of one promise."""

    month: Period
    actual: float | None
    said: str


@dataclass(frozen=True)
class Line:
    """One promise on the scorecard: the figure of the month, and the months before it."""

    term: Term
    figure: Kept | Frozen
    points: list[Point]

    @property
    def values(self) -> list[float | None]:
        return [point.actual for point in self.points]


@dataclass(frozen=True)
class Scorecard:
    month: Period
    agreement: Agreement | None
    lines: list[Line]
    frozen: ScorecardMonth | None

    @property
    def restatements(self) -> list[Restatement]:
        found = [each for line in self.lines if isinstance(line.figure, Frozen) for each in line.figure.restatements]  # fmt: skip
        return sorted(found, key=lambda each: (each.found_at, each.pk), reverse=True)

    @property
    def corrections(self) -> list[Restatement]:
        return [each for each in self.restatements if each.kind != RestatementKind.SETTLED]

    @property
    def sides(self) -> list[dict[str, Any]]:
        """Both sides' promises, each under who owes them."""
        return [
            {"side": side, "label": TermSide(side).label, "lines": [line for line in self.lines if line.term.side == side]}
            for side in TermSide.values
            if any(line.term.side == side for line in self.lines)
        ]  # fmt: skip


def scorecard(month: Period, *, at: datetime) -> Scorecard:
    """What was written down when the month is frozen, what the facts say now while it is not."""
    frozen = ScorecardMonth.objects.filter(month=month.first_day).select_related("agreement").first()
    if frozen:
        figures: list[Kept | Frozen] = [Frozen.of(row, month) for row in _rows(frozen)]
        agreement: Agreement | None = frozen.agreement
    else:
        agreement = measuring.agreement_of(month)
        figures = (
            list(measuring.measure(agreement.terms_in_order(), agreement, month, at=at)) if agreement else []
        )
    points = _points(figures, month)
    lines = [Line(figure.term, figure, points[figure.term.key]) for figure in figures]
    return Scorecard(month, agreement, lines, frozen)


def _rows(frozen: ScorecardMonth) -> QuerySet[ScorecardRow]:
    restated = Restatement.objects.select_related("by", "row__term").prefetch_related("moved__event")
    return (
        frozen.rows.defer("kept_ids", "missed_ids", "open_ids").select_related("term")
        .prefetch_related(Prefetch("restatements", restated)).order_by("position")
    )  # fmt: skip


def _points(figures: Sequence[Kept | Frozen], month: Period) -> dict[str, list[Point]]:
    """Twelve months up to this one, as they stand after their restatements; a month that was not frozen is a gap."""
    months = months_back(month, MONTHS)
    rows = (
        ScorecardRow.objects.filter(
            key__in=[figure.term.key for figure in figures], scorecard__month__gte=months[0].first, scorecard__month__lt=month.first
        ).values_list("key", "scorecard__month", "actual", "pk")
    )  # fmt: skip
    found = list(rows)
    restated = Restatement.objects.filter(row__in=[pk for _key, _month, _actual, pk in found])
    latest = {each.row_id: each.actual for each in restated.order_by("number")}
    actual = {(key, day): _number(latest.get(pk, frozen)) for key, day, frozen, pk in found}
    points: dict[str, list[Point]] = {}
    for figure in figures:
        key = figure.term.key
        before = [(each, actual.get((key, each.first_day))) for each in months[:-1]]
        now = figure.latest if isinstance(figure, Frozen) else figure.actual
        points[key] = [
            Point(each, value, said(value, figure.unit)) for each, value in [*before, (month, now)]
        ]
    return points


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
