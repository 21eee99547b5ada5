"""The verbs of an import: receive a file, choose its columns, start it; and `advance`, which does the work of the present step.

A batch is a row with a state. Its task may ring twice, be killed or never ring at all: `advance` works from the row alone,
lets one worker in at a time, counts each try before it begins, and gives up after the third that got nowhere.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from leads.imports import columns, loading, reading, staging
from leads.models import BatchState, ImportBatch, StagedCompany, StagedRow
from smarketing.accounts.models import User

log = logging.getLogger(__name__)

STRIKES = 3
LEFT_BEHIND_AFTER = timedelta(seconds=90)
_LOCK = 7_406_001  # names our advisory locks among those of the database

Progress = Callable[[ImportBatch], None]


class NotNow(Exception):
    """The import is not at the step at which this may be done."""


# Verbs


@transaction.atomic
def receive(pieces: Iterable[bytes], name: str, *, by: User | None, at: datetime) -> ImportBatch:
    """The file is kept under the batch's number and can be read; raises `reading.Unreadable` otherwise, and keeps nothing."""
    batch = ImportBatch.objects.create(
        file_name=_shown_name(name), size=0, sha256="", created_by=by, created_at=at, touched_at=at
    )
    try:
        batch.size, batch.sha256 = _keep(pieces, batch.original)
        batch.layout = reading.examine(batch.original)
    except BaseException:
        shutil.rmtree(batch.folder, ignore_errors=True)
        raise
    batch.rows = batch.layout["rows"]
    batch.headers_key = hashlib.sha256("\x1f".join(batch.layout["headers"]).encode()).hexdigest()
    batch.save()
    return batch


def suggest_columns(batch: ImportBatch) -> dict[str, columns.Guess]:
    """The columns as they were chosen for the last file with these headers, else guessed."""
    headers = batch.layout["headers"]
    before = (
        ImportBatch.objects.filter(headers_key=batch.headers_key, state=BatchState.DONE)
        .exclude(pk=batch.pk)
        .order_by("-id")
        .first()
    )
    if before:
        return {header: columns.Guess(before.columns.get(header, ""), True) for header in headers}
    return columns.guess(headers)


def choose_columns(
    batch: ImportBatch,
    chosen: dict[str, str],
    *,
    at: datetime,
    date_format: str = "",
    default_source: str = "",
    default_stage: str = "",
    ring: bool = True,
) -> None:
    """The columns are chosen and the batch is about to be checked; raises `columns.UnknownField`."""
    batch.columns = columns.check(chosen, batch.layout["headers"])
    batch.date_format, batch.default_source, batch.default_stage = date_format, default_source, default_stage
    since = [BatchState.COLUMNS, BatchState.CHECKED, BatchState.FAILED]
    _enter(batch, BatchState.CHECKING, since=since, at=at, ring=ring)


def start(batch: ImportBatch, *, at: datetime) -> None:
    """The checked batch is about to be loaded."""
    _enter(batch, BatchState.LOADING, since=[BatchState.CHECKED], at=at, ring=True)


def start_now(batch: ImportBatch, *, at: datetime) -> None:
    """The staged batch is loaded without having been checked: the command line asks nobody."""
    _enter(batch, BatchState.LOADING, since=[BatchState.CHECKING], at=at, ring=False)


def discard(batch: ImportBatch) -> None:
    """A batch that was never loaded is gone, with its file."""
    with transaction.atomic():
        StagedRow.objects.filter(batch=batch).delete()
        StagedCompany.objects.filter(batch=batch).delete()
        gone, _rows = ImportBatch.objects.filter(
            pk=batch.pk,
            state__in=[BatchState.COLUMNS, BatchState.CHECKING, BatchState.CHECKED],
            loaded_before=0,
        ).delete()
        if not gone:
            raise NotNow(_("This import has moved on since the page was opened."))
    shutil.rmtree(batch.folder, ignore_errors=True)


def resume(batch: ImportBatch, *, at: datetime) -> None:
    """A batch that had failed goes on where it stopped."""
    step = BatchState.LOADING if batch.forecast else BatchState.CHECKING
    _enter(batch, step, since=[BatchState.FAILED], at=at, ring=True)


