"""The scorecard in any page: `{% load scorecard %}{% scorecard_panel %}`, and its words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone

from sla import promises
from sla.models import RestatedCase, Restatement
from sla.scorecard import history, wording
from sla.scorecard.history import Line
from smarketing.periods import month_of

register = template.Library()


@register.inclusion_tag("sla/scorecard/_panel.html")
def scorecard_panel(now: datetime | None = None) -> dict[str, Any]:
    """This month, both sides, each figure with its leads."""
    at = now or timezone.now()
    return {"card": history.scorecard(month_of(timezone.localdate(at)), at=at)}


register.filter("amount", promises.amount)


@register.filter
def why(restatement: Restatement) -> str:
    return wording.why(restatement)


@register.filter
def why_moved(moved: RestatedCase) -> str:
    return wording.why_moved(moved)


@register.filter
def part_words(part: str) -> str:
    return wording.part(part)


@register.filter
def restated_from(restatement: Restatement) -> str:
    return wording.figure(restatement.actual_was, restatement.cases_was, restatement.row)


@register.filter
def restated_to(restatement: Restatement) -> str:
    return wording.figure(restatement.actual, restatement.cases, restatement.row)


@register.simple_tag
def behind_the_lines(lines: list[Line]) -> dict[str, list[Any]]:
    """The twelve months of each promise as a table."""
    return {
        "head": ["", *(f"{point.month.first:%Y-%m}" for point in lines[0].points)] if lines else [],
        "rows": [[line.term.sentence, *(point.said for point in line.points)] for line in lines],
    }
