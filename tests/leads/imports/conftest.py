"""Files as people bring them, and what importing them does."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from leads.imports import columns, loading, running, staging
from leads.models import ImportBatch, ImportRow


@pytest.fixture(autouse=True)
def files_of_this_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def file(tmp_path):
    """`file("Name;E-mail\\nNoor;noor@x.nl")` writes it and returns the path; bytes stay as they are."""

    def write(content: str | bytes, name: str = "leads.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def import_leads():
    """Runs the command; its counts as a dict."""

    def run(path, *pairs: str, **options):
        out = StringIO()
        call_command(
            "import_leads", str(path), map=list(pairs), json=True, stdout=out, stderr=StringIO(), **options
        )
        return json.loads(out.getvalue().splitlines()[-1])

    return run


@pytest.fixture
def import_text(file, import_leads):
    """`import_text("E-mail\\nnoor@x.nl")`: as if a file with this text was imported with guessed columns."""

    def run(text: str, *pairs: str, **options):
        return import_leads(file(text), *pairs, **options)

    return run


@pytest.fixture
def staged(file):
    """`staged(text)` is a batch whose rows wait to be loaded."""

    def stage(text: str, by=None) -> ImportBatch:
        batch = running.receive([text.encode()], "leads.csv", by=by, at=timezone.now())
        guesses = columns.guess(batch.layout["headers"])
        chosen = {header: guess.field for header, guess in guesses.items()}
        running.choose_columns(batch, chosen, at=timezone.now(), ring=False)
        staging.stage(batch, at=timezone.now(), progress=quiet)
        running.start_now(batch, at=timezone.now())
        return batch

    return stage


def quiet(_batch: ImportBatch) -> None:
    """Nobody watches."""


def load(batch: ImportBatch) -> ImportBatch:
    loading.load(batch, at=timezone.now(), progress=quiet)
    return batch


def warnings_of_last_import() -> list[str]:
    """The kinds of warnings, in the order of the rows."""
    batch = ImportBatch.objects.latest("id")
    rows = ImportRow.objects.filter(batch=batch, warnings__isnull=False).order_by("row_no")
    return [warning["code"] for row in rows for warning in row.warnings]
