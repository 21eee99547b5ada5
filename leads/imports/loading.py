"""The staged rows of a batch into leads, set by set, each set in one transaction; or the same plan without writing.

A set is loaded whole or not at all, and says so in the batch row in the same transaction: whoever comes next, after whatever
accident, goes on with the next set. Rows about one person are never in two sets.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F

from leads import signals
from leads.imports import matching, planning, writing
from leads.models import BatchState, Campaign, ImportBatch, Outcome, Source, StagedCompany, StagedRow

ROWS_PER_SET = 10_000
TRIES_PER_SET = 5
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


def load(batch: ImportBatch, *, at: datetime, progress: Progress) -> None:
    """Every staged row has its outcome, and the batch is DONE."""
    values = _values(batch, at)
    with transaction.atomic():
        _make_names(batch)
        with connection.cursor() as cursor:
            _forget_tables(cursor)
            if StagedCompany.objects.filter(batch=batch, company_id__isnull=False).exists():
                cursor.execute(writing.COMPANIES_WRITTEN, values)
            else:
                cursor.execute(planning.PLAN_COMPANIES, values)
                for step in writing.WRITE_COMPANIES:
                    cursor.execute(step, values)
            cursor.execute("ANALYZE import_company")
    while batch.loaded_before < _end(batch):
        _load_next_set(batch, values)
        progress(batch)
    with transaction.atomic(), connection.cursor() as cursor:
        _forget_tables(cursor)
        batch.refresh_from_db()
        batch.state, batch.finished_at, batch.touched_at = BatchState.DONE, at, at
        batch.save(update_fields=["state", "finished_at", "touched_at"])
        StagedRow.objects.filter(batch=batch).delete()
        StagedCompany.objects.filter(batch=batch).delete()
    with connection.cursor() as cursor:
        for table in ANALYZED if batch.created + batch.updated > 1_000 else []:
            cursor.execute(f"ANALYZE {table}")


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


def _load_next_set(batch: ImportBatch, values: dict[str, Any]) -> None:
    """Somebody else may capture the same person between our look and our write: then we look again."""
    for attempt in range(1, TRIES_PER_SET + 1):
        try:
            with transaction.atomic():
                _load_set(batch, values)
            return
        except (IntegrityError, OperationalError):
            if attempt == TRIES_PER_SET or connection.connection is None or connection.connection.closed:
                raise
            time.sleep(0.05 * attempt)


def _load_set(batch: ImportBatch, values: dict[str, Any]) -> None:
    first = (
        ImportBatch.objects.select_for_update().values_list("loaded_before", flat=True).get(pk=batch.pk) or 1
    )
    before = first + ROWS_PER_SET
    with connection.cursor() as cursor:
        here = values | {"first": first, "before": before}
        _plan(cursor, here, lock=True)
        for step in writing.STEPS:
            cursor.execute(step, here)
        cursor.execute("SELECT outcome, count(*) FROM import_outcome GROUP BY outcome")
        counts = {outcome.lower(): count for outcome, count in cursor.fetchall()}
        cursor.execute("SELECT COALESCE(sum(jsonb_array_length(warnings)), 0) FROM import_outcome")
        counts["warnings"] = int(cursor.fetchone()[0])
        cursor.execute("SELECT known_id FROM import_lead WHERE known_id IS NOT NULL AND moves")
        moved = [pk for (pk,) in cursor.fetchall()]
    ImportBatch.objects.filter(pk=batch.pk).update(
        loaded_before=before,
        attempts=0,
        touched_at=values["at"],
        **{name: F(name) + count for name, count in counts.items()},
    )
    if moved:
        signals.leads_moved_in_bulk.send(
            sender=ImportBatch, lead_ids=moved, by=batch.created_by, at=values["at"]
        )
    batch.refresh_from_db(fields=["loaded_before", "touched_at", *counts])


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
