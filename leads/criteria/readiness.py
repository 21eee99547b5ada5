"""`verdicts.py` in SQL: which leads are sales-ready, and which lack one thing. For lists and counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, IntegerField, Value

from leads.criteria.conditions import Holds, all_of, condition
from leads.models.criteria import CriteriaSet, Criterion
from leads.models.judgement import Answer


class Number(Holds):
    output_field = IntegerField()  # type: ignore[assignment]


def sales_ready_condition(criteria_set: CriteriaSet | None, *, at: datetime, prefix: str = "") -> Holds:
    """True or false per row, never NULL: every must-have is a yes and the points suffice."""
    return (
        Holds("({} = 0)", missing_count(criteria_set, at=at, prefix=prefix)) if criteria_set else all_of([])
    )


def missing_count(criteria_set: CriteriaSet | None, *, at: datetime, prefix: str = "") -> Number:
    """How many things are missing: must-haves that are not a yes, and one more when the points do not suffice."""
    lines = list(criteria_set.criteria.all()) if criteria_set else []
    parts = [_counted(_answer(line, at, prefix), no=1, yes=0) for line in lines if line.required]
    if criteria_set and criteria_set.points_needed:
        points = [_counted(_answer(line, at, prefix), no=0, yes=line.points) for line in lines if line.points]
        needed = Value(criteria_set.points_needed)
        parts.append(Number("(CASE WHEN {} >= {} THEN 0 ELSE 1 END)", _sum(points), needed))
    return _sum(parts)


def _answer(criterion: Criterion, at: datetime, prefix: str) -> Holds:
    """What a person said, else what the rule says."""
    said = Holds("({} ->> {}::text)", F(f"{prefix}answers"), Value(criterion.key))
    rule = (
        condition(criterion.understood_rule, at=at, prefix=prefix)
        if criterion.rule is not None
        else Holds("NULL::boolean")
    )
    return Holds(
        f"(CASE {{}} WHEN '{Answer.YES}' THEN true WHEN '{Answer.NO}' THEN false WHEN '{Answer.UNKNOWN}' THEN NULL ELSE {{}} END)",
        said,
        rule,
    )


def _counted(answer: Holds, *, yes: int, no: int) -> Number:
    return Number(f"(CASE WHEN {{}} THEN {yes:d} ELSE {no:d} END)", answer)


def _sum(parts: list[Any]) -> Number:
    return Number("(" + " + ".join(["{}"] * len(parts)) + ")", *parts) if parts else Number("0")
