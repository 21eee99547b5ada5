"""What a frozen month reads today, beside what was frozen: each difference is written down once, with the leads that moved and why.

A frozen row, its restatements applied one after the other, and a recount of the facts always say the same; `differences` finds where not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from leads.models import Lead
from sla.models import (
    Clock,
    ClockEvent,
    RestatedCase,
    Restatement,
    RestatementKind,
    ScorecardMonth,
    ScorecardRow,
    TermKind,
)
from sla.scorecard import measuring
from sla.scorecard.facts import CLOCKS, DEFINITIONS, Part
from sla.scorecard.measuring import Counted, exact
from smarketing.periods import month_of

EVERY = timedelta(hours=20)
WATCHED = timedelta(days=400)  # older months are compared only when somebody asks
WORTH_SAYING = [
    "CLEARED", "VOIDED", "DISPUTED", "ANSWERED", "CANCELLED", "STOPPED", "BREACHED", "REOPENED", "MERGED", "MOVED", "LIFTED",
]  # fmt: skip


@dataclass(frozen=True)
class Known:
    """A row as last stated: frozen, with every restatement applied."""

    actual: Decimal | None
    cases: int
    misses: int | None
    where: dict[int, str]  # id -> part


@dataclass(frozen=True)
class Difference:
    row: ScorecardRow
    known: Known
    counted: Counted
    moves: list[tuple[int, str, str]]  # id, part it was in, part it is in


def compare_all(at: datetime) -> list[Restatement]:
    """Every frozen month of the last year that was not compared today, each in its own transaction."""
    waiting = ScorecardMonth.objects.filter(Q(compared_at=None) | Q(compared_at__lte=at - EVERY))
    recent = waiting.filter(frozen_at__gte=at - WATCHED).order_by("month")
    return [found for month in recent for found in compare(month, at=at)]


@transaction.atomic
def compare(scorecard: ScorecardMonth, *, at: datetime) -> list[Restatement]:
    """What reads differently is restated. Two comparisons at once wait for each other: the second finds nothing."""
    locked = ScorecardMonth.objects.select_for_update().get(pk=scorecard.pk)
    found = [_restate(difference, at) for difference in differences(locked, at=at)]
    ScorecardMonth.objects.filter(pk=locked.pk).update(compared_at=at)
    return found


def differences(scorecard: ScorecardMonth, *, at: datetime) -> Iterator[Difference]:
    month, agreement = month_of(scorecard.month), scorecard.agreement
    rows = {row.key: row for row in scorecard.rows.select_related("term__agreement")}
    counted = measuring.with_ids([row.term for row in rows.values()], agreement, month, at=at)
    for each in counted:
        row = rows[each.figure.key]
        known = known_of(row)
        moves = _moves(known.where, each.where)
        if moves or _figures(each) != (known.actual, known.cases, known.misses):
            yield Difference(row, known, each, moves)


def known_of(row: ScorecardRow) -> Known:
    where = dict.fromkeys(row.kept_ids, Part.KEPT.value) | dict.fromkeys(row.missed_ids, Part.MISSED.value)
    where |= dict.fromkeys(row.open_ids, Part.OPEN.value)
    for moved in RestatedCase.objects.filter(restatement__row=row).order_by("restatement__number"):
        where.pop(moved.row_pk, None)
        if moved.part:
            where[moved.row_pk] = moved.part
    last = row.restatements.order_by("-number").first()
    stated = last or row
    return Known(stated.actual, stated.cases, stated.misses, where)


def restate_entered(row: ScorecardRow, reason: str, *, by: Any, at: datetime) -> Restatement:
    """The owner entered another number for a month that is frozen."""
    scorecard = row.scorecard
    figure = measuring.measure([row.term], scorecard.agreement, month_of(scorecard.month), at=at)[0]
    return _write(
        row, known_of(row), RestatementKind.ENTERED, actual=exact(figure.actual), cases=figure.cases, misses=None, reason=reason, by=by, at=at
    )  # fmt: skip


# Mechanics


def _restate(difference: Difference, at: datetime) -> Restatement:
    row, moves = difference.row, difference.moves
    settled = moves and all(was == Part.OPEN for _id, was, _part in moves)
    actual, cases, misses = _figures(difference.counted)
    kind = RestatementKind.SETTLED if settled else RestatementKind.CORRECTED
    if row.term.kind == TermKind.OWN:
        kind = RestatementKind.ENTERED
    restatement = _write(row, difference.known, kind, actual=actual, cases=cases, misses=misses, reason="" if difference.counted.figure.lacking else difference.counted.figure.note, by=None, at=at)  # fmt: skip
    RestatedCase.objects.bulk_create(_cases(restatement, row, moves, at))
    return restatement


def _write(row: ScorecardRow, known: Known, kind: str, *, actual: Decimal | None, cases: int, misses: int | None, reason: str, by: Any, at: datetime) -> Restatement:  # fmt: skip
    return Restatement.objects.create(
        row=row, number=row.restatements.count() + 1, kind=kind, found_at=at, by=by, reason=reason,
        actual_was=known.actual, actual=actual, cases_was=known.cases, cases=cases, misses_was=known.misses, misses=misses,
    )  # fmt: skip


def _moves(was: dict[int, str], now: dict[int, str]) -> list[tuple[int, str, str]]:
    return [
        (pk, was.get(pk, ""), now.get(pk, ""))
        for pk in sorted(was.keys() | now.keys())
        if was.get(pk, "") != now.get(pk, "")
    ]


def _figures(counted: Counted) -> tuple[Decimal | None, int, int | None]:
    figure = counted.figure
    return exact(figure.actual), figure.cases, figure.misses


def _cases(restatement: Restatement, row: ScorecardRow, moves: list[tuple[int, str, str]], at: datetime) -> Iterator[RestatedCase]:  # fmt: skip
    """Of a clock, what happened to it last says why; of anything else, the move itself."""
    ids = [pk for pk, _was, _part in moves]
    definition = DEFINITIONS[row.term.kind]
    events: dict[int, ClockEvent] = {}
    if definition.table == CLOCKS:
        told = ClockEvent.objects.filter(clock__in=ids, kind__in=WORTH_SAYING)
        events = {event.clock_id: event for event in told.order_by("detected_at", "id")}
        leads = dict(Clock.objects.filter(pk__in=ids).values_list("pk", "handoff__lead"))
    elif definition.model is Lead:
        leads = {pk: pk for pk in ids}
    else:
        leads = dict(definition.model.objects.filter(pk__in=ids).values_list("pk", "lead"))
    for pk, was, part in moves:
        event = events.get(pk)
        since = event.detected_at if event else at
        yield RestatedCase(restatement=restatement, row_pk=pk, lead_id=leads.get(pk), was=was, part=part, since=since, event=event)  # fmt: skip
