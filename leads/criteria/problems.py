"""What is wrong with a draft, named at the line that is wrong: contradictions, points that nobody can reach, lines without effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from leads.criteria import coercion
from leads.criteria.definition import All, AnyOf, Op, Rule, RuleNotUnderstood, Test, parse
from leads.criteria.known_facts import COLUMNS, label
from leads.models.criteria import CriteriaSet, Criterion


@dataclass(frozen=True)
class Problem:
    """`key` is the criterion it stands at; empty for the set as a whole."""

    key: str
    text: str


def problems(criteria_set: CriteriaSet) -> list[Problem]:
    """Everything that keeps this draft from being proposed, in the order of the page."""
    lines = list(criteria_set.criteria.order_by("-required", "position", "id"))
    if not lines:
        return [Problem("", _("There is no criterion yet."))]
    found = [problem for line in lines if (problem := _of_line(line))]
    if found:
        return found
    return [*_between_must_haves(lines), *_of_points(criteria_set, lines)]


def _of_line(line: Criterion) -> Problem | None:
    try:
        fact = contradiction([parse(line.rule)]) if line.is_hard else None
    except RuleNotUnderstood as error:
        return Problem(line.key, str(error))
    if fact:
        return Problem(line.key, _("No lead can meet “%(label)s”: it contradicts itself on %(fact)s.") % {"label": line.label, "fact": label(fact)})  # fmt: skip
    if not line.required and not line.points:
        return Problem(line.key, _("“%(label)s” gives no points. Give it some, make it a must-have, or remove it.") % {"label": line.label})  # fmt: skip
    return None


def _between_must_haves(lines: list[Criterion]) -> Iterator[Problem]:
    """A must-have that cannot hold together with those before it."""
    before: list[Rule] = []
    for line in lines:
        if not (line.is_hard and line.required):
            continue
        rule = parse(line.rule)
        if fact := contradiction([*before, rule]):
            yield Problem(line.key, _("No lead can meet “%(label)s” together with the must-haves above it: they contradict each other on %(fact)s.") % {"label": line.label, "fact": label(fact)})  # fmt: skip
        else:
            before.append(rule)


def _of_points(criteria_set: CriteriaSet, lines: list[Criterion]) -> Iterator[Problem]:
    must = [parse(line.rule) for line in lines if line.is_hard and line.required]
    reachable = sum(
        line.points
        for line in lines
        if line.required or not line.is_hard or not contradiction([*must, parse(line.rule)])
    )
    if reachable < criteria_set.points_needed:
        yield Problem("", _("%(needed)s points are needed, but a lead can get at most %(reachable)s.") % {"needed": criteria_set.points_needed, "reachable": reachable})  # fmt: skip


def contradiction(rules: Iterable[Rule]) -> str | None:
    """The fact on which these rules cannot all hold, as far as bounds and lists tell; None when nothing is impossible."""
    claims: dict[str, _Claim] = {}
    for test in _all_of_them(rules):
        if not claims.setdefault(test.fact, _Claim(test.fact)).can_also(test):
            return test.fact
    return None


def _all_of_them(rules: Iterable[Rule]) -> Iterator[Test]:
    """The tests that must hold in any case: through “all”, not through “any” of several or “not”."""
    for rule in rules:
        if isinstance(rule, Test):
            yield rule
        elif isinstance(rule, All) or (isinstance(rule, AnyOf) and len(rule.rules) == 1):
            yield from _all_of_them(rule.rules)


class _Claim:
    """What the tests so far leave possible for one fact."""

    def __init__(self, fact: str) -> None:
        self.holds_one_value = fact in COLUMNS and len(COLUMNS[fact].columns) == 1
        self.bounds: dict[type, list[Any]] = {Decimal: [None, None], date: [None, None]}
        self.wanted: list[set[str]] = []  # one of each has to be there
        self.refused: set[str] = set()

    def can_also(self, test: Test) -> bool:
        value: Any = test.value
        match test.op:
            case Op.EQUALS if isinstance(value, Decimal):
                return self._between(value, value)
            case Op.EQUALS if isinstance(value, str):
                return self._one_of([value])
            case Op.AT_LEAST:
                return self._between(value, None)
            case Op.AT_MOST:
                return self._between(None, value)
            case Op.BETWEEN:
                return self._between(*value)
            case Op.BEFORE:
                return self._between(None, value, open_ended=True)
            case Op.AFTER:
                return self._between(value, None, open_ended=True)
            case Op.IS_ONE_OF:
                return self._one_of(value)
            case Op.IS_NOT_ONE_OF:
                self.refused |= set(map(coercion.fold, value))
                return self._some_left()
        return True

    def _between(self, low: Any, high: Any, *, open_ended: bool = False) -> bool:
        kind = Decimal if isinstance(low if low is not None else high, Decimal) else date
        bounds = self.bounds[kind]
        bounds[0] = max((bound for bound in (bounds[0], low) if bound is not None), default=None)
        bounds[1] = min((bound for bound in (bounds[1], high) if bound is not None), default=None)
        if None in bounds:
            return True
        return bounds[0] < bounds[1] if open_ended else bounds[0] <= bounds[1]

    def _one_of(self, values: Iterable[str]) -> bool:
        """A fact that holds several values may satisfy two lists at once; a column may not."""
        wanted = set(map(coercion.fold, values))
        if self.holds_one_value and self.wanted:
            self.wanted = [self.wanted[0] & wanted]
        else:
            self.wanted.append(wanted)
        return self._some_left()

    def _some_left(self) -> bool:
        return all(wanted - self.refused for wanted in self.wanted)
