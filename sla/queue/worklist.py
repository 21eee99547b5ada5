"""Which leads stand in which view of a rep's queue, in which order. Every view is one query over partial indexes, cut off at CAP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models import DateTimeField, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handoff.models import ContactAttempt, Handoff, State
from leads.access import WITH_SALES
from leads.models import Lead, Stage
from sla.models import Clock
from smarketing import planned
from smarketing.planned import Given
from smarketing.prepared import Prepared

if TYPE_CHECKING:
    from smarketing.accounts.models import User

CAP = 500
SOON = timedelta(minutes=30)
SCORE = Coalesce("qualification__points", Value(0))
PROMISED, FIRST_CALL = 0, 1  # a promised call-back goes before a first call that is due in the same minute


class Line(NamedTuple):
    """A lead in a view: when something is due there, or when it happened."""

    lead_id: int
    due_at: datetime | None
    rank: int = FIRST_CALL
    points: int = 0
    source_id: int | None = None
    campaign_id: int | None = None


class Part(NamedTuple):
    """Some of the leads of a view: rows with `due`, `rank` and `points`, and the way from such a row to its lead."""

    rows: QuerySet[Any]
    lead: str = "lead__"

    def lines(self) -> QuerySet[Any]:
        of_lead = f"{self.lead}source_id", f"{self.lead}campaign_id"
        return self.rows.values_list(f"{self.lead}pk", "due", "rank", "points", *of_lead)

    def numbers(self) -> QuerySet[Any]:
        """Those of the leads alone: what only a line shows is not looked up."""
        return self.rows.order_by().values_list(f"{self.lead}pk")


class Moments(NamedTuple):
    """Where the views are cut. Each is a value of its own, so that a view is put into SQL once."""

    at: datetime
    soon: datetime  # what is due before it cannot wait
    today: datetime  # the start of the company's day
    tomorrow: datetime


@dataclass(frozen=True)
class View:
    key: str
    label: Any
    empty: Any
    parts: Callable[[int, Moments], list[Part]]  # of the person with this number
    order: tuple[str, ...] = ("due",)

    def lines(self, person: int, cut: Moments) -> QuerySet[Any]:
        first, *others = (part.lines() for part in self.parts(person, cut))
        return (first.union(*others, all=True) if others else first).order_by(*self.order)

    def numbers(self, person: int, cut: Moments) -> QuerySet[Any]:
        first, *others = (part.numbers() for part in self.parts(person, cut))
        return first.union(*others, all=True) if others else first


def to_call_now(person: int, cut: Moments) -> list[Part]:
    """Hand-offs without a first contact, by the clock that runs out first, and every step that was planned for now or before.

    A first call that was snoozed waits for its moment, or until its promise is nearly due: snoozing moves no clock.
    """
    first_calls = (
        Handoff.objects.received_by(person)
        .filter(state__in=[State.SENT, State.ACCEPTED])
        .annotate(due=_first_due(), rank=Value(FIRST_CALL), points=SCORE)
        .filter(Q(lead__next_step_at=None) | Q(lead__next_step_at__lte=cut.at) | Q(due__lte=cut.soon))
    )
    return [Part(first_calls), _planned(person, next_step_at__lte=cut.at)]


def follow_ups_today(person: int, cut: Moments) -> list[Part]:
    """Steps planned for the rest of the company's day, also with a lead that was not accepted yet."""
    later = {"next_step_at__gt": cut.at, "next_step_at__lt": cut.tomorrow}
    offered = Handoff.objects.received_by(person).filter(
        state=State.SENT, **{f"lead__{lookup}": moment for lookup, moment in later.items()}
    )
    snoozed = offered.annotate(due=F("lead__next_step_at"), rank=Value(PROMISED), points=SCORE)
    return [_planned(person, **later), Part(snoozed)]


def waiting_for_answer(person: int, cut: Moments) -> list[Part]:
    """Marketing owes an answer."""
    rows = Handoff.objects.received_by(person).filter(state=State.ASKED)
    return [Part(rows.annotate(due=F("asked_at"), rank=Value(FIRST_CALL), points=SCORE))]


def without_next_step(person: int, cut: Moments) -> list[Part]:
    """Contacted, still open, and nothing planned: these are forgotten first."""
    rows = _worked_by(person).filter(stage__in=[Stage.CONTACTED, Stage.OPPORTUNITY], next_step_at=None)
    nothing = Cast(Value(None), DateTimeField())
    return [
        Part(rows.annotate(due=nothing, rank=Value(FIRST_CALL, IntegerField()), points=Value(0)), lead="")
    ]


def done_today(person: int, cut: Moments) -> list[Part]:
    """Leads that this person contacted on the company's day, the latest first."""
    rows = ContactAttempt.objects.standing().filter(
        made_by=person, occurred_at__gte=cut.today, occurred_at__lte=cut.at
    )
    lead = "handoff__lead__"
    by_lead = rows.values(f"{lead}pk", f"{lead}source_id", f"{lead}campaign_id")
    return [
        Part(by_lead.annotate(due=Max("occurred_at"), rank=Value(FIRST_CALL), points=Value(0)), lead=lead)
    ]


def pool(person: int, cut: Moments) -> list[Part]:
    """For whoever claims it first."""
    rows = Handoff.objects.in_pool()
    return [Part(rows.annotate(due=_first_due(), rank=Value(FIRST_CALL), points=SCORE))]


