"""Which leads stand in which view of a rep's queue, in which order. Every view is one query over partial indexes, cut off at CAP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import DateTimeField, F, IntegerField, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handoff.models import ContactAttempt, Handoff, State
from leads.access import WITH_SALES
from leads.models import Lead, Stage
from sla.models import Clock

if TYPE_CHECKING:
    from smarketing.accounts.models import User

CAP = 500
SOON = timedelta(minutes=30)
PROMISED, FIRST_CALL = 0, 1  # a promised call-back goes before a first call that is due in the same minute


@dataclass(frozen=True)
class Line:
    """A lead in a view: when something is due there, or when it happened."""

    lead_id: int
    due_at: datetime | None
    rank: int = FIRST_CALL


@dataclass(frozen=True)
class View:
    key: str
    label: Any
    empty: Any
    query: Callable[[User, datetime], QuerySet[Any]]


def to_call_now(person: User, at: datetime) -> QuerySet[Any]:
    """Hand-offs without a first contact, by the clock that runs out first, and every step that was planned for now or before."""
    running = Clock.objects.filter(handoff=OuterRef("pk"), state="RUNNING").order_by("due_at")
    first_calls = (
        Handoff.objects.received_by(person)
        .filter(state__in=[State.SENT, State.ACCEPTED])
        .annotate(due=Subquery(running.values("due_at")[:1]), rank=Value(FIRST_CALL))
        .values_list("lead_id", "due", "rank")
    )
    promised = (
        _worked_by(person)
        .filter(next_step_at__lte=at)
        .annotate(due=F("next_step_at"), rank=Value(PROMISED))
        .values_list("pk", "due", "rank")
    )
    return first_calls.union(promised, all=True).order_by("due")


def follow_ups_today(person: User, at: datetime) -> QuerySet[Any]:
    """Steps planned for the rest of the company's day."""
    return _planned(_worked_by(person).filter(next_step_at__gt=at, next_step_at__lt=day_after(at)))


def waiting_for_answer(person: User, at: datetime) -> QuerySet[Any]:
    """Marketing owes an answer."""
    rows = Handoff.objects.received_by(person).filter(state=State.ASKED)
    return (
        rows.annotate(due=F("asked_at"), rank=Value(FIRST_CALL))
        .values_list("lead_id", "due", "rank")
        .order_by("due", "id")
    )


def without_next_step(person: User, at: datetime) -> QuerySet[Any]:
    """Contacted, still open, and nothing planned: these are forgotten first."""
    rows = _worked_by(person).filter(stage__in=[Stage.CONTACTED, Stage.OPPORTUNITY], next_step_at=None)
    nothing = Cast(Value(None), DateTimeField())
    return (
        rows.annotate(due=nothing, rank=Value(FIRST_CALL, IntegerField()))
        .values_list("pk", "due", "rank")
        .order_by("last_activity_at", "id")
    )


def done_today(person: User, at: datetime) -> QuerySet[Any]:
    """Leads that this person contacted on the company's day, the latest first."""
    rows = ContactAttempt.objects.filter(made_by=person, occurred_at__gte=day_of(at), occurred_at__lte=at)
    return (
        rows.values("handoff__lead_id")
        .annotate(due=Max("occurred_at"), rank=Value(FIRST_CALL))
        .values_list("handoff__lead_id", "due", "rank")
        .order_by("-due")
    )


def pool(person: User, at: datetime) -> QuerySet[Any]:
    """For whoever claims it first."""
    running = Clock.objects.filter(handoff=OuterRef("pk"), state="RUNNING").order_by("due_at")
    rows = Handoff.objects.in_pool().annotate(
        due=Subquery(running.values("due_at")[:1]), rank=Value(FIRST_CALL)
    )
    return rows.values_list("lead_id", "due", "rank").order_by("due", "id")


VIEWS = [
    View("now", _("To call now"), _("Nothing to call now."), to_call_now),
    View("today", _("Follow-ups today"), _("No follow-ups planned for today."), follow_ups_today),
    View("waiting", _("Waiting for answer"), _("Marketing owes you no answer."), waiting_for_answer),
    View("unplanned", _("No next step"), _("Every lead has a next step."), without_next_step),
    View("done", _("Done today"), _("Nothing logged yet today."), done_today),
    View("pool", _("Pool"), _("Nothing waits in the pool."), pool),
]


def view_for(key: str) -> View:
    return next((view for view in VIEWS if view.key == key), VIEWS[0])


def lines(view: View, person: User, *, at: datetime) -> list[Line]:
    """The view from top to bottom, each lead once, at most CAP."""
    found = [Line(*row) for row in view.query(person, at)[: CAP + 1]]
    if view.key == "now":
        found.sort(key=_order)
    once = {line.lead_id: line for line in reversed(found)}
    return [line for line in found if once[line.lead_id] is line][:CAP]


def waiting_for(person: User) -> tuple[int, str]:
    """The number on the rail: how many to call now, and whether one of them is late or due within half an hour. One row."""
    now = timezone.now()
    sql, params = VIEWS[0].query(person, now).order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(DISTINCT lead_id), min(due) FROM ({sql}) AS line (lead_id, due, rank)", params
        )
        number, first = cursor.fetchone()
    if first is None or first > now + SOON:
        return number, ""
    return number, "late" if first < now else "soon"


def counts(person: User, *, at: datetime, known: dict[str, int]) -> dict[str, int]:
    """How many stand in each view, up to CAP, with one query for those that are not `known` yet."""
    wanted = [view for view in VIEWS if view.key not in known]
    parts: list[str] = []
    values: list[Any] = []
    for view in wanted:
        sql, params = view.query(person, at)[:CAP].query.sql_with_params()
        parts.append(f"(SELECT count(DISTINCT line.lead_id) FROM ({sql}) AS line (lead_id, due, rank))")
        values.extend(params)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        row = cursor.fetchone()
    return known | {view.key: number for view, number in zip(wanted, row, strict=True)}


def next_due(person: User, *, at: datetime) -> datetime | None:
    """The next step that this person planned; for the words of an empty queue."""
    moment: datetime | None = (
        _worked_by(person)
        .filter(next_step_at__gt=at)
        .order_by("next_step_at")
        .values_list("next_step_at", flat=True)
        .first()
    )
    return moment


def day_of(at: datetime) -> datetime:
    """The start of the company's day."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def day_after(at: datetime) -> datetime:
    return day_of(day_of(at) + timedelta(hours=36))


def _worked_by(person: User) -> QuerySet[Any]:
    rows: QuerySet[Any] = Lead.objects.owned_by(person).filter(stage__in=WITH_SALES)
    return rows


def _planned(rows: QuerySet[Any]) -> QuerySet[Any]:
    return (
        rows.annotate(due=F("next_step_at"), rank=Value(PROMISED))
        .values_list("pk", "due", "rank")
        .order_by("due", "pk")
    )


def _order(line: Line) -> tuple[Any, ...]:
    if line.due_at is None:
        return (1, 0, line.rank, 0, line.lead_id)
    return (0, line.due_at.replace(second=0, microsecond=0), line.rank, line.due_at, line.lead_id)
