"""Rows of a file into the staging table: understood a column at a time, written by COPY, a few thousand rows per transaction.

What is decided here needs no database: what each cell means, and which rows of the file may be about one person (their cluster).
Decisions are the same each time, so that staging can be repeated from the start after any accident.
"""

from __future__ import annotations

import csv
import gc
import io
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from leads.imports import reading
from leads.imports.understanding import Understanding
from leads.models import ImportBatch, StagedCompany, StagedRow

ROWS_PER_COPY = 5_000

Act = Callable[[], None]


def stage(
    batch: ImportBatch, *, at: datetime, progress: Callable[[ImportBatch], None], lanes: int = 1
) -> None:
    """Afterwards every row of the file is staged, each with its values, its problem or its warnings.

    With more than one lane, rows are written on a connection of their own while the next ones are understood.
    """
    StagedRow.objects.filter(batch=batch).delete()
    StagedCompany.objects.filter(batch=batch).delete()
    file = Understanding(batch)
    batch.staged = 0
    with _no_search_for_cycles(), _writer(beside=lanes > 1 and not connection.in_atomic_block) as write:
        for rows in reading.rows(batch.text, batch.layout, size=ROWS_PER_COPY):
            write(partial(_write, batch, *file.understand(rows), at=at))
            progress(batch)
    progress(batch)
    with transaction.atomic(), connection.cursor() as cursor:
        _copy(
            "leads_stagedcompany",
            ["batch_id", "company_no", "name", "domain", "size", "industry", "country", "city"],
            file.companies.table(batch.pk),
        )
        for later, earlier in file.clusters.joined().items():
            cursor.execute(
                "UPDATE leads_stagedrow SET cluster = %s WHERE batch_id = %s AND cluster = %s",
                [earlier, batch.pk, later],
            )
        batch.rows = batch.staged
        batch.new_names = {"sources": file.sources.new, "campaigns": file.campaigns.new}
        batch.save(update_fields=["rows", "new_names"])
        cursor.execute("ANALYZE leads_stagedrow (batch_id, row_no, cluster)")
        cursor.execute("ANALYZE leads_stagedcompany (batch_id, company_no)")  # else every pair is compared


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Python searches millions of cells for cycles again and again, a fifth of the time, and finds none: there are none."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


@contextmanager
def _writer(*, beside: bool) -> Iterator[Callable[[Act], None]]:
    """Does what it is given: at once, or beside us, one thing at a time. On leaving, all is done."""
    if not beside:
        yield lambda act: act()
        return
    with ThreadPoolExecutor(1) as pool:
        under_way: list[Future[None]] = []

        def begin(act: Act) -> None:
            finish()
            under_way.append(pool.submit(act))

        def finish() -> None:
            while under_way:
                under_way.pop().result()

        try:
            yield begin
            finish()
        finally:
            pool.submit(lambda: connection.close()).result()  # its own, not ours


def _write(batch: ImportBatch, columns: list[str], rows: list[tuple[Any, ...]], *, at: datetime) -> None:
    with transaction.atomic():
        _copy("leads_stagedrow", columns, rows)
        batch.staged += len(rows)
        batch.touched_at = at
        batch.save(update_fields=["staged", "touched_at"])


def _copy(table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Writes the rows by COPY. Moments without a zone are the company's local time."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('TimeZone'), set_config('TimeZone', %s, true)", [settings.TIME_ZONE]
        )
        before = cursor.fetchone()[0]
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv)", text)
        cursor.execute("SELECT set_config('TimeZone', %s, true)", [before])
