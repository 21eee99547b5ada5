"""Free words about a person who was erased are made unreadable, also in facts, which nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from django.db.models import Case, Value, When

MARK = (
    "[…]"  # says that something stood here, in every language: what is counted by its presence stays counted
)


@contextmanager
def facts_may_change() -> Iterator[None]:
    """Inside a transaction: its triggers let facts be changed until this ends. What fails takes it back with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL smarketing.facts_may_change = 'on'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL smarketing.facts_may_change = 'off'")


def black_out(rows: models.QuerySet[Any], *columns: str) -> None:
    """Where words stood in these columns, the mark stands. What was empty stays empty."""
    change(rows, **{name: Case(When(**{name: ""}, then=Value("")), default=Value(MARK)) for name in columns})


def change(rows: models.QuerySet[Any], **columns: Any) -> None:
    """An update that facts refuse for themselves: only erasing may do this."""
    models.QuerySet.update(rows, **columns)
