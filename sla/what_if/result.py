"""The answer in words and figures: per promise then and now, and what changes side. Each figure knows the hand-offs behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sla.models import Agreement, Judgement, Term, TermKind, WhatIf, WhatIfCase
from sla.promises import MEASURED_BY_CLOCKS
from sla.what_if.running import ACCEPTED, SENT
from smarketing import words

KEPT, MISSED = Judgement.KEPT.value, Judgement.MISSED.value
MONTHS = 3  # thirteen weeks
FEW = 20  # below, a share says little
LOOKED_BACK_ON = [*MEASURED_BY_CLOCKS, TermKind.SQL_QUALITY, TermKind.BRIEF_COMPLETE]
NUMBERS: dict[str, str] = {TermKind.SQLS_DELIVERED: SENT, TermKind.CAPACITY: ACCEPTED}

# What a change of side is called, as (was, becomes).
MOVES: dict[tuple[str, str], Any] = {
    (KEPT, MISSED): _("in time then, late now"),
    (MISSED, KEPT): _("late then, in time now"),
    ("", MISSED): _("not a case then, late now"),
    (MISSED, ""): _("late then, not a case now"),
}

MISSED_THEN, MISSED_NOW = _("missed then"), _("missed under the new text")


@dataclass(frozen=True)
class Figure:
    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Side:
    """One promise in the quarter, under one of the two texts. `actual` is in percent, or a number a month."""

    actual: float | None
    target: float | None
    cases: int
    misses: Figure | None
    is_share: bool

    @property
    def words(self) -> str:
        if self.actual is None:
            return words.NOTHING
        return words.percent(self.actual / 100) if self.is_share else words.number(self.actual)

    @property
    def target_words(self) -> str:
        if self.target is None:
            return words.NOTHING
        return words.percent(self.target / 100) if self.is_share else words.number(self.target)

    @property
    def is_few(self) -> bool:
        return self.is_share and self.cases < FEW

    @property
    def is_kept(self) -> bool | None:
        """None when there is too little to judge, or nothing was promised."""
        if self.actual is None or self.target is None or self.is_few:
            return None
        return self.actual >= self.target


@dataclass(frozen=True)
class Row:
    number: int
    key: str
    sentence: str
    former_sentence: str  # empty: it was not promised; the same as `sentence`: it stays
    then: Side
    now: Side
    moves: list[Figure]

    @property
    def changes(self) -> bool:
        return self.sentence != self.former_sentence


def rows(what_if: WhatIf) -> list[Row]:
    """Every promise of the text that can be looked back on, in its order and with its number."""
    former = _former_terms(what_if.compared_to)
    numbered = enumerate(what_if.agreement.terms_in_order(), start=1)
    return [
        _row(what_if, number, term, former.get(term.key))
        for number, term in numbered
        if term.kind in LOOKED_BACK_ON or term.kind in NUMBERS
    ]


def not_looked_back_on(what_if: WhatIf) -> list[str]:
    """Promises about which the past says nothing new: only their target can change."""
    return [
        term.sentence
        for term in what_if.agreement.terms_in_order()
        if term.kind not in LOOKED_BACK_ON and term.kind not in NUMBERS
    ]


def cases(what_if: WhatIf, term_key: str, *, was: str | None, becomes: str | None) -> QuerySet[WhatIfCase]:
    """The hand-offs behind a figure: missed then, missed now, or changed side. None: whatever it was."""
    asked = {name: value for name, value in (("was", was), ("becomes", becomes)) if value is not None}
    return what_if.cases.filter(term_key=term_key, **asked)


def as_data(what_if: WhatIf) -> dict[str, Any]:
    """The same for other software."""
    return {
        "state": what_if.state,
        "from": what_if.from_on,
        "to": what_if.to_on,
        "compared_to": what_if.compared_to.version if what_if.compared_to else None,
        "handoffs": what_if.total,
        "done": what_if.done,
        "terms": [
            {
                "key": row.key,
                "sentence": row.sentence,
                "then": _side_as_data(row.then),
                "now": _side_as_data(row.now),
                "moves": {
                    f"{was.lower() or 'no_case'}_to_{becomes.lower() or 'no_case'}": move.count
                    for (was, becomes), move in zip(MOVES, row.moves, strict=False)
                },
            }
            for row in (rows(what_if) if what_if.is_done else [])
        ],
    }


# Mechanics


def _former_terms(former: Agreement | None) -> dict[str, Term]:
    return {term.key: term for term in former.terms.all()} if former else {}


def _row(what_if: WhatIf, number: int, term: Term, former: Term | None) -> Row:
    if term.kind in NUMBERS:
        count = what_if.tallies.get("", {}).get(NUMBERS[term.kind], 0)
        then, now, moves = _number(count, former), _number(count, term), []
    else:
        tally = what_if.tallies.get(term.key, {})
        then, now = _share(what_if, term.key, tally, 0, former), _share(what_if, term.key, tally, 1, term)
        moves = [
            Figure(str(label), tally.get(f"{was}>{becomes}", 0), _url(what_if, term.key, was, becomes))
            for (was, becomes), label in MOVES.items()
        ]
    return Row(number, term.key, term.sentence, former.sentence if former else "", then, now, moves)


def _share(what_if: WhatIf, key: str, tally: dict[str, int], place: int, term: Term | None) -> Side:
    """Of the cases under the first (0) or the second (1) text, the share that is kept."""
    counts = {KEPT: 0, MISSED: 0, "": 0}
    for change, count in tally.items():
        counts[change.split(">")[place]] += count
    cases = counts[KEPT] + counts[MISSED]
    asked = {"was" if place == 0 else "becomes": MISSED}
    return Side(
        actual=100 * counts[KEPT] / cases if cases else None,
        target=float(term.target_share) if term and term.target_share is not None else None,
        cases=cases,
        misses=Figure(str(_("missed")), counts[MISSED], _url(what_if, key, **asked)),
        is_share=True,
    )


def _number(count: int, term: Term | None) -> Side:
    target = term.monthly_count if term else None
    return Side(
        round(count / MONTHS, 1), None if target is None else round(target, 1), count, None, is_share=False
    )


def _url(what_if: WhatIf, key: str, was: str | None = None, becomes: str | None = None) -> str:
    address = reverse("sla:what_if_cases", args=[what_if.agreement_id, key])
    asked = [f"{name}={value}" for name, value in (("was", was), ("becomes", becomes)) if value is not None]
    return f"{address}?{'&'.join(asked)}"


def _side_as_data(side: Side) -> dict[str, Any]:
    return {
        "actual": side.actual,
        "target": side.target,
        "cases": side.cases,
        "missed": side.misses.count if side.misses else None,
        "misses_url": side.misses.url if side.misses else None,
    }
