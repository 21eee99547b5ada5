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
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handoff.models import BriefItem, Handoff
from handoff.models.returning import Return, ReturnState
from handoff.models.state import Outcome
from leads.models import Lead, Source
from sla.models import Clock, Term, TermKind, TermPeriod
from sla.querysets import OVERDUE, STOPPED_LATE
from smarketing.periods import Period, month_of


class Part(models.TextChoices):
    """Where a row stands for a promise. What is neither kept nor missed is no case: it is shown apart."""

    KEPT = "kept", _("kept")
    MISSED = "missed", _("missed")
    REST = "rest", _("not a customer yet")  # counts in the share, and is nobody's miss
    OPEN = "open", _("not decided yet")
    CANCELLED = "cancelled", _("no longer applied")
    VOID = "void", _("void")
    DISPUTED = "disputed", _("disputed")
    LEFT_OUT = "left_out", _("left out by agreement")
    UNMEASURED = "unmeasured", _("could not be measured")


CASES = [Part.KEPT, Part.MISSED, Part.REST]
APART = [Part.OPEN, Part.DISPUTED, Part.VOID, Part.CANCELLED, Part.UNMEASURED, Part.LEFT_OUT]
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

    @property
    def to_lead(self) -> str:
        return {Clock: "handoff__lead__", Handoff: "lead__"}.get(self.model, "")


def behind(term: Term, month: Period, part: str, *, at: datetime) -> QuerySet[Any]:
    """The very rows that a figure counts: one part, every case ("all"), or the whole."""
    rows = DEFINITIONS[term.kind].rows(term, month)
    return rows if part == WHOLE else rows.filter(_chosen(conditions(term, month, at), part))


def conditions(term: Term, month: Period, at: datetime) -> Conditions:
    """What the agreement leaves out stands apart before anything else is asked."""
    definition = DEFINITIONS[term.kind]
    parts = definition.parts(term, month, at)
    if not term.excluded_sources:
        return parts
    out = left_out(definition, term)
    return {part: condition & ~out for part, condition in parts.items()} | {Part.LEFT_OUT: out}


def left_out(definition: Definition, term: Term) -> Q:
    sources = list(Source.objects.filter(key__in=term.excluded_sources).values_list("pk", flat=True))
    return Q(**{f"{definition.to_lead}source__in": sources})


def part_of(term: Term, month: Period, *, at: datetime) -> Case:
    """The part of each row, as an expression."""
    parts = conditions(term, month, at)
    whens = [When(condition, then=Value(part.value)) for part, condition in parts.items()]
    return Case(*whens, default=Value(""), output_field=models.CharField())


def _chosen(parts: Conditions, part: str) -> Q:
    if part == ALL:
        return reduce(or_, (condition for each, condition in parts.items() if each in CASES))
    return parts.get(Part(part), Q(pk__in=[]))


def span_of(term: Term, month: Period) -> Period:
    """The month, or of a quarterly promise the quarter up to the end of the month; what lies before the first agreement is left out."""
    return promised_part(term, Period(whole_span_of(term, month).first, month.end))


