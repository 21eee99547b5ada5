"""What happens in the demo company when a month ends: the scorecard is frozen, numbers are entered, and one figure is corrected later."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from sla import disputing
from sla.models import Clock, Decision, ScorecardMonth, Term
from sla.scorecard import freezing, own_values, restating
from smarketing.demo.cast import WEBINARS, Cast
from smarketing.periods import Period, month_of

if TYPE_CHECKING:
    from smarketing.demo.story import Story

HOUR = 3_600


def plan(story: Story, cast: Cast) -> None:
    """Each month that ended is frozen at midnight; on its first working day the number is entered, and of the last month a miss disputed."""
    ended = _ended(story.begins, story.now)
    for month in ended:
        assert month.ends_at
        story.happens(month.ends_at + timedelta(minutes=5), lambda at: void(freezing.freeze_what_ended(at)))
        morning = story.hours.due_after(month.ends_at, HOUR)
        story.happens(morning, lambda at, month=month: _enter(month, 2, cast, at))  # type: ignore[misc]
    if ended:
        last = ended[-1]
        assert last.ends_at
        raised = story.hours.due_after(last.ends_at, 2 * HOUR)
        story.happens(raised, lambda at: _dispute(last, cast, at))
        story.happens(story.hours.due_after(raised, 3 * HOUR), lambda at: _uphold(cast, at))
    story.happens(story.now, compare)


def compare(at: datetime) -> None:
    for frozen in ScorecardMonth.objects.order_by("month"):
        restating.compare(frozen, at=at)


def _ended(begins: datetime, now: datetime) -> list[Period]:
    months, month = [], month_of(timezone.localdate(begins))
    while month.ends_at and month.ends_at <= now:
        months.append(month)
        assert month.end
        month = month_of(month.end)
    return months


def _enter(month: Period, value: int, cast: Cast, at: datetime) -> None:
    term = Term.objects.filter(key=WEBINARS).latest("pk")
    own_values.enter(term, month, Decimal(value), "Utrecht and online", by=cast.marketing_lead, at=at)


def _dispute(month: Period, cast: Cast, at: datetime) -> None:
    late = Clock.objects.of_first_contact().stopped_late().filter(started_at__gte=month.starts_at, started_at__lt=month.ends_at)  # fmt: skip
    clock = late.order_by("pk").first()
    if clock:
        disputing.dispute(clock, "The telephone exchange was down that morning", by=cast.sales_lead, at=at)


def _uphold(cast: Cast, at: datetime) -> None:
    for raised in disputing.open_disputes():
        disputing.answer(raised, Decision.VOID, "True: we could not call either", by=cast.marketing_lead, at=at)  # fmt: skip


def void(_: object) -> None:
    """An act has no result."""
