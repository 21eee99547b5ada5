"""The sweep: finds the clocks whose next moment has passed and records, once each, that they are due soon, late, or up a rung.

The state that people see never depends on it; the events and the messages do. One statement per batch takes the oldest clocks
that nobody else holds, writes their events (each has a unique key) and the notices of those events, and sets the next check:
all of it is committed, or none. So it may run twice, in parallel, late, or die half way. Its cost grows with what is due.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from sla import climbing, notices
from sla.ladder import Audience, audience
from sla.models import Clock, ClockEvent, ClockEventKind, SweepRun

logger = logging.getLogger("sla.sweeps")

BATCH = 500
Outlets = dict[str, list[Any]]
RUNS_KEPT = timedelta(days=14)


@dataclass
class SweepResult:
    as_of: datetime
    resumed: int = 0
    warned: int = 0
    breached: int = 0
    escalated: int = 0
    settled: int = 0  # what was promised had occurred, and nobody had told the clock
    failed: list[int] = field(default_factory=list)  # clocks left for the next sweep

    def flagged(self) -> list[ClockEvent]:
        """The events that this sweep wrote, the oldest first."""
        kinds = [ClockEventKind.WARNED, ClockEventKind.BREACHED, ClockEventKind.ESCALATED]
        return list(
            ClockEvent.objects.filter(detected_at=self.as_of, kind__in=kinds)
            .select_related("clock__holder", "clock__team", "clock__handoff")
            .order_by("happened_at", "id")
        )


def sweep(at: datetime, *, batch: int = BATCH) -> SweepResult:
    """Everything that was due before `at` has its event and its notices."""
    run = SweepRun.objects.create(started_at=timezone.now(), as_of=at)
    result = SweepResult(as_of=at)
    try:
        result.resumed = resume_what_ran_out(at, batch=batch)
        _forget_plans()
        people, outlets = audience(at), notices.outlets_of_promises()
        while _sweep_batch(result, people, outlets, batch) == batch:
            pass
    except Exception as problem:
        run.error = f"{type(problem).__name__}: {problem}"[:300]
        raise
    finally:
        run.finished_at = timezone.now() if not run.error else None
        run.warned, run.breached, run.failed = result.warned, result.breached, len(result.failed)
        run.save()
    SweepRun.objects.filter(started_at__lt=at - RUNS_KEPT).delete()
    return result


def resume_what_ran_out(at: datetime, *, batch: int = BATCH) -> int:
    """Clocks whose last pause ended by itself run on, as the screen has shown since that moment."""
    resumed, taken = 0, batch
    while taken == batch:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_statement("resume.sql"), {"as_of": at, "size": batch})
            taken = cursor.fetchone()[0]
        resumed += taken
    return resumed


# Mechanics


def _forget_plans() -> None:
    """A connection keeps how it checks foreign keys. Learnt while there were few events, it reads all of them for each that is written."""
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


def _sweep_batch(result: SweepResult, people: Audience, outlets: Outlets, size: int) -> int:
    """How many clocks were looked at. A batch that the database refuses is done again row by row."""
    try:
        return _take(result, people, outlets, size)
    except DatabaseError as problem:
        logger.warning("A batch of the sweep failed (%s); going row by row.", type(problem).__name__)
    waiting = (
        Clock.objects.filter(next_check_at__lt=result.as_of)
        .exclude(pk__in=result.failed)
        .order_by("next_check_at", "id")
    )
    ids = list(waiting.values_list("pk", flat=True)[:size])
    for pk in ids:
        try:
            _take(result, people, outlets, 1, only=[pk])
        except DatabaseError:
            logger.exception("Clock %s could not be swept; it is left for the next sweep.", pk)
            result.failed.append(pk)
    return len(ids)


def _take(
    result: SweepResult, people: Audience, outlets: Outlets, size: int, only: Sequence[int] | None = None
) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _statement("sweep.sql"),
            {
                "as_of": result.as_of,
                "size": size,
                "only": list(only) if only is not None else None,
                "left_alone": result.failed,
                **people.columns,
                **outlets,
            },
        )
        taken, warned, breached, escalated, to_settle, to_pool = cursor.fetchone()
    result.warned += warned
    result.breached += breached
    result.escalated += escalated
    for pk in to_settle or []:
        _settle(pk, result)
    for pk in to_pool or []:
        _give_to_pool(pk, result)
    return taken


def _settle(pk: int, result: SweepResult) -> None:
    """What was promised has occurred already, by a way that told no clock; it stops as if it had been told."""
    try:
        clock = Clock.objects.select_related("handoff", "agreement", "calendar_version").get(pk=pk)
        clock.catch_up(at=result.as_of)
        result.settled += 1
    except Exception:
        logger.exception("Clock %s could not be settled; it is left for the next sweep.", pk)
        result.failed.append(pk)


def _give_to_pool(pk: int, result: SweepResult) -> None:
    try:
        result.escalated += climbing.give_to_pool(pk, at=result.as_of)
    except Exception:
        logger.exception("Clock %s could not go back to the pool; it is left for the next sweep.", pk)
        result.failed.append(pk)


@cache
def _statement(name: str) -> str:
    return (Path(__file__).parent / name).read_text()
