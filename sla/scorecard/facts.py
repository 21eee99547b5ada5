"""What each kind of promise is about: its rows in a month, and in which part each row stands. The parts add up to the whole.

A figure counts a condition and its list shows the rows of the same condition, so they cannot differ. Months are those of the company's zone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Max, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from handoff.models import BriefItem, Handoff
from handoff.models.handoff import Outcome
from leads.models import Lead
from sla.models import Clock, Term, TermKind
from smarketing.periods import Period, month_of


class Part(models.TextChoices):
    """Where a row stands for a promise. What is neither kept nor missed is no case: it is shown apart."""

    KEPT = "kept", _("kept")
    MISSED = "missed", _("missed")
    REST = "rest", _("not a customer yet")  # counts in the share, and is nobody's miss
    OPEN = "open", _("not decided yet")
    CANCELLED = "cancelled", _("no longer applied")
    UNMEASURED = "unmeasured", _("could not be measured")


CASES = [Part.KEPT, Part.MISSED, Part.REST]
APART = [Part.OPEN, Part.CANCELLED, Part.UNMEASURED]
ALL = "all"  # every case
WHOLE = "whole"  # and what stands apart too

Conditions = dict[Part, Q]


@dataclass(frozen=True)
class Definition:
    """`table`: promises that read the same table are counted in one statement. `rows`: all that could count. `parts`: never two for one row."""

    table: str
    rows: Callable[[Term, Period], QuerySet[Any]]
    parts: Callable[[Term, Period, datetime], Conditions]

    @property
    def model(self) -> Any:
        return {CLOCKS: Clock, COHORT: Lead, WON: Lead, ENTERED: Lead}.get(self.table, Handoff)


def behind(term: Term, month: Period, part: str, *, at: datetime) -> QuerySet[Any]:
    """The very rows that a figure counts: one part, every case ("all"), or the whole."""
    definition = DEFINITIONS[term.kind]
    rows = definition.rows(term, month)
    return rows if part == WHOLE else rows.filter(_chosen(definition.parts(term, month, at), part))


def part_of(term: Term, month: Period, *, at: datetime) -> Case:
    """The part of each row, as an expression."""
    parts = DEFINITIONS[term.kind].parts(term, month, at)
    whens = [When(condition, then=Value(part.value)) for part, condition in parts.items()]
    return Case(*whens, default=Value(""), output_field=models.CharField())


def _chosen(parts: Conditions, part: str) -> Q:
    if part == ALL:
        return reduce(or_, (condition for each, condition in parts.items() if each in CASES))
    return parts.get(Part(part), Q(pk__in=[]))


# Clocks: by the month in which they started, which is that of the hand-off.


def clocks(term: Term, month: Period) -> QuerySet[Clock]:
    """A new version of the promise goes on counting under the same key; each clock is judged by the version it started with."""
    return clocks_of([term.key], month)


def clocks_of(keys: list[str], month: Period) -> QuerySet[Clock]:
    return Clock.objects.filter(
        term__key__in=keys, started_at__gte=month.starts_at, started_at__lt=month.ends_at
    )


def by_clock(term: Term, month: Period, at: datetime) -> Conditions:
    """Stopped in time is kept. Stopped late, overdue and open, and cancelled after it was late are missed."""
    was_late = Q(breached_at__isnull=False, cleared_at=None)
    return {
        Part.KEPT: Q(state="STOPPED", stopped_at__lte=F("due_at")),
        Part.MISSED: Q(state="STOPPED", stopped_at__gt=F("due_at"))
        | Q(state="RUNNING", due_at__lt=at)
        | Q(state="CANCELLED") & was_late,
        Part.OPEN: Q(state="PAUSED") | Q(state="RUNNING", due_at__gte=at),
        Part.CANCELLED: Q(state="CANCELLED") & ~was_late,
        Part.UNMEASURED: Q(state__in=["RUNNING", "STOPPED"], due_at=None),
    }


# Hand-offs: by the month in which they were sent, accepted or closed.


def sent(term: Term, month: Period) -> QuerySet[Handoff]:
    return Handoff.objects.filter(sent_at__gte=month.starts_at, sent_at__lt=month.ends_at)


def accepted(term: Term, month: Period) -> QuerySet[Handoff]:
    return Handoff.objects.filter(accepted_at__gte=month.starts_at, accepted_at__lt=month.ends_at)


def given_up(term: Term, month: Period) -> QuerySet[Handoff]:
    """Closed in the month without an answer on the other side: nobody ever spoke with the lead."""
    ended = [Outcome.DISQUALIFIED, Outcome.RECYCLED, Outcome.LOST]
    return Handoff.objects.filter(
        closed_at__gte=month.starts_at, closed_at__lt=month.ends_at, outcome__in=ended, first_conversation_at=None
    ).annotate(
        last_attempt_on=TruncDate(Max("contact_attempts__occurred_at")), first_attempt_on=TruncDate("first_attempt_at")
    )  # fmt: skip


def every_one(term: Term, month: Period, at: datetime) -> Conditions:
    return {Part.KEPT: Q(pk__isnull=False)}


def by_answer(term: Term, month: Period, at: datetime) -> Conditions:
    answered = Q(returned_at__isnull=False) | Q(accepted_at__isnull=False)
    return {
        Part.KEPT: Q(accepted_at__isnull=False, returned_at=None),
        Part.MISSED: Q(returned_at__isnull=False),
        Part.OPEN: ~answered & Q(closed_at=None),
        Part.CANCELLED: ~answered & Q(closed_at__isnull=False),
    }


def by_brief(term: Term, month: Period, at: datetime) -> Conditions:
    lacks = Q(pk__in=BriefItem.objects.filter(required=True, text="").values("handoff"))
    return {Part.KEPT: ~lacks, Part.MISSED: lacks}


def by_attempts(term: Term, month: Period, at: datetime) -> Conditions:
    """Enough attempts, and enough days from the first to the last: on the first and the third of a month is over three days."""
    days = max(getattr(term, "min_days", None) or 1, 1)
    enough = Q(attempts__gte=term.target_count or 1) & Q(
        last_attempt_on__gte=F("first_attempt_on") + timedelta(days=days - 1)
    )
    return {Part.KEPT: enough, Part.MISSED: ~enough | Q(first_attempt_on=None)}


# Leads: a cohort, by the month in which it was captured; customers, by the month in which they bought.


def cohort(term: Term, month: Period) -> QuerySet[Lead]:
    """Old enough: captured so many months before this month."""
    period = cohort_month(term, month)
    return Lead.objects.filter(captured_at__gte=period.starts_at, captured_at__lt=period.ends_at)


def cohort_month(term: Term, month: Period) -> Period:
    assert month.first
    number = month.first.year * 12 + month.first.month - 1 - (term.cohort_months or 0)
    return month_of(date(number // 12, number % 12 + 1, 1))


def by_purchase(term: Term, month: Period, at: datetime) -> Conditions:
    bought = Q(customer_at__lt=month.ends_at)
    return {Part.KEPT: bought, Part.REST: Q(customer_at=None) | Q(customer_at__gte=month.ends_at)}


def won(term: Term, month: Period) -> QuerySet[Lead]:
    return Lead.objects.filter(
        opportunity__won_at__gte=month.starts_at, opportunity__won_at__lt=month.ends_at
    )


def by_amount(term: Term, month: Period, at: datetime) -> Conditions:
    """Another currency cannot be added up."""
    ours = Q(opportunity__amount__isnull=False, opportunity__currency=currency())
    unknown = Q(opportunity__amount=None) | ~Q(opportunity__currency=currency())
    return {Part.KEPT: ours, Part.UNMEASURED: unknown}


def currency() -> str:
    return settings.CURRENCY


def nothing(term: Term, month: Period) -> QuerySet[Lead]:
    return Lead.objects.none()


CLOCKS, SENT, ACCEPTED, CLOSED, COHORT, WON, ENTERED = (
    "clocks", "sent", "accepted", "closed", "cohort", "won", "entered",
)  # fmt: skip
DEFINITIONS: dict[str, Definition] = {
    TermKind.SQLS_DELIVERED: Definition(SENT, sent, every_one),
    TermKind.SQL_QUALITY: Definition(SENT, sent, by_answer),
    TermKind.BRIEF_COMPLETE: Definition(SENT, sent, by_brief),
    "COST_PER_SQL": Definition(SENT, sent, every_one),
    TermKind.ANSWER_HANDOFF: Definition(CLOCKS, clocks, by_clock),
    TermKind.FIRST_CONTACT_HOT: Definition(CLOCKS, clocks, by_clock),
    TermKind.FIRST_CONTACT_OTHER: Definition(CLOCKS, clocks, by_clock),
    "MARKETING_ANSWER": Definition(CLOCKS, clocks, by_clock),
    "CONTACT_ATTEMPTS": Definition(CLOSED, given_up, by_attempts),
    TermKind.CAPACITY: Definition(ACCEPTED, accepted, every_one),
    TermKind.CONVERSION: Definition(COHORT, cohort, by_purchase),
    "REVENUE": Definition(WON, won, by_amount),
    TermKind.OWN: Definition(ENTERED, nothing, every_one),
}