OLDEST, LATEST, SILENT = ("due", "id"), ("-due",), ("last_activity_at", "id")
VIEWS = [
    View("now", _("To call now"), _("Nothing to call now."), to_call_now),
    View("today", _("Follow-ups today"), _("No follow-ups planned for today."), follow_ups_today),
    View("waiting", _("Waiting for answer"), _("Marketing owes you no answer."), waiting_for_answer, OLDEST),
    View("unplanned", _("No next step"), _("Every lead has a next step."), without_next_step, SILENT),
    View("done", _("Done today"), _("Nothing logged yet today."), done_today, LATEST),
    View("pool", _("Pool"), _("Nothing waits in the pool."), pool, OLDEST),
]


def view_for(key: str) -> View:
    return next((view for view in VIEWS if view.key == key), VIEWS[0])


@dataclass(frozen=True)
class Standing:
    """How many are to be called, how many of them late or due within half an hour."""

    to_call: int = 0
    late: int = 0
    soon: int = 0

    @property
    def worst(self) -> str:
        return "late" if self.late else "soon" if self.soon else ""


@dataclass(frozen=True)
class Tally:
    counts: dict[str, int]
    standing: Standing


def lines(view: View, person: User, *, at: datetime, cap: int = CAP) -> list[Line]:
    """The view from top to bottom, each lead once, at most `cap`."""
    found = [Line(*row) for row in _written(view.key, cap + 1).rows(**_values(person, at))]
    if view.key == "now":
        found.sort(key=_order)
    once = {line.lead_id: line for line in reversed(found)}
    return [line for line in found if once[line.lead_id] is line][:cap]


def standing_of(to_call: Iterable[Line], at: datetime) -> Standing:
    due = [line.due_at for line in to_call]
    late = sum(moment is not None and moment < at for moment in due)
    soon = sum(moment is not None and at <= moment <= at + SOON for moment in due)
    return Standing(len(due), late, soon)


def waiting_for(person: User) -> tuple[int, str]:
    """The number on the rail: how many to call now, and the worst of them."""
    standing = tally(person, at=timezone.now(), only=("now",)).standing
    return standing.to_call, standing.worst


def tally(
    person: User, *, at: datetime, only: Sequence[str] = (), now: Sequence[Line] | None = None
) -> Tally:
    """How many stand in each view (or in `only` these), up to CAP, in one statement. Who has the lines of `now` gives them."""
    asked = [
        view
        for view in VIEWS
        if (not only or view.key in only) and not (view.key == "now" and now is not None)
    ]
    parts: list[str] = []
    values: list[Any] = []
    for view in asked:
        written = _written if view.key == "now" else _counted
        sql, params = written(view.key, CAP).statement(**_values(person, at))
        rows = f"FROM ({sql}) AS line (lead_id{', due' if view.key == 'now' else ''})"
        if view.key == "now":
            soon = "count(DISTINCT lead_id) FILTER (WHERE due BETWEEN %s AND %s)"
            late = "count(DISTINCT lead_id) FILTER (WHERE due < %s)"
            parts.append(f"(SELECT ARRAY[count(DISTINCT lead_id), {late}, {soon}] {rows})")
            values.extend(Given(moment, datetime) for moment in (at, at, at + SOON))
        else:
            parts.append(f"(SELECT count(DISTINCT lead_id) {rows})")
        values.extend(params)
    found: dict[str, Any] = {}
    if parts:
        with connection.cursor() as cursor:
            planned.execute(cursor, f"SELECT {', '.join(parts)}", values)
            found = dict(zip([view.key for view in asked], cursor.fetchone(), strict=True))
    standing = Standing(*found.pop("now")) if "now" in found else standing_of(now or (), at)
    return Tally({"now": standing.to_call} | found, standing)


def next_due(person: User, *, at: datetime) -> datetime | None:
    """The next step that this person planned; for the words of an empty queue."""
    moment: datetime | None = (
        _worked_by(person.pk)
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


@cache
def _written(key: str, most: int) -> Prepared:
    """The view with this key, at most so many lines of it."""
    return _prepared(view_for(key).lines, most)


@cache
def _counted(key: str, most: int) -> Prepared:
    """The numbers of its leads, at most so many, in no order."""
    return _prepared(view_for(key).numbers, most)


def _prepared(query: Callable[[int, Moments], QuerySet[Any]], most: int) -> Prepared:
    moments = dict.fromkeys(Moments._fields, datetime)
    return Prepared(lambda person, **cut: query(person, Moments(**cut))[:most], person=int, **moments)


def _values(person: User, at: datetime) -> dict[str, Any]:
    return {"person": person.pk, **Moments(at, at + SOON, day_of(at), day_after(at))._asdict()}


def _first_due() -> Subquery:
    """Of a hand-off the clock that runs out first."""
    running = Clock.objects.filter(handoff=OuterRef("pk"), state="RUNNING").order_by("due_at")
    return Subquery(running.values("due_at")[:1])


def _planned(person: int, **when: datetime) -> Part:
    """Steps that this person planned with leads that are his."""
    rows = _worked_by(person).filter(**when)
    return Part(rows.annotate(due=F("next_step_at"), rank=Value(PROMISED), points=Value(0)), lead="")


def _worked_by(person: int) -> QuerySet[Any]:
    rows: QuerySet[Any] = Lead.objects.owned_by(person).filter(stage__in=WITH_SALES)
    return rows


def _order(line: Line) -> tuple[Any, ...]:
    """By the minute; a promise before a first call of the same minute; then the higher score."""
    if line.due_at is None:
        return (1, 0, line.rank, -line.points, line.lead_id)
    return (
        0,
        line.due_at.replace(second=0, microsecond=0),
        line.rank,
        -line.points,
        line.due_at,
        line.lead_id,
    )
