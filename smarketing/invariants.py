"""What must always be true, as queries that return no row. Rooms register theirs in `<room>/invariants.py`.

    register("I-6", "One notice per event, person and channel", "SELECT ...")

A query may use %(as_of)s, the moment at which it is asked. What SQL cannot say is a function that returns the offending rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.module_loading import autodiscover_modules

SHOWN = 20
Row = tuple[Any, ...]
Check = str | Callable[[datetime], Iterable[Row]]


@dataclass(frozen=True)
class Invariant:
    code: str  # as in design/reliability.md
    says: str
    check: Check


@dataclass(frozen=True)
class Violation:
    invariant: Invariant
    rows: list[Row]

    def __str__(self) -> str:
        return f"{self.invariant.code} {self.invariant.says}: {self.rows}"


_registered: list[Invariant] = []


def register(code: str, says: str, check: Check) -> None:
    _registered.append(Invariant(code, says, check))


def registered() -> list[Invariant]:
    autodiscover_modules("invariants")
    return list(_registered)


def violations(as_of: datetime) -> Iterator[tuple[Invariant, list[Row]]]:
    """Every invariant with the rows that break it, at most twenty, all read from one state of the database."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for invariant in registered():
            yield invariant, _offending(cursor, invariant, as_of)


def _offending(cursor: Any, invariant: Invariant, as_of: datetime) -> list[Row]:
    if callable(invariant.check):
        return list(invariant.check(as_of))[:SHOWN]
    cursor.execute(f"SELECT * FROM ({invariant.check}) AS offending LIMIT {SHOWN}", {"as_of": as_of})
    return list(cursor.fetchall())