def whole_span_of(term: Term, month: Period) -> Period:
    """All that the target is for."""
    if term.period != TermPeriod.QUARTER:
        return month
    first = month.first_day.replace(month=(month.first_day.month - 1) // 3 * 3 + 1)
    return Period(first, month_of(first + timedelta(days=80)).end)


def promised_part(term: Term, span: Period) -> Period:
    """Before the first agreement came into force nothing was promised, so nothing of it counts."""
    began = term.agreement.in_force_at
    if began is None or timezone.localdate(began) <= span.first_day:
        return span  # nearly always: no need to look for an earlier version
    first = term.agreement.first_day_of_all
    return Period(first, span.end) if first and span.end and span.first_day < first < span.end else span


# Clocks: by the month in which they started, which is that of the hand-off.


def clocks(term: Term, month: Period) -> QuerySet[Clock]:
    """A new version of the promise goes on counting under the same key; each clock is judged by the version it started with."""
    return clocks_of(list(versions_of([term.key])), month)


def clocks_of(term_ids: list[int], month: Period) -> QuerySet[Clock]:
    return Clock.objects.filter(
        term__in=term_ids, started_at__gte=month.starts_at, started_at__lt=month.ends_at
    )


def versions_of(keys: list[str]) -> dict[int, str]:
    """Id -> key of every version of these promises."""
    return dict(Term.objects.filter(key__in=keys).values_list("pk", "key"))


def by_clock(term: Term, month: Period, at: datetime) -> Conditions:
    """Stopped in time or cleared is kept. Stopped late, overdue and open, and cancelled after it was late are missed."""
    was_late, counts = Q(breached_at__isnull=False, cleared_at=None), Q(disputed_at=None)
    cleared = Q(cleared_at__isnull=False)
    no_due = Q(state__in=["RUNNING", "STOPPED"], due_at=None) & ~(Q(state="STOPPED") & cleared)
    return {
        Part.KEPT: counts & Q(state="STOPPED") & (Q(stopped_at__lte=F("due_at")) | cleared),
        Part.MISSED: counts & (STOPPED_LATE | OVERDUE & Q(due_at__lt=at) | Q(state="CANCELLED") & was_late),
        Part.OPEN: counts & (OVERDUE & Q(due_at__gte=at) | Q(state="PAUSED", due_at=None)),
        Part.CANCELLED: counts & Q(state="CANCELLED") & ~was_late,
        Part.UNMEASURED: counts & no_due,
        Part.VOID: Q(state="VOID"),
        Part.DISPUTED: Q(disputed_at__isnull=False) & ~Q(state="VOID"),
    }


# Hand-offs: by the month in which they were sent, accepted or closed.


def sent(term: Term, month: Period) -> QuerySet[Handoff]:
    span = span_of(term, month)
    return Handoff.objects.standing().filter(sent_at__gte=span.starts_at, sent_at__lt=span.ends_at)


def accepted(term: Term, month: Period) -> QuerySet[Handoff]:
    span = span_of(term, month)
    return Handoff.objects.filter(accepted_at__gte=span.starts_at, accepted_at__lt=span.ends_at)


def given_up(term: Term, month: Period) -> QuerySet[Handoff]:
    """Closed in the month without an answer on the other side: nobody ever spoke with the lead."""
    ended = [Outcome.DISQUALIFIED, Outcome.RECYCLED, Outcome.LOST]
    span = promised_part(term, month)
    return Handoff.objects.filter(
        closed_at__gte=span.starts_at, closed_at__lt=span.ends_at, outcome__in=ended, first_conversation_at=None
    ).annotate(
        last_attempt_on=TruncDate(Max("contact_attempts__occurred_at")), first_attempt_on=TruncDate("first_attempt_at")
    )  # fmt: skip


def every_one(term: Term, month: Period, at: datetime) -> Conditions:
    return {Part.KEPT: Q(pk__isnull=False)}


def by_answer(term: Term, month: Period, at: datetime) -> Conditions:
    return answers()


def answers() -> Conditions:
    """What sales said to a hand-off. A return that marketing contests is neither, until both team leads agree."""
    contested = Q(pk__in=Return.objects.filter(state=ReturnState.CONTESTED).values("handoff"))
    answered = Q(returned_at__isnull=False) | Q(accepted_at__isnull=False)
    return {
        Part.KEPT: Q(accepted_at__isnull=False, returned_at=None),
        Part.MISSED: Q(returned_at__isnull=False) & ~contested,
        Part.DISPUTED: Q(returned_at__isnull=False) & contested,
        Part.OPEN: ~answered & Q(closed_at=None),
        Part.CANCELLED: ~answered & Q(closed_at__isnull=False),
    }


def by_brief(term: Term, month: Period, at: datetime) -> Conditions:
    lacks = Q(pk__in=BriefItem.objects.filter(required=True, text="").values("handoff"))
    return {Part.KEPT: ~lacks, Part.MISSED: lacks}


def by_attempts(term: Term, month: Period, at: datetime) -> Conditions:
    """Enough attempts, and enough days from the first to the last: on the first and the third of a month is over three days."""
    days = max(term.min_days or 1, 1)
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
    span = span_of(term, month)
    return Lead.objects.filter(opportunity__won_at__gte=span.starts_at, opportunity__won_at__lt=span.ends_at)


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
    TermKind.COST_PER_SQL: Definition(SENT, sent, every_one),
    TermKind.ANSWER_HANDOFF: Definition(CLOCKS, clocks, by_clock),
    TermKind.FIRST_CONTACT_HOT: Definition(CLOCKS, clocks, by_clock),
    TermKind.FIRST_CONTACT_OTHER: Definition(CLOCKS, clocks, by_clock),
    TermKind.MARKETING_ANSWER: Definition(CLOCKS, clocks, by_clock),
    TermKind.CONTACT_ATTEMPTS: Definition(CLOSED, given_up, by_attempts),
    TermKind.CAPACITY: Definition(ACCEPTED, accepted, every_one),
    TermKind.CONVERSION: Definition(COHORT, cohort, by_purchase),
    TermKind.REVENUE: Definition(WON, won, by_amount),
    TermKind.OWN: Definition(ENTERED, nothing, every_one),
}
