"""What an import did, in words: kinds of problems with their numbers, and the refused rows to repair and import again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.imports import reading
from leads.models import ImportBatch, ImportRow

EXAMPLES = 3

# Refused: the row is not loaded. Repair it in the downloaded file and import that.
PROBLEMS = {
    "quote_left_open": gettext_lazy(
        "A quotation mark is opened here and never closed; the rest of the file was not read"
    ),
    "too_many_cells": gettext_lazy(
        "The row has more cells than there are headers: is a delimiter in a text without quotation marks?"
    ),
    "cell_too_long": gettext_lazy("A cell has more than 20,000 characters"),
    "too_long": gettext_lazy("The text is longer than the field allows"),
    "not_a_date": gettext_lazy("This is not a date"),
    "not_a_number": gettext_lazy("This is not a number"),
    "amount_out_of_range": gettext_lazy("The amount is negative or too large"),
    "not_an_email": gettext_lazy("This is not an e-mail address"),
    "unknown_stage": gettext_lazy("There is no such stage"),
    "too_many_sources": gettext_lazy(
        "The file has too many different sources: does the column hold something else?"
    ),
    "too_many_campaigns": gettext_lazy(
        "The file has too many different campaigns: does the column hold something else?"
    ),
    "nobody": gettext_lazy("The row names nobody: no external id, e-mail, phone, name or company"),
}
# Loaded, and somebody should know.
WARNINGS = {
    "dates_contradict": gettext_lazy(
        "The dates contradict each other: a later stage was reached before an earlier one"
    ),
    "won_and_lost": gettext_lazy("The row says customer and lost; the lead is a customer"),
    "ended_otherwise": gettext_lazy("The lead already ended in another way; its stage is kept"),
    "rep_kept": gettext_lazy("Another sales rep already has the lead and keeps it"),
    "date_kept": gettext_lazy("A date differs from what happened here; the earlier record is kept"),
    "email_taken": gettext_lazy("The e-mail address belongs to another contact; it is not taken over"),
    "joined_open_lead": gettext_lazy(
        "The person already has an open lead under another id; the row was added to it"
    ),
    "unknown_rep": gettext_lazy("No colleague is known by this name or e-mail; kept as the fact “rep”"),
    "unknown_marketer": gettext_lazy(
        "No colleague is known by this name or e-mail; kept as the fact “marketer”"
    ),
    "cut_off": gettext_lazy("The text is longer than the field allows; its end is cut off"),
    "number_guessed": gettext_lazy("Read as thousands; it could also be a decimal fraction"),
    "size_range": gettext_lazy("Of this range the lower end is kept"),
    "size_unclear": gettext_lazy("This is not a number of staff; left empty"),
    "phone_unclear": gettext_lazy("This phone number could not be understood; kept as typed"),
    "domain_unclear": gettext_lazy("This is not a web domain; left empty"),
    "currency_unclear": gettext_lazy("This is not a currency; the company's is used"),
}


@dataclass(frozen=True)
class Kind:
    """One kind of problem or warning: what it is, how many rows have it, and a few of them in words."""

    words: str
    count: int
    examples: list[str]


@dataclass(frozen=True)
class Report:
    """The counts of an import, before or after the act. `created + updated + unchanged + rejected` is all rows."""

    created: int
    updated: int
    unchanged: int
    rejected: int
    warnings: int
    problem_kinds: list[Kind]
    warning_kinds: list[Kind]

    @property
    def ready(self) -> int:
        return self.created + self.updated + self.unchanged


def forecast(batch: ImportBatch) -> Report:
    """What would happen, as it was found when the batch was checked."""
    told = batch.forecast
    return _report(told, told["problem_kinds"], told["warning_kinds"], _examples(batch, "leads_stagedrow"))


def outcome(batch: ImportBatch) -> Report:
    """What has happened so far."""
    counts = {
        name: getattr(batch, name) for name in ("created", "updated", "unchanged", "rejected", "warnings")
    }
    found = kinds(batch)
    examples = _examples(batch, "leads_importrow")
    return _report(counts, found["problem_kinds"], found["warning_kinds"], examples)


def in_words(remark: dict[str, str]) -> str:
    """What is wrong, in which column, with which value."""
    text = str((PROBLEMS | WARNINGS)[remark["code"]])
    if remark.get("column"):
        return _("%(column)s: %(problem)s (“%(value)s”)") % {
            "column": remark["column"],
            "problem": text,
            "value": remark.get("value", ""),
        }
    return text


def kinds(batch: ImportBatch) -> dict[str, dict[str, int]]:
    """How many rows of each kind of problem and warning an import had, after the act."""
    problems = (
        "SELECT problem ->> 'code', count(*) FROM leads_importrow WHERE batch_id = %s AND problem IS NOT NULL"
    )
    warnings = "SELECT w ->> 'code', count(*) FROM leads_importrow, jsonb_array_elements(warnings) w WHERE batch_id = %s AND warnings IS NOT NULL"
    found = {}
    with connection.cursor() as cursor:
        for name, query in (("problem_kinds", problems), ("warning_kinds", warnings)):
            cursor.execute(f"{query} GROUP BY 1 ORDER BY 2 DESC, 1", [batch.pk])
            found[name] = dict(cursor.fetchall())
    return found


def rejected_rows(batch: ImportBatch) -> Iterator[list[str]]:
    """The headers, then every refused row as it stood in the file, with its number and the reason."""
    refused: dict[int, Any] = dict(
        ImportRow.objects.filter(batch=batch, problem__isnull=False).values_list("row_no", "problem")
    )
    words = {number: in_words(problem) for number, problem in refused.items()}
    yield from _annotated(batch, words, _("Why it was refused"))


def warned_rows(batch: ImportBatch) -> Iterator[list[str]]:
    """The headers, then every row with a warning as it stood in the file, with its number and the warnings."""
    warned: dict[int, Any] = dict(
        ImportRow.objects.filter(batch=batch, warnings__isnull=False).values_list("row_no", "warnings")
    )
    words = {number: "; ".join(map(in_words, warnings)) for number, warnings in warned.items()}
    yield from _annotated(batch, words, _("Warning"))


def _report(
    counts: dict[str, int], problems: dict[str, int], warnings: dict[str, int], examples: dict[str, list[str]]
) -> Report:
    def described(found: dict[str, int], words: dict[str, Any]) -> list[Kind]:
        ordered = sorted(found.items(), key=lambda kind: (-kind[1], kind[0]))
        return [Kind(str(words[code]), count, examples.get(code, [])) for code, count in ordered]

    names = ("created", "updated", "unchanged", "rejected", "warnings")
    return Report(
        **{name: counts[name] for name in names},
        problem_kinds=described(problems, PROBLEMS),
        warning_kinds=described(warnings, WARNINGS),
    )


def _examples(batch: ImportBatch, table: str) -> dict[str, list[str]]:
    """Of each kind of remark, where the first few are: the row, the column and what stands there."""
    query = f"""
        SELECT code, row_no, remark FROM (
            SELECT *, row_number() OVER (PARTITION BY code ORDER BY row_no) AS place FROM (
                SELECT problem ->> 'code' AS code, row_no, problem AS remark FROM {table}
                WHERE batch_id = %s AND problem IS NOT NULL
                UNION ALL
                SELECT w ->> 'code', row_no, w FROM {table}, jsonb_array_elements(warnings) w
                WHERE batch_id = %s AND warnings IS NOT NULL
            ) remarks
        ) ranked WHERE place <= %s ORDER BY code, row_no
    """
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(query, [batch.pk, batch.pk, EXAMPLES])
        for code, row_no, remark in cursor.fetchall():
            found.setdefault(code, []).append(_where(row_no, json.loads(remark)))
    return found


def _where(row_no: int, remark: dict[str, str]) -> str:
    if remark.get("column"):
        return _("row %(row)s, %(column)s: “%(value)s”") % {
            "row": row_no,
            "column": remark["column"],
            "value": remark.get("value", ""),
        }
    return _("row %(row)s") % {"row": row_no}


def _annotated(batch: ImportBatch, reasons: dict[int, str], title: str) -> Iterator[list[str]]:
    headers: list[Any] = batch.layout["headers"]
    yield [*headers, _("Row"), title]
    if not reasons or not batch.text.exists():  # erasing a person takes the file away
        return
    for rows in reading.rows(batch.text, batch.layout, size=1_000):
        for number, cells in rows:
            if number in reasons:
                if cells[-1] == reading.UNCLOSED:
                    cells = cells[:-1]
                width = max(len(headers), len(cells))
                yield [*cells, *[""] * (width - len(cells)), str(number), reasons[number]]
