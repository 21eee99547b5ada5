"""What must always be true of a frozen month (reliability.md, I-12)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sla.models import ScorecardMonth, ScorecardRow
from sla.scorecard import restating
from sla.scorecard.facts import Part
from sla.scorecard.standing import SHARE
from smarketing.invariants import Row, register

A_NIGHT = timedelta(hours=26)


def register_all() -> None:
    register("I-12c", "A frozen month reads as it was frozen", changed)
    register("I-12d", "What moved since adds up to the figure as last stated", does_not_add_up)
    register("I-12e", "A frozen month and its restatements say what a recount says, a night later at the latest", forgotten)  # fmt: skip


def changed(as_of: datetime) -> Iterator[Row]:
    for row in ScorecardRow.objects.iterator(chunk_size=50):
        if row.computed_digest() != row.digest:
            yield row.pk, row.key


def does_not_add_up(as_of: datetime) -> Iterator[Row]:
    """Of a cohort only the customers are written down, so that it has nothing to add up."""
    for row in ScorecardRow.objects.filter(unit=SHARE, misses__isnull=False).iterator(chunk_size=50):
        known = restating.known_of(row)
        parts = list(known.where.values())
        kept, missed = parts.count(Part.KEPT), parts.count(Part.MISSED)
        if (kept + missed, missed) != (known.cases, known.misses):
            yield row.pk, row.key, kept + missed, known.cases


def forgotten(as_of: datetime) -> Iterator[Row]:
    """Of the months that are watched; what changed since the last comparison is found by the next one."""
    watched = ScorecardMonth.objects.filter(
        frozen_at__gte=as_of - restating.WATCHED + A_NIGHT, compared_at__lt=as_of - A_NIGHT
    )
    for scorecard in watched:
        for difference in restating.differences(scorecard, at=as_of):
            yield scorecard.pk, difference.row.key, len(difference.moves)
