"""What a version of the criteria says about a lead: per criterion yes, no or unknown, the points, and what is missing.

A criterion is answered by its rule or by a person; where both did, the person counts (`Lead.answers`, with the reason in `Judgement`).
`readiness.py` asks the same in SQL, for lists; a property test proves them equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from leads.criteria.evidence import Evidence, evidence_by_lead
from leads.criteria.known_facts import COLUMNS, facts_of
from leads.criteria.rules import evaluate, facts_in, sentence
from leads.models.criteria import CriteriaSet, Criterion
from leads.models.judgement import Answer

if TYPE_CHECKING:
    from leads.models import Lead

EvidenceFound = dict[tuple[int, str], tuple[Evidence, ...]]
GIVEN = frozenset(Answer.values)  # what a person can have answered
POINTS = "points"  # what `missing_keys` says when the points do not suffice


@dataclass(frozen=True)
class CriterionVerdict:
    """One line of the checklist. `automatic` is what the rule says, None for a question that only people answer."""

    criterion: Criterion
    answer: Answer
    automatic: Answer | None
    evidence: tuple[Evidence, ...] = ()

    @property
    def key(self) -> str:
        return self.criterion.key

    @property
    def label(self) -> str:
        return self.criterion.label

    @property
    def required(self) -> bool:
        return self.criterion.required

    @property
    def is_yes(self) -> bool:
        return self.answer == Answer.YES

    @property
    def is_missing(self) -> bool:
        return self.required and not self.is_yes

    @property
    def is_overridden(self) -> bool:
        """A person corrected what the rule said."""
        return self.automatic is not None and self.automatic != self.answer

    @property
    def points(self) -> int:
        return self.criterion.points if self.is_yes else 0

    @property
    def rule_in_words(self) -> str:
        return sentence(self.criterion.rule) if self.criterion.rule else ""

    @property
    def why_missing(self) -> str:
        """As the error summary says it: "Decider reachable is unknown"."""
        phrase = _("%(label)s: no") if self.answer == Answer.NO else _("%(label)s is unknown")
        return phrase % {"label": self.label}

    def as_json(self) -> dict[str, Any]:
        newest = self.evidence[0] if self.evidence else None
        return {
            "key": self.key,
            "label": self.label,
            "kind": self.criterion.kind.lower(),
            "required": self.required,
            "points": self.criterion.points,
            "answer": self.answer.value.lower(),
            "automatic": self.automatic.value.lower() if self.automatic else None,
            "evidence": "; ".join(piece.text for piece in self.evidence),
            "evidence_source": newest.origin if newest else "",
            "evidence_at": newest.known_at.isoformat() if newest and newest.known_at else None,
            "evidence_by": str(newest.known_by) if newest and newest.known_by else "",
        }


@dataclass(frozen=True)
class Verdict:
    """Without criteria in force everything is vacuously sales-ready: nothing was agreed, so nothing is missing."""

    criteria_set: CriteriaSet | None
    criteria: tuple[CriterionVerdict, ...] = field(default=())

    @property
    def criteria_version(self) -> int | None:
        return self.criteria_set.version if self.criteria_set else None

    @cached_property
    def points(self) -> int:
        return sum(line.points for line in self.criteria)

    @property
    def points_needed(self) -> int:
        return self.criteria_set.points_needed if self.criteria_set else 0

    @property
    def points_short(self) -> int:
        return max(0, self.points_needed - self.points)

    @cached_property
    def missing(self) -> tuple[CriterionVerdict, ...]:
        """The must-haves that are not answered with yes."""
        return tuple(line for line in self.criteria if line.is_missing)

    @property
    def missing_keys(self) -> list[str]:
        return [line.key for line in self.missing] + ([POINTS] if self.points_short else [])

    @property
    def reasons(self) -> list[str]:
        """What is missing, in words, each a line of its own."""
        short = _("%(points)s of %(needed)s points") % {"points": self.points, "needed": self.points_needed}
        return [line.why_missing for line in self.missing] + ([short] if self.points_short else [])

    @property
    def sales_ready(self) -> bool:
        return not self.missing and not self.points_short

    @property
    def must_haves(self) -> list[CriterionVerdict]:
        return [line for line in self.criteria if line.required]

    @property
    def nice_to_haves(self) -> list[CriterionVerdict]:
        return [line for line in self.criteria if not line.required]

    @property
    def must_haves_known(self) -> int:
        return sum(line.answer != Answer.UNKNOWN for line in self.must_haves)

    def line(self, key: str) -> CriterionVerdict | None:
        return next((line for line in self.criteria if line.key == key), None)

    def as_json(self) -> dict[str, Any]:
        return {
            "criteria_version": self.criteria_version,
            "sales_ready": self.sales_ready,
            "points": self.points,
            "points_needed": self.points_needed,
            "criteria": [line.as_json() for line in self.criteria],
            "missing": self.missing_keys,
        }


def verdict(
    lead: Lead, criteria_set: CriteriaSet | None, *, at: datetime, with_origins: bool = True
) -> Verdict:
    """The verdict on one lead, with the evidence under each answer; where it came from, unless that is not wanted, costs a query more."""
    lines = _lines_of(criteria_set)
    evidence = evidence_by_lead([lead], lines, with_origins=with_origins)
    return Verdict(criteria_set, _judged(lead, lines, at, evidence, _columns_tested_by(lines)))


def verdicts(leads: Iterable[Lead], criteria_set: CriteriaSet | None, *, at: datetime) -> list[Verdict]:
    """One verdict for each lead, in their order, without evidence. No query at all, however many leads.

    The leads come with contact, company, source and campaign loaded (`for_list`), the set with its criteria.
    """
    lines = _lines_of(criteria_set)
    tested = _columns_tested_by(lines)
    return [Verdict(criteria_set, _judged(lead, lines, at, {}, tested)) for lead in leads]


def _lines_of(criteria_set: CriteriaSet | None) -> list[Criterion]:
    return list(criteria_set.criteria.all()) if criteria_set else []


def _columns_tested_by(lines: list[Criterion]) -> set[str]:
    rules = [line.understood_rule for line in lines if line.rule is not None]
    return {key for rule in rules for key in facts_in(rule) if key in COLUMNS}


def _judged(
    lead: Lead, lines: list[Criterion], at: datetime, evidence: EvidenceFound, tested: set[str]
) -> tuple[CriterionVerdict, ...]:
    facts = facts_of(lead, tested)
    return tuple(
        _line(
            line,
            lead.answers.get(line.key),
            None if line.rule is None else evaluate(line.understood_rule, facts, at=at),
            evidence.get((lead.pk, line.key), ()),
        )
        for line in lines
    )


def _line(
    criterion: Criterion, by_a_person: str | None, automatic: Answer | None, evidence: tuple[Evidence, ...]
) -> CriterionVerdict:
    answer = Answer(by_a_person) if by_a_person in GIVEN else automatic or Answer.UNKNOWN
    return CriterionVerdict(criterion, answer, automatic, evidence)
