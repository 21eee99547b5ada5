"""Changing a draft: add, change, remove and reorder criteria, and the points that are needed.

A version that was proposed is refused here with words, and by the database in any case.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.text import slugify

from leads.criteria.versions import NotInThatState
from leads.models.criteria import CriteriaSet, CriteriaState, Criterion, CriterionKind

LONGEST_KEY = 60


@transaction.atomic
def add(
    draft: CriteriaSet,
    *,
    label: str,
    required: bool = False,
    points: int = 0,
    rule: dict[str, Any] | None = None,
    hint: str = "",
    key: str = "",
) -> Criterion:
    """The draft has one criterion more, as the last of its kind: with a rule it is answered by facts, without one by people."""
    _hold(draft)
    last = draft.criteria.order_by("-position").values_list("position", flat=True).first()
    return Criterion.objects.create(
        criteria_set=draft,
        key=_free_key(draft, key or label),
        position=0 if last is None else last + 1,
        **_columns(label, required=required, points=points, rule=rule, hint=hint),
    )


@transaction.atomic
def change(
    criterion: Criterion, *, label: str, required: bool, points: int, rule: dict[str, Any] | None, hint: str
) -> Criterion:
    """The line says this from now on and keeps its key, so that answers given before still count."""
    _hold(criterion.criteria_set)
    for name, value in _columns(label, required=required, points=points, rule=rule, hint=hint).items():
        setattr(criterion, name, value)
    criterion.save()
    return criterion


@transaction.atomic
def remove(criterion: Criterion) -> None:
    _hold(criterion.criteria_set)
    criterion.delete()


@transaction.atomic
def move(criterion: Criterion, steps: int) -> None:
    """Up (-1) or down (1) among the must-haves or the nice-to-haves; at the end nothing happens."""
    draft = _hold(criterion.criteria_set)
    lines = list(draft.criteria.filter(required=criterion.required).order_by("position", "id"))
    at = next(n for n, line in enumerate(lines) if line.pk == criterion.pk)
    to = at + steps
    if not 0 <= to < len(lines):
        return
    lines[at], lines[to] = lines[to], lines[at]
    for position, line in enumerate(lines):
        line.position = position
    Criterion.objects.bulk_update(lines, ["position"])


@transaction.atomic
def describe(draft: CriteriaSet, *, points_needed: int, note: str) -> None:
    """How many points are needed, and what changed and why."""
    _hold(draft)
    CriteriaSet.objects.filter(pk=draft.pk).update(points_needed=points_needed, note=note)
    draft.points_needed, draft.note = points_needed, note


# Mechanics


def _hold(draft: CriteriaSet) -> CriteriaSet:
    """The draft, which nobody proposes or discards meanwhile."""
    held = CriteriaSet.objects.select_for_update().filter(pk=draft.pk).first()
    if held is None or held.state != CriteriaState.DRAFT:
        raise NotInThatState(held or draft)
    return held


def _columns(
    label: str, *, required: bool, points: int, rule: dict[str, Any] | None, hint: str
) -> dict[str, Any]:
    return {
        "label": label,
        "kind": CriterionKind.SOFT if rule is None else CriterionKind.HARD,
        "required": required,
        "points": 0 if required else points,
        "rule": rule,
        "hint": hint,
    }


def _free_key(draft: CriteriaSet, words: str) -> str:
    wanted = slugify(words).replace("-", "_")[: LONGEST_KEY - 4] or "criterion"
    taken = set(draft.criteria.values_list("key", flat=True))
    return next(key for n in range(1, 1000) if (key := wanted if n == 1 else f"{wanted}_{n}") not in taken)
