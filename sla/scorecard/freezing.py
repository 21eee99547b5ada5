"""At the end of a month its scorecard is written down: once, whoever asks first, however late. The figures are those known at that moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sla.models import Agreement, ScorecardMonth, ScorecardRow, TermKind
from sla.scorecard import measuring, own_values
from sla.scorecard.facts import Part
from sla.scorecard.measuring import Counted
from smarketing.periods import Period, month_of

TOGETHER = 24  # months frozen in one call: two years of outage


def freeze_what_ended(at: datetime) -> list[ScorecardMonth]:
    """Every month that ended while an agreement was in force is frozen. A second call finds nothing to do."""
    frozen = [freeze(month, at=at) for month in _waiting(at)]
    return [each for each in frozen if each is not None]


@transaction.atomic
def freeze(month: Period, *, at: datetime) -> ScorecardMonth | None:
    """None when somebody else froze it, it has not ended, or nothing was promised in it."""
    agreement = measuring.agreement_of(month)
    if agreement is None or month.ends_at is None or at < month.ends_at:
        return None
    scorecard, is_new = ScorecardMonth.objects.get_or_create(
        month=month.first_day, defaults={"agreement": agreement, "frozen_at": at, "compared_at": at}
    )
    if not is_new:
        return None
    counted = measuring.with_ids(agreement.terms_in_order(), agreement, month, at=at)
    ScorecardRow.objects.bulk_create(
        _row(scorecard, position, each) for position, each in enumerate(counted, start=1)
    )
    for each in counted:
        if each.figure.term.kind == TermKind.OWN and each.figure.actual is None:
            own_values.remind(each.figure.term, month, at=at)
    return scorecard


def _row(scorecard: ScorecardMonth, position: int, counted: Counted) -> ScorecardRow:
    figure = counted.figure
    row = ScorecardRow(
        scorecard=scorecard, term=figure.term, key=figure.key, position=position, unit=figure.unit,
        target=measuring.exact(figure.target), actual=measuring.exact(figure.actual), cases=figure.cases, misses=figure.misses, misses_left=figure.misses_left,
        still_open=figure.parts.get(Part.OPEN, 0), apart=sum(n for part, n, _url in figure.apart if part != Part.OPEN), note=str(figure.lacking) if figure.lacking else figure.note,
        kept_ids=counted.ids(Part.KEPT), missed_ids=counted.ids(Part.MISSED), open_ids=counted.ids(Part.OPEN),
    )  # fmt: skip
    row.digest = row.computed_digest()
    return row


def _waiting(at: datetime) -> Iterator[Period]:
    first = Agreement.objects.filter(in_force_at__isnull=False).order_by("in_force_at").first()
    if first is None or first.in_force_at is None:
        return
    done = set(ScorecardMonth.objects.values_list("month", flat=True))
    month, found = month_of(timezone.localdate(first.in_force_at)), 0
    while month.ends_at and month.ends_at <= at and found < TOGETHER:
        if month.first not in done:
            found += 1
            yield month
        assert month.end
        month = month_of(month.end)
