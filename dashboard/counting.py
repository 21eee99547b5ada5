"""Reads the daily counts: one statement over the days and what is not yet added up, so that no compacting can slip in between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg2 import sql

from dashboard.models import AMOUNTS, COLUMNS, OF_ACTIVITY
from leads.models import Source
from smarketing.periods import Period

GROUPS = {
    "": sql.SQL("NULL"),
    "source": sql.SQL("source_id"),
    "campaign": sql.SQL("campaign_id"),
    "month": sql.SQL("date_trunc('month', day::timestamp)::date"),  # of a date it would reckon with zones
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
    days = sql.Identifier("dashboard_campaignday" if group == "campaign" else "dashboard_sourceday")
    condition, values = _condition(period, source)
    parts = [
        _part(table, group, condition, columns) for table in (days, sql.Identifier("dashboard_countdelta"))
    ]
    sums = sql.SQL(", ").join(map(_sum, columns))
    query = sql.SQL("SELECT key, {sums} FROM ({rows}) part GROUP BY key ORDER BY key").format(
        sums=sums, rows=sql.SQL(" UNION ALL ").join(parts)
    )
    with connection.cursor() as cursor:
        cursor.execute(query, values * 2)
        return [Row(key, dict(zip(columns, numbers, strict=True))) for key, *numbers in cursor.fetchall()]


def of_months(months: Sequence[Period]) -> list[Counts]:
    """What was entered in each of these months, which follow each other. One query."""
    rows = by("month", Period(months[0].first, months[-1].end), columns=OF_ACTIVITY)
    found = {row.key: row.counts for row in rows}
    return [found.get(month.first, dict.fromkeys(OF_ACTIVITY, 0)) for month in months]


def captured_by_month(
    group: str, period: Period, *, source: int | None, months: list[Period]
) -> list[dict[Any, int]]:
    """For each of the months: leads captured per source or campaign."""
    days = sql.Identifier("dashboard_campaignday" if group == "campaign" else "dashboard_sourceday")
    condition, values = _condition(period, source)
    parts = [
        sql.SQL(
            "SELECT date_trunc('month', day::timestamp)::date AS month, {key} AS key, cohort_captured FROM {table} WHERE {condition}"
        ).format(key=GROUPS[group], table=table, condition=condition)
        for table in (days, sql.Identifier("dashboard_countdelta"))
    ]
    query = sql.SQL("SELECT month, key, sum(cohort_captured) FROM ({rows}) part GROUP BY month, key").format(
        rows=sql.SQL(" UNION ALL ").join(parts)
    )
    with connection.cursor() as cursor:
        cursor.execute(query, values * 2)
        counted: dict[Any, dict[Any, int]] = {}
        for month, key, leads in cursor.fetchall():
            counted.setdefault(month, {})[key] = int(leads)
    return [counted.get(month.first, {}) for month in months]


def source_id(key: str) -> int | None:
    """The id behind a source's key as addresses carry it; None for "" and for a key that is none; NO_SOURCE for "none"."""
    if key == "none":
        return NO_SOURCE
    return Source.objects.filter(key=key).values_list("pk", flat=True).first() if key else None


def _part(table: sql.Identifier, group: str, condition: sql.Composable, names: Iterable[str]) -> sql.Composed:
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    return sql.SQL("SELECT {key} AS key, {columns} FROM {table} WHERE {condition}").format(
        key=GROUPS[group], columns=columns, table=table, condition=condition
    )


def _condition(period: Period, source: int | None) -> tuple[sql.Composable, list[Any]]:
    conditions: list[sql.Composable] = [sql.SQL("true")]
    values: list[Any] = []
    for comparison, day in ((sql.SQL("day >= %s"), period.first), (sql.SQL("day < %s"), period.end)):
        if day:
            conditions.append(comparison)
            values.append(day)
    if source == NO_SOURCE:
        conditions.append(sql.SQL("source_id IS NULL"))
    elif source is not None:
        conditions.append(sql.SQL("source_id = %s"))
        values.append(source)
    return sql.SQL(" AND ").join(conditions), values


def _sum(column: str) -> sql.Composable:
    """Of an amount to the cent; of leads a whole number, else hundreds of them would arrive as decimals."""
    kind = "numeric" if column in AMOUNTS else "bigint"
    return sql.SQL("sum({0})::{1}").format(sql.Identifier(column), sql.SQL(kind))
