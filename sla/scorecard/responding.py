"""How fast sales responds: working time from the hand-off to the first attempt and the first conversation, wall time beside it.

Open and overdue counts as missed, and as longer than any time that was taken: half of all or more still open means there is no median yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext as _

from handoff.models import Handoff
from sla import promises
from sla.models import Clock, Measure, ResponseTime, Term, TermKind
from sla.scorecard import facts, measuring
from sla.scorecard.facts import ALL, Part
from sla.scorecard.standing import FEW
from sla.stopping import worked
from smarketing import words
from smarketing.periods import Period

KINDS = [TermKind.FIRST_CONTACT_HOT, TermKind.FIRST_CONTACT_OTHER]
EDGES = [0.25, 0.5, 1, 2, 4]  # of the promised time; the promise stands after the third bucket
NUMBERS = [str(number) for number in range(len(EDGES) + 2)]  # of the columns, as addresses carry them
PROMISED = 3
BATCH = 1_000


@dataclass(frozen=True)
class Times:
    """Median and 90th percentile in seconds; None: so many have none yet."""

    median: float | None
    ninety: float | None


@dataclass(frozen=True)
class Bucket:
    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Response:
    term: Term
    cases: int
    within: int
    worked: Times
    wall: Times
    attempt: Times
    conversation: Times
    buckets: list[Bucket]
    url: str

    @property
    def promised(self) -> int:
        return PROMISED

    @property
    def share(self) -> float | None:
        return self.within / self.cases if self.cases else None

    @property
    def promise_words(self) -> str:
        return _("promised %(span)s") % {"span": promises.span(self.term.target_seconds)}

    @property
    def is_few(self) -> bool:
        return self.cases < FEW

    @property
    def table(self) -> list[list[str]]:
        """What took how long: working time, in all but the last row."""
        lines = [
            (_("what the agreement counts"), self.worked),
            (_("first attempt"), self.attempt),
            (_("first conversation"), self.conversation),
            (_("on the wall clock"), self.wall),
        ]
        return [[name, _span(times.median), _span(times.ninety)] for name, times in lines]


def of_month(month: Period, *, at: datetime) -> list[Response]:
    """One per promise of first contact, in the version in force at the end of the month."""
    agreement = measuring.agreement_of(month)
    terms = [term for term in agreement.terms_in_order() if term.kind in KINDS] if agreement else []
    return [_response(term, month, at) for term in terms]


def in_bucket(term: Term, month: Period, number: int, *, at: datetime) -> QuerySet[Any, Any]:
    """The clocks that one column counts; the last column are those that nobody stopped."""
    rows = taken(term, month, at)
    low, high = _bounds(term)[number]
    if number == len(EDGES) + 1:
        return rows.filter(took=None)
    rows = rows.filter(took__gt=low) if low is not None else rows
    return rows.filter(took__lte=high) if high is not None else rows.filter(took__isnull=False)


def taken(term: Term, month: Period, at: datetime) -> QuerySet[Any, Any]:
    """Kept and missed clocks with what they took. What was kept never took longer than promised, what was missed always did."""
    kept = facts.conditions(term, month, at)[Part.KEPT]
    promised = F("target_seconds")
    took = Case(
        When(kept, then=Least(F("worked_seconds"), promised)),
        When(stopped_at__isnull=False, then=Greatest(F("worked_seconds"), promised + Value(1))),
    )
    return facts.behind(term, month, ALL, at=at).annotate(took=took)


def learn(handoff: Handoff, clock: Clock) -> None:
    """A contact was logged: how long it took, by the hours and pauses of the clock that measures first contact."""
    ResponseTime.objects.update_or_create(handoff=handoff, defaults=_seconds(handoff, clock))


def fill(*, batch: int = BATCH) -> int:
    """For contacts from before this was kept. In batches of their own; may be ended and started again at any moment."""
    filled, last = 0, 0
    while True:
        lacking = Clock.objects.filter(
            measure=Measure.FIRST_CONTACT, handoff__first_attempt_at__isnull=False, handoff__response_time=None, pk__gt=last
        )  # fmt: skip
        clocks = list(
            lacking.select_related("handoff", "calendar_version")
            .prefetch_related("pauses")
            .order_by("pk")[:batch]
        )
        if not clocks:
            return filled
        ResponseTime.objects.bulk_create(
            [ResponseTime(handoff=clock.handoff, **_seconds(clock.handoff, clock)) for clock in clocks],
            ignore_conflicts=True,
        )
        filled, last = filled + len(clocks), clocks[-1].pk


# Mechanics


def _seconds(handoff: Handoff, clock: Clock) -> dict[str, int | None]:
    moments = {
        "attempt_seconds": handoff.first_attempt_at,
        "conversation_seconds": handoff.first_conversation_at,
    }
    return {
        name: worked(clock, max(moment, clock.started_at)) if moment else None
        for name, moment in moments.items()
    }


def _response(term: Term, month: Period, at: datetime) -> Response:
    rows = taken(term, month, at).values_list(
        "took", "worked_seconds", "started_at", "stopped_at", "handoff__response_time__attempt_seconds", "handoff__response_time__conversation_seconds"
    )  # fmt: skip
    bounds = _bounds(term)
    told = _ask(rows, [high for _low, high in bounds[: len(EDGES)] if high is not None])
    cases, within, counts = told[0], told[1], told[10]
    times = [Times(*(_finite(value) for value in told[i : i + 2])) for i in (2, 4, 6, 8)]
    url = measuring.cases_url(term.key, month, ALL)
    labels = _labels(term)
    found = dict(counts or [])
    buckets = [Bucket(label, found.get(i, 0), f"{url}&bucket={i}") for i, label in enumerate(labels)]
    worked, wall, attempt, conversation = times
    return Response(term, cases, within, worked, wall, attempt, conversation, buckets=buckets, url=url)


def _ask(rows: QuerySet[Any, Any], edges: Iterable[int]) -> list[Any]:
    """One statement over the rows of the month. Infinity stands for what did not happen yet, so that a percentile may fall on it."""
    sql, values = rows.query.sql_with_params()
    columns = {
        "took": "worked", "wall": "extract(epoch FROM stopped - started)", "attempt": "attempt", "conversation": "conversation",
    }  # fmt: skip
    percentiles = ", ".join(
        f"percentile_disc({share}) WITHIN GROUP (ORDER BY coalesce({column}::float8, 'infinity'))"
        for column in columns.values()
        for share in (0.5, 0.9)
    )
    query = f"""
        WITH behind (took, worked, started, stopped, attempt, conversation) AS ({sql}),
        bucket AS (
            SELECT CASE WHEN took IS NULL THEN %s ELSE width_bucket(took - 1, %s) END AS number, count(*) AS n FROM behind GROUP BY 1)
        SELECT count(*), (SELECT coalesce(sum(n), 0)::int FROM bucket WHERE number < %s), {percentiles},
               (SELECT json_agg(json_build_array(number, n)) FROM bucket)
        FROM behind"""
    with connection.cursor() as cursor:
        cursor.execute(query, [*values, len(EDGES) + 1, list(edges), PROMISED])
        return list(cursor.fetchone())


def _bounds(term: Term) -> list[tuple[int | None, int | None]]:
    """Above the first, up to the second; the last are open."""
    edges = [int((term.target_seconds or 0) * edge) for edge in EDGES]
    return [*zip([None, *edges], [*edges, None], strict=True), (None, None)]


def _labels(term: Term) -> list[str]:
    edges = [promises.span(int((term.target_seconds or 0) * edge)) for edge in EDGES]
    return [*(f"≤ {edge}" for edge in edges), f"> {edges[-1]}", _("open")]


def _finite(value: float | None) -> float | None:
    return None if value is None or value == float("inf") else value


def _span(seconds: float | None) -> str:
    return words.NOTHING if seconds is None else words.working_duration(seconds, day=1_000 * 3_600)
