"""Reads the daily counts: one statement over the days and what is not yet added up, so that no compacting can slip in between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from dashboard.models import AMOUNTS, COLUMNS, OF_ACTIVITY
from leads.models import Source
from smarketing.periods import Period

GROUPS = {
    "": "NULL",
    "source": "source_id",
    "campaign": "campaign_id",
    "month": "date_trunc('month', day::timestamp)::date",  # of a date it would reckon with zones
}
NO_SOURCE = -1  # asks for leads without a source

Counts = dict[str, Any]  # column -> number


@dataclass(frozen=True)
class Row:
    """The counts of one group; `key` is a source's or campaign's id, the first day of a month, or None."""

    key: Any
    counts: Counts


def total(period: Period, *, source: int | None = None) -> Counts:
    """All counts of the period; of one source when given."""
    return added_up(by("", period, source=source), COLUMNS)


def added_up(rows: Sequence[Row], columns: Iterable[str]) -> Counts:
    """What `total` says of the same period in these columns, from the counts of its groups."""
    return {column: sum(row.counts[column] for row in rows) for column in columns}


def by(
    group: str, period: Period, *, source: int | None = None, columns: Sequence[str] = COLUMNS
) -> list[Row]:
    """The counts of the period per "source", "campaign" or "month", or all in one row with ""; of these columns."""
    conditions, values = _conditions(period, source)
    counted = _asked(_by_group(group, tuple(columns), conditions), values * 2)
    return [Row(key, dict(zip(columns, numbers, strict=True))) for key, *numbers in counted]


def of_months(months: Sequence[Period]) -> list[Counts]:
    """What was entered in each of these months, which follow each other. One query."""
    found = {place: row.counts for place, row in _in_months("", months, None, OF_ACTIVITY)}
    return [found.get(place, dict.fromkeys(OF_ACTIVITY, 0)) for place in range(len(months))]


def with_months(
    group: str, period: Period, months: Sequence[Period], *, source: int | None, columns: Sequence[str]
) -> tuple[list[Row], list[dict[Any, int]]]:
    """What `by` says of the period and `captured_by_month` of the months; one query where the period is these months."""
    if (period.first, period.end) != (months[0].first, months[-1].end):
        rows = by(group, period, source=source, columns=columns)
        return rows, captured_by_month(group, months, source=source)
    of_group: dict[Any, list[Row]] = {}
    captured: list[dict[Any, int]] = [{} for _month in months]
    for place, row in _in_months(group, months, source, columns):
        of_group.setdefault(row.key, []).append(row)
        captured[place][row.key] = row.counts["cohort_captured"]
    return [Row(key, added_up(parts, columns)) for key, parts in of_group.items()], captured


def captured_by_month(group: str, months: Sequence[Period], *, source: int | None) -> list[dict[Any, int]]:
    """For each of the months, which follow each other: leads captured per source or campaign. One query."""
    counted: list[dict[Any, int]] = [{} for _month in months]
    for place, row in _in_months(group, months, source, ["cohort_captured"]):
        counted[place][row.key] = row.counts["cohort_captured"]
    return counted


def source_id(key: str) -> int | None:
    """The id behind a source's key as addresses carry it; None for "" and for a key that is none; NO_SOURCE for "none"."""
    if key == "none":
        return NO_SOURCE
    return Source.objects.filter(key=key).values_list("pk", flat=True).first() if key else None


# Mechanics. Each statement is put together once in the process.


def _in_months(
    group: str, months: Sequence[Period], source: int | None, columns: Sequence[str]
) -> list[tuple[int, Row]]:
    """The counts of each group in each month, with the place of the month among them."""
    conditions, values = _conditions(Period(months[0].first, months[-1].end), source)
    firsts: list[Any] = [[month.first_day for month in months]]
    counted = _asked(_by_month(group, tuple(columns), conditions), (firsts + values) * 2)
    return [
        (place - 1, Row(key, dict(zip(columns, numbers, strict=True)))) for place, key, *numbers in counted
    ]


def _asked(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


@lru_cache(maxsize=128)
def _by_group(group: str, columns: tuple[str, ...], conditions: tuple[str, ...]) -> str:
    rows = _rows(group, f"{GROUPS[group]} AS key", columns, conditions)
    return f"SELECT key, {_sums(columns)} FROM ({rows}) part GROUP BY key ORDER BY key"


@lru_cache(maxsize=128)
def _by_month(group: str, columns: tuple[str, ...], conditions: tuple[str, ...]) -> str:
    """Where a day lies among the first days of the months is found in a third of the time that the month of a date takes."""
    rows = _rows(
        group, f"width_bucket(day, %s::date[]) AS month, {GROUPS[group]} AS key", columns, conditions
    )
    return f"SELECT month, key, {_sums(columns)} FROM ({rows}) part GROUP BY month, key ORDER BY key"


def _rows(group: str, keys: str, columns: Iterable[str], conditions: Iterable[str]) -> str:
    """What is added up and what is not yet."""
    days = "dashboard_campaignday" if group == "campaign" else "dashboard_sourceday"
    told, narrowed = ", ".join(columns), " AND ".join(conditions)
    return " UNION ALL ".join(
        f"SELECT {keys}, {told} FROM {table} WHERE {narrowed}" for table in (days, "dashboard_countdelta")
    )


def _conditions(period: Period, source: int | None) -> tuple[tuple[str, ...], list[Any]]:
    known: dict[str, date | int | None] = {"day >= %s": period.first, "day < %s": period.end}
    if source != NO_SOURCE:
        known["source_id = %s"] = source
    asked = {condition: value for condition, value in known.items() if value is not None}
    without = ["source_id IS NULL"] if source == NO_SOURCE else []
    return ("true", *asked, *without), list(asked.values())


def _sums(columns: Iterable[str]) -> str:
    """Of an amount to the cent; of leads whole numbers, else hundreds of them would arrive as decimals."""
    return ", ".join(f"sum({name})::{'numeric' if name in AMOUNTS else 'bigint'}" for name in columns)
