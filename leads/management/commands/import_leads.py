"""`import_leads FILE`: a file of leads from the command line, to the end, in the foreground."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from leads import exporting
from leads.imports import columns, loading, reading, reporting, running, staging
from leads.imports.columns import UnknownField
from leads.imports.reading import Unreadable
from leads.imports.values import meanings
from leads.models import ImportBatch

LANES = 2  # whoever waits at the command line may have two connections
COUNTS = ["created", "updated", "unchanged", "rejected", "warnings"]


class Command(BaseCommand):
    help = "Imports leads from a CSV or XLSX file: new ones are created, known ones updated. See docs/importing.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help="send a column to a field; repeatable",
        )
        parser.add_argument(
            "--mapping", type=Path, metavar="FILE.json", help='the same from a file: {"Column": "field"}'
        )
        parser.add_argument("--source", default="", help="source of rows that name none")
        parser.add_argument("--stage", default="", help="stage of rows that name none")
        parser.add_argument("--date-format", default="", help='for example "%%d/%%m/%%Y", or DMY or MDY')
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument(
            "--json", action="store_true", help="the counts as one JSON object on the last line"
        )

    def handle(self, *, file: Path, **options: Any) -> None:
        began = time.monotonic()
        try:
            with file.open("rb") as opened:
                batch = running.receive(_pieces(opened), file.name, by=None, at=timezone.now())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Unreadable as error:
            raise CommandError(f"{file}: {error}") from error
        with running.alone(batch.pk):
            try:
                self._choose_columns(batch, options)
            except CommandError:
                running.discard(batch)
                raise
            staging.stage(batch, at=timezone.now(), progress=self._say_staged, lanes=LANES)
            if options["dry_run"]:
                report = loading.forecast(batch, at=timezone.now())
                running.discard(batch)
            else:
                running.start_now(batch, at=timezone.now())
                loading.load(batch, at=timezone.now(), progress=self._say_loaded, lanes=LANES)
                report = {name: getattr(batch, name) for name in COUNTS} | reporting.kinds(batch)
        self._say("")
        report |= {
            "rows": batch.rows,
            "seconds": round(time.monotonic() - began, 2),
            "dry_run": options["dry_run"],
        }
        if batch.rejected and not options["dry_run"]:
            report["rejected_file"] = str(self._write_rejected(batch))
        self._print(report, as_json=options["json"])

    def _choose_columns(self, batch: ImportBatch, options: dict[str, Any]) -> None:
        told: dict[str, str] = {}
        if options["mapping"]:
            try:
                told |= {
                    column: field or ""
                    for column, field in json.loads(Path(options["mapping"]).read_text()).items()
                }
            except (OSError, ValueError, AttributeError) as error:
                raise CommandError(f"{options['mapping']}: {error}") from error
        for pair in options["map"]:
            column, equals, field = pair.rpartition("=")
            if not equals:
                raise CommandError(f'--map wants "Column=field", not "{pair}".')
            told[column.strip()] = field.strip()
        stage = meanings.parse_stage(options["stage"]) if options["stage"] else ""
        if stage is None:
            raise CommandError(f'There is no stage "{options["stage"]}".')
        guesses = columns.guess([header for header in batch.layout["headers"] if header not in told])
        chosen = {
            header: guess.field for header, guess in guesses.items() if guess.field not in told.values()
        } | told
        try:
            running.choose_columns(
                batch,
                chosen,
                at=timezone.now(),
                date_format=options["date_format"],
                default_source=options["source"],
                default_stage=stage,
                ring=False,
            )
        except UnknownField as error:
            raise CommandError(str(error)) from error
        for column in batch.layout["headers"]:
            field = batch.columns.get(column)
            guessed = "" if column in told else " (guessed)"
            self._say(f"{column} -> {field}{guessed}" if field else f"{column}: not imported")
        for note in batch.layout["notes"]:
            self._say(note)

    def _write_rejected(self, batch: ImportBatch) -> Path:
        path = batch.folder / "rejected.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = reporting.rejected_rows(batch)
            file.writelines(exporting.lines(next(rows), rows))
        return path

    def _print(self, report: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report))
            return
        for name in COUNTS:
            self.stdout.write(f"{name:>10}  {report[name]:,}")
        words = reporting.PROBLEMS | reporting.WARNINGS
        for code, count in (report["problem_kinds"] | report["warning_kinds"]).items():
            self.stdout.write(f"{count:>10,}  {words[code]}")
        if "rejected_file" in report:
            self.stdout.write(f"Rejected rows, with the reason: {report['rejected_file']}")

    def _say_staged(self, batch: ImportBatch) -> None:
        self._say_in_place(f"read {batch.staged:,} of {batch.rows:,} rows")

    def _say_loaded(self, batch: ImportBatch) -> None:
        self._say_in_place(f"loaded {batch.loaded:,} of {batch.rows:,} rows")

    def _say_in_place(self, text: str) -> None:
        self.stderr.write(
            f"\r{text}" if sys.stderr.isatty() else text, ending="" if sys.stderr.isatty() else "\n"
        )

    def _say(self, text: str) -> None:
        self.stderr.write(text)


def _pieces(file: Any) -> Iterator[bytes]:
    while piece := file.read(reading.SAMPLE):
        yield piece