def advance(batch_id: int, *, at: datetime, progress: Progress = lambda _batch: None) -> None:
    """The present step of this batch is done, or its try is counted. Nothing to do, or somebody at it: nothing happens."""
    with alone(batch_id) as nobody_else:
        if not nobody_else or not _count_try(batch_id, at=at):
            return
        batch = ImportBatch.objects.get(pk=batch_id)
        try:
            if batch.state == BatchState.CHECKING:
                check(batch, at=at, progress=progress)
            else:
                loading.load(batch, at=at, progress=progress)
        except Exception:
            log.exception("Import %s: try %s came to nothing", batch_id, batch.attempts)
            if batch.attempts >= STRIKES:
                _give_up(batch_id, at=at)


def check(batch: ImportBatch, *, at: datetime, progress: Progress) -> None:
    """The rows are staged and it is known what loading them would do."""
    staging.stage(batch, at=at, progress=progress)
    forecast = loading.forecast(batch, at=at)
    ImportBatch.objects.filter(pk=batch.pk, state=BatchState.CHECKING).update(
        state=BatchState.CHECKED, forecast=forecast, attempts=0, touched_at=at
    )


def take_up_what_was_left(*, at: datetime) -> None:
    """Batches under way that nobody has touched for a while are advanced."""
    waiting = ImportBatch.objects.filter(
        state__in=[BatchState.CHECKING, BatchState.LOADING], touched_at__lt=at - LEFT_BEHIND_AFTER
    )
    for batch_id in list(waiting.order_by("id").values_list("pk", flat=True)):
        advance(batch_id, at=at)


# Mechanics


def _shown_name(name: str) -> str:
    return "".join(letter for letter in Path(name.replace("\\", "/")).name if letter.isprintable())[
        :200
    ] or _("file")


def _keep(pieces: Iterable[bytes], path: Path) -> tuple[int, str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        for piece in pieces:
            size += len(piece)
            if size > reading.MAX_BYTES:
                raise reading.Unreadable(
                    _("The file is larger than %(limit)s MB. Split it.") % {"limit": reading.MAX_BYTES >> 20}
                )
            digest.update(piece)
            file.write(piece)
    return size, digest.hexdigest()


@transaction.atomic
def _enter(batch: ImportBatch, state: str, *, since: list[Any], at: datetime, ring: bool) -> None:
    entered = ImportBatch.objects.filter(
        pk=batch.pk, state__in=since, loaded_before=batch.loaded_before
    ).update(
        state=state,
        attempts=0,
        problem="",
        touched_at=at,
        columns=batch.columns,
        date_format=batch.date_format,
        default_source=batch.default_source,
        default_stage=batch.default_stage,
    )
    if not entered:
        raise NotNow(_("This import has moved on since the page was opened."))
    batch.refresh_from_db()
    if ring:
        _ring(batch.pk)


def _ring(batch_id: int) -> None:
    """Tells a worker. Best effort: who is not told finds the row within a minute."""
    from leads.tasks import import_batch

    def call() -> None:
        try:
            import_batch.delay(batch_id=batch_id)
        except OperationalError:
            log.warning("Import %s: the broker is away; the schedule will find the batch", batch_id)

    transaction.on_commit(call)


@contextlib.contextmanager
def alone(batch_id: int) -> Iterator[bool]:
    """Whether nobody else works on this batch. The lock falls with its connection, so a killed worker holds nobody up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, batch_id])
        nobody_else = cursor.fetchone()[0]
    try:
        yield nobody_else
    finally:
        if nobody_else and connection.connection and not connection.connection.closed:
            with contextlib.suppress(Exception), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, batch_id])


def _count_try(batch_id: int, *, at: datetime) -> bool:
    """The try stands in the row before it begins, so that one which kills its worker is counted too."""
    under_way = ImportBatch.objects.filter(pk=batch_id, state__in=[BatchState.CHECKING, BatchState.LOADING])
    if under_way.filter(attempts__gte=STRIKES).exists():
        _give_up(batch_id, at=at)
        return False
    return bool(under_way.update(attempts=F("attempts") + 1, touched_at=at))


def _give_up(batch_id: int, *, at: datetime) -> None:
    ImportBatch.objects.filter(pk=batch_id).update(
        state=BatchState.FAILED,
        touched_at=at,
        problem=_("The import was tried %(times)s times and did not come through. What was loaded stays.")
        % {"times": STRIKES},
    )
