"""Whatever happens to a worker in the middle, the next one ends where one that lived would have ended."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from itertools import count

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from leads.imports import loading, running, staging
from leads.models import BatchState, Contact, ImportBatch, ImportRow, Lead, StageChange, StagedRow
from leads.tasks import import_batch, take_up_imports
from tests.leads.imports.conftest import load

ROWS = 3_000


def a_file(rows=ROWS):
    lines = [f"A-{n},n{n}@x.nl,Company {n % 50},2026-01-{n % 28 + 1:02},{n}" for n in range(rows)]
    return "external_id,email,company,captured_at,fact:x\n" + "\n".join(lines) + "\n"


CHILD = """
import sys, django
django.setup()
from django.utils import timezone
from leads.imports import loading, running
loading.ROWS_PER_SET = 100
print("ready", flush=True)
running.advance(int(sys.argv[1]), at=timezone.now())
"""


def start_worker(batch):
    """A process of its own that loads the batch in small sets, on the database of this test."""
    database = connection.settings_dict["NAME"]
    code = f"import django.conf; django.conf.settings.DATABASES['default']['NAME'] = {database!r}\n" + CHILD
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "smarketing.settings",
        "SMARKETING_MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }
    return subprocess.Popen(
        [sys.executable, "-c", code, str(batch.pk)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_until(question, *, seconds=60):
    until = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_is_followed_by_one_that_finishes(staged):
    batch = staged(a_file())
    kills = 0
    for part in (1, 2):
        worker = start_worker(batch)
        loaded = Lead.objects.count()
        wait_until(lambda before=loaded, it=worker: Lead.objects.count() > before or it.poll() is not None)
        time.sleep(0.05 * part)
        if worker.poll() is None:
            os.kill(worker.pid, signal.SIGKILL)
            kills += 1
        worker.wait()
        halfway = ImportBatch.objects.get()
        assert Lead.objects.count() == halfway.created == ImportRow.objects.count()
    assert kills
    assert 0 < Lead.objects.count() < ROWS

    wait_until(lambda: nobody_works_on(batch))
    running.advance(batch.pk, at=timezone.now())

    batch.refresh_from_db()
    assert (batch.state, batch.created, batch.attempts) == (BatchState.DONE, ROWS, 0)
    assert Lead.objects.count() == Contact.objects.count() == StageChange.objects.count() == ROWS
    assert Counter(ImportRow.objects.values_list("outcome", flat=True)) == {"CREATED": ROWS}
    assert sorted(Lead.objects.values_list("facts__x", flat=True)) == list(range(ROWS))


def nobody_works_on(batch):
    with running.alone(batch.pk) as nobody_else:
        return nobody_else


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_load_each_row_once(staged):
    batch = staged(a_file(1_000))

    workers = [start_worker(batch), start_worker(batch)]
    for worker in workers:
        assert worker.wait(timeout=120) == 0

    batch.refresh_from_db()
    assert (batch.state, batch.created) == (BatchState.DONE, 1_000)
    assert Lead.objects.count() == 1_000


@pytest.mark.django_db
def test_a_set_that_fails_leaves_nothing_of_itself(staged, monkeypatch):
    monkeypatch.setattr(loading, "ROWS_PER_SET", 50)
    batch = staged(a_file(100))
    real = loading._load_set

    def fails_on_the_second(first, values):
        real(first, values)
        if first > 50:
            raise RuntimeError("out of the blue")

    monkeypatch.setattr(loading, "_load_set", fails_on_the_second)
    running.advance(batch.pk, at=timezone.now())
    assert Lead.objects.count() == ImportBatch.objects.get().created == 49  # rows 2 to 50

    monkeypatch.setattr(loading, "_load_set", real)
    running.advance(batch.pk, at=timezone.now())
    assert Lead.objects.count() == ImportBatch.objects.get().created == 100


@pytest.mark.django_db
def test_after_three_tries_it_has_failed_visibly_and_can_be_resumed(staged, monkeypatch, signed_in, mia):
    batch = staged(a_file(10))
    monkeypatch.setattr(loading, "_load_set", lambda *_: 1 / 0)

    for _try in range(5):
        running.advance(batch.pk, at=timezone.now())

    batch.refresh_from_db()
    assert (batch.state, batch.attempts) == (BatchState.FAILED, 3)
    page = signed_in(mia).get(f"/import/{batch.pk}/").content.decode()
    assert "did not come through" in page
    monkeypatch.undo()
    running.resume(batch, at=timezone.now())
    running.advance(batch.pk, at=timezone.now())
    running.advance(batch.pk, at=timezone.now())
    batch.refresh_from_db()
    assert batch.state in (BatchState.DONE, BatchState.CHECKED)


@pytest.mark.django_db
def test_a_try_that_killed_its_worker_is_counted_too(staged):
    """Three workers died so hard that none could say so: the fourth does not try."""
    batch = staged(a_file(10))
    ImportBatch.objects.update(attempts=3)

    running.advance(batch.pk, at=timezone.now())

    batch.refresh_from_db()
    assert batch.state == BatchState.FAILED
    assert not Lead.objects.exists()


@pytest.mark.django_db
def test_a_batch_whose_message_was_lost_is_found_by_the_schedule(staged):
    batch = staged(a_file(10))

    take_up_imports()
    batch.refresh_from_db()
    assert batch.state == BatchState.LOADING  # somebody may just have begun

    ImportBatch.objects.update(touched_at=timezone.now() - timedelta(minutes=2))
    take_up_imports()
    batch.refresh_from_db()
    assert (batch.state, batch.created) == (BatchState.DONE, 10)


@pytest.mark.django_db
def test_a_task_that_rings_twice_finds_nothing_to_do(staged):
    batch = staged(a_file(10))

    import_batch(batch_id=batch.pk)
    import_batch(batch_id=batch.pk)

    assert Lead.objects.count() == 10
    assert ImportBatch.objects.get().attempts == 0


@pytest.mark.django_db
def test_somebody_who_captures_the_same_person_meanwhile_is_joined(staged, monkeypatch):
    """Between the look and the write of a set: the set looks again and updates instead."""
    from tests.factories import LeadFactory

    batch = staged("email,fact:x\nn0@x.nl,1\n")
    real, calls = loading._plan, []

    def plan_then_somebody_else(cursor, values, *, lock):
        real(cursor, values, lock=lock)
        calls.append(1)
        if len(calls) == 1:
            cursor.execute("SELECT 1/0")  # as the unique index would answer

    monkeypatch.setattr(loading, "_plan", plan_then_somebody_else)
    monkeypatch.setattr(loading, "OperationalError", Exception)
    lead = LeadFactory(contact__email="n0@x.nl")

    load(batch)

    lead.refresh_from_db()
    assert (len(calls), batch.updated, lead.facts) == (2, 1, {"x": 1})


@pytest.mark.django_db(transaction=True)
def test_rows_written_beside_are_those_written_in_turn(staged, monkeypatch):
    monkeypatch.setattr(staging, "ROWS_PER_COPY", 30)
    batch = staged(a_file(100))
    in_turn = list(StagedRow.objects.order_by("row_no").values())
    told = []

    staging.stage(batch, at=timezone.now(), progress=lambda batch: told.append(batch.staged), lanes=2)

    assert list(StagedRow.objects.order_by("row_no").values()) == in_turn
    assert told[-1] == ImportBatch.objects.get().staged == 100


@pytest.mark.django_db(transaction=True)
def test_a_write_beside_that_fails_is_not_forgotten(staged, monkeypatch):
    monkeypatch.setattr(staging, "ROWS_PER_COPY", 30)
    batch = staged(a_file(100))
    real = staging._copy
    writes = count()
    monkeypatch.setattr(staging, "_copy", lambda *what: 1 / 0 if next(writes) == 1 else real(*what))

    with pytest.raises(ZeroDivisionError):
        staging.stage(batch, at=timezone.now(), progress=lambda _batch: None, lanes=2)

    assert StagedRow.objects.count() == ImportBatch.objects.get().staged == 30


@pytest.mark.django_db(transaction=True)
def test_two_lanes_end_where_one_ends(staged, monkeypatch):
    monkeypatch.setattr(loading, "ROWS_PER_SET", 40)
    batch = staged(a_file(400))

    loading.load(batch, at=timezone.now(), progress=lambda _batch: None, lanes=2)

    assert (batch.state, batch.created) == (BatchState.DONE, 400)
    assert Lead.objects.count() == Contact.objects.count() == StageChange.objects.count() == 400


@pytest.mark.django_db(transaction=True)
def test_a_lane_that_fails_is_not_forgotten(staged, monkeypatch):
    monkeypatch.setattr(loading, "ROWS_PER_SET", 40)
    batch = staged(a_file(400))
    real = loading._load_set
    monkeypatch.setattr(
        loading, "_load_set", lambda first, values: 1 / 0 if first > 300 else real(first, values)
    )

    with pytest.raises(ZeroDivisionError):
        loading.load(batch, at=timezone.now(), progress=lambda _batch: None, lanes=2)
    assert 0 < Lead.objects.count() < 400

    monkeypatch.undo()
    running.advance(batch.pk, at=timezone.now())
    batch.refresh_from_db()
    assert (batch.state, batch.created) == (BatchState.DONE, 400)
