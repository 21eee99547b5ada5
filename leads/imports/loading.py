"""The staged rows of a batch into leads, set by set, each set in one transaction; or the same plan without writing.

A set is loaded whole or not at all: its rows have their outcomes in the same transaction, and rows with an outcome are never
taken again. Whoever comes next, after whatever accident, does what is left. Rows about one person are never in two sets.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from queue import Empty, Queue
from typing import Any

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from leads import signals
from leads.imports import matching, planning, writing
from leads.models import BatchState, Campaign, ImportBatch, Outcome, Source, StagedCompany, StagedRow

ROWS_PER_SET = 10_000
TRIES_PER_SET = 5
OUTGROWN = 0.2  # the share of a table; a search without statistics is slow by seconds
ANALYZED = [
    "leads_lead",
    "leads_contact",
    "leads_company",
    "leads_stagechange",
    "leads_leadfact",
    "leads_opportunity",
    "leads_activity",
]

Progress = Callable[[ImportBatch], None]


def forecast(batch: ImportBatch, *, at: datetime) -> dict[str, Any]:
    """What loading would do now: counts by outcome, problems and warnings by kind. Writes nothing."""
    counts: Counter[str] = Counter()
    problems: Counter[str] = Counter()
    warnings: Counter[str] = Counter()
    with transaction.atomic(), connection.cursor() as cursor:
        values = _values(batch, at)
        _forget_tables(cursor)
        cursor.execute(planning.PLAN_COMPANIES, values)
        cursor.execute("ANALYZE import_company")
        for first in range(1, _end(batch), ROWS_PER_SET):
            with transaction.atomic():
                _plan(cursor, values | {"first": first, "before": first + ROWS_PER_SET}, lock=False)
                cursor.execute("SELECT outcome, count(*) FROM import_outcome GROUP BY outcome")
                counts.update(dict(cursor.fetchall()))
                problems.update(_kinds(cursor, "problem ->> 'code'", "import_outcome"))
                warnings.update(
                    _kinds(cursor, "w ->> 'code'", "import_outcome, jsonb_array_elements(warnings) w")
                )
        _forget_tables(cursor)
    return {
        **{outcome.value.lower(): counts[outcome] for outcome in Outcome},
        "problem_kinds": problems,
        "warning_kinds": warnings,
        "warnings": warnings.total(),
    }


def load(batch: ImportBatch, *, at: datetime, progress: Progress, lanes: int = 1) -> None:
    """Every staged row has its outcome, and the batch is DONE. `lanes` sets are loaded at a time, each on a connection of its own."""
    values = _values(batch, at)
    with transaction.atomic():
        _make_names(batch)
        with connection.cursor() as cursor:
            _forget_tables(cursor)
            if not StagedCompany.objects.filter(batch=batch, company_id__isnull=False).exists():
                cursor.execute(planning.PLAN_COMPANIES, values)
                for step in writing.WRITE_COMPANIES:
                    cursor.execute(step, values)
            _take_companies(cursor, values)
    sets = range(1, _end(batch), ROWS_PER_SET)
    if lanes == 1 or len(sets) < 2 or connection.in_atomic_block:
        for first in sets:
            _load_set_at_last(first, values)
            batch.refresh_from_db()
            progress(batch)
    else:
        _load_in_lanes(batch, sets, values, lanes=lanes, progress=progress)
    with transaction.atomic(), connection.cursor() as cursor:
        _forget_tables(cursor)
        batch.refresh_from_db()
        batch.state, batch.finished_at, batch.touched_at = BatchState.DONE, at, at
        batch.save(update_fields=["state", "finished_at", "touched_at"])
        StagedRow.objects.filter(batch=batch).delete()
        companies, _of_kinds = StagedCompany.objects.filter(batch=batch).delete()
    told = batch.created + batch.updated
    if told > 1_000:
        with connection.cursor() as cursor:
            for table in outgrown(cursor, told, companies=companies):
                cursor.execute(f"ANALYZE {table}")


def outgrown(cursor: Any, rows: int, *, companies: int) -> list[str]:
    """The tables whose statistics so many new rows make worthless. Less than that PostgreSQL makes good by itself, within minutes."""
    cursor.execute(
        """
        SELECT relname FROM pg_class WHERE oid = ANY(%s::regclass[])
        AND (reltuples < 0 OR reltuples * %s < CASE relname WHEN 'leads_company' THEN %s ELSE %s END)
        """,
        [ANALYZED, OUTGROWN, companies, rows],
    )
    return [table for (table,) in cursor.fetchall()]


# Mechanics

OF_ONE_SET = [
    "import_staged",
    "import_known",
    "import_person_of",
    "import_target",
    "import_contact",
    "import_told",
    "import_lead",
    "import_note",
    "import_outcome",
    "import_new_contact",
    "import_lead_id",
]


def _load_in_lanes(
    batch: ImportBatch, sets: Iterable[int], values: dict[str, Any], *, lanes: int, progress: Progress
) -> None:
    """The sets, several at a time: no two are about one person, so they hardly meet; where they do, one looks again."""
    waiting: Queue[int] = Queue()
    for first in sets:
        waiting.put(first)

    def lane() -> None:
        try:
            with connection.cursor() as cursor:
                _take_companies(cursor, values)
            while True:
                _load_set_at_last(waiting.get_nowait(), values)
        except Empty:
            return
        finally:
            connection.close()

    with ThreadPoolExecutor(lanes) as pool:
        running = {pool.submit(lane) for _lane in range(lanes)}
        while running:
            finished, running = wait(running, timeout=0.5)
            batch.refresh_from_db()
            progress(batch)
            for lane_that_finished in finished:
                lane_that_finished.result()


def _load_set_at_last(first: int, values: dict[str, Any]) -> None:
    """Somebody else may capture the same person between our look and our write: then we look again."""
    for attempt in range(1, TRIES_PER_SET + 1):
        try:
            with transaction.atomic():
                _load_set(first, values)
            return
        except (IntegrityError, OperationalError):
            if attempt == TRIES_PER_SET or connection.connection is None or connection.connection.closed:
                raise
            time.sleep(0.05 * attempt)


def _load_set(first: int, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        here = values | {"first": first, "before": first + ROWS_PER_SET}
        _plan(cursor, here, lock=True)
        for step in writing.STEPS:
            cursor.execute(step, here)
        cursor.execute("SELECT outcome, count(*) FROM import_outcome GROUP BY outcome")
        counts = {outcome.lower(): count for outcome, count in cursor.fetchall()}
        cursor.execute("SELECT COALESCE(sum(jsonb_array_length(warnings)), 0) FROM import_outcome")
        counts["warnings"] = int(cursor.fetchone()[0])
        cursor.execute("SELECT known_id FROM import_lead WHERE known_id IS NOT NULL AND moves")
        moved = [pk for (pk,) in cursor.fetchall()]
    batch = ImportBatch.objects.filter(pk=values["batch"])
    if moved:
        by = batch.select_related("created_by").get().created_by
        signals.leads_moved_in_bulk.send(sender=ImportBatch, lead_ids=moved, by=by, at=values["at"])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a fifth of a second, before anybody waits for us
    batch.update(  # last, because every lane waits for this row
        loaded_before=Greatest("loaded_before", Value(here["before"])),
        attempts=0,
        touched_at=values["at"],
        **{name: F(name) + count for name, count in counts.items()},
    )


def _take_companies(cursor: Any, values: dict[str, Any]) -> None:
    """The companies of the file as they were written, at hand for the sets of this connection."""
    _forget_tables(cursor)
    cursor.execute(writing.COMPANIES_WRITTEN, values)
    cursor.execute("ANALYZE import_company")


def _plan(cursor: Any, values: dict[str, Any], *, lock: bool) -> None:
    cursor.execute(f"DROP TABLE IF EXISTS {', '.join(OF_ONE_SET)}")
    for step in matching.STEPS:
        cursor.execute(step, values)
    if lock:
        for step in matching.LOCK_KNOWN:
            cursor.execute(step)
    for step in planning.STEPS:
        cursor.execute(step, values)


def _make_names(batch: ImportBatch) -> None:
    sources = [Source(key=key, name=name[:80]) for key, name in batch.new_names.get("sources", {}).items()]
    Source.objects.bulk_create(sources, ignore_conflicts=True)
    campaigns = [Campaign(name=name) for name in batch.new_names.get("campaigns", [])]
    Campaign.objects.bulk_create(campaigns, ignore_conflicts=True)


def _values(batch: ImportBatch, at: datetime) -> dict[str, Any]:
    return {
        "batch": batch.pk,
        "at": at,
        "by": batch.created_by_id,
        "origin": f"import {batch.pk}",
        "currency": settings.CURRENCY,
    }


def _end(batch: ImportBatch) -> int:
    """One more than the highest cluster number: the number of the file's last row, which may be below blank ones."""
    last = (
        StagedRow.objects.filter(batch=batch).order_by("-cluster").values_list("cluster", flat=True).first()
    )
    return (last or 0) + 1


def _kinds(cursor: Any, code: str, table: str) -> dict[str, int]:
    cursor.execute(f"SELECT {code}, count(*) FROM {table} GROUP BY 1")
    return {kind: count for kind, count in cursor.fetchall() if kind}


def _forget_tables(cursor: Any) -> None:
    cursor.execute(f"DROP TABLE IF EXISTS import_company, {', '.join(OF_ONE_SET)}")
