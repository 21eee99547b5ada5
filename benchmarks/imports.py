"""Importing 100,000 rows, beside plain COPY of the same file into one table."""

from __future__ import annotations

import csv
import json
import tempfile
import time
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection

ROWS = 100_000
HEADER = [
    "external_id",
    "first_name",
    "last_name",
    "email",
    "phone",
    "company",
    "company_size",
    "country",
    "source",
    "captured_at",
    "message",
]


def run(leads: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "leads.csv"
        _write(file)
        copy = _copy(file)
        said = StringIO()
        started = time.perf_counter()
        call_command("import_leads", str(file), json=True, stdout=said, stderr=StringIO())
        seconds = time.perf_counter() - started
    counts = json.loads(said.getvalue().strip().splitlines()[-1])
    print(
        f"{'import':28}{ROWS / seconds:9,.0f} rows/s ({seconds:.1f} s, {counts['created']:,} created); plain COPY {ROWS / copy:,.0f} rows/s (target 10,000)",
        flush=True,
    )


def _write(file: Path) -> None:
    stamp = int(time.time())
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        for n in range(ROWS):
            writer.writerow([
                f"imp-{stamp}-{n}", "Noor", f"Wit{n}", f"noor{n}.{stamp}@import{n % 20_000}.example", f"+3120{stamp % 1000:03d}{n:06d}"[:13], f"Import {n % 20_000}",
                n % 900, "NL", "webinar", f"2026-{1 + n % 10:02d}-{1 + n % 28:02d}T10:00:00+01:00", "What does it cost?",
            ])  # fmt: skip


def _copy(file: Path) -> float:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE plain ({', '.join(f'{name} text' for name in HEADER)})")
        started = time.perf_counter()
        with file.open() as rows:
            cursor.copy_expert("COPY plain FROM STDIN WITH (FORMAT csv, HEADER)", rows)
        taken = time.perf_counter() - started
        cursor.execute("DROP TABLE plain")
        return taken
