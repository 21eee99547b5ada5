"""Leads that were marked sales-ready without what was agreed: counted and visible to both teams."""

from __future__ import annotations

from dataclasses import dataclass

from leads.models import Qualification

LOOKED_BACK = 500
SHOWN = 10


@dataclass(frozen=True)
class Overrides:
    """Of the latest `marked` leads that became sales-ready, so many by override; the newest of those."""

    marked: int
    count: int
    newest: list[Qualification]


def latest() -> Overrides:
    """Two queries on the primary key, however many leads there are."""
    marked = list(Qualification.objects.order_by("-id").values_list("pk", "sales_ready")[:LOOKED_BACK])
    overridden = [pk for pk, sales_ready in marked if not sales_ready]
    newest = (
        Qualification.objects.filter(pk__in=overridden[:SHOWN])
        .select_related("lead__contact", "lead__company", "marked_by", "criteria_set")
        .order_by("-id")
    )
    return Overrides(len(marked), len(overridden), list(newest))
