"""Statements that PostgreSQL plans once on each connection and not on each visit.

To plan a statement with six joins takes ten times as long as to answer it for twenty rows. `execute()` runs a statement of which some
values differ from time to time (`Given`) by PREPARE and EXECUTE: the rest of its values are part of the plan, so that indexes with a
condition are still found. The connections ask for one plan for all values (plan_cache_mode in the settings): every statement that
comes here looks rows up by a key or takes the first of an order, for which that is right.

A connection pool that lends a connection for one transaction loses such statements: SMARKETING_PLAN_ONCE=false then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg2.extensions import AsIs

# What PostgreSQL is told of a value; of words and lists it sees itself what they are compared with.
TYPES = {int: "bigint", datetime: "timestamptz", str: "unknown", list: "unknown"}

_names: WeakKeyDictionary[Any, dict[Any, str]] = WeakKeyDictionary()  # of each connection's statements


class Given(NamedTuple):
    """A value that may be another one next time, and its kind: one of TYPES."""

    value: Any
    kind: type


def execute(cursor: CursorWrapper, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> None:
    """As `cursor.execute(sql, values)`, where some values may be `Given`. One query."""
    names = list(values) if isinstance(values, Mapping) else None
    listed = list(values.values()) if isinstance(values, Mapping) else values
    if not settings.PLAN_ONCE:
        cursor.execute(sql, _by_name(names, [_plain(value) for value in listed]))
        return
    given = [value for value in listed if isinstance(value, Given)]
    known = _names.setdefault(connection.connection, {})
    key = (sql, tuple(value.kind if isinstance(value, Given) else repr(value) for value in listed))
    if key not in known:
        types = f"({', '.join(TYPES[value.kind] for value in given)})" if given else ""
        with connection.wrap_database_errors:
            text = cursor.mogrify(sql, _by_name(names, _places(listed))).decode()
            # PostgreSQL knows it by this name until the connection ends, whatever becomes of the transaction. It counts as no query.
            cursor.cursor.execute(f"PREPARE planned_{len(known)} {types} AS {text}")
        known[key] = f"planned_{len(known)}"
    places = f"({', '.join(['%s'] * len(given))})" if given else ""
    cursor.execute(f"EXECUTE {known[key]}{places}", [value.value for value in given])


def _places(values: Sequence[Any]) -> list[Any]:
    """$1, $2, ... for what is given, and the rest as it is."""
    number = count(1)
    return [AsIs(f"${next(number)}") if isinstance(value, Given) else value for value in values]


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Given) else value


def _by_name(names: list[str] | None, values: list[Any]) -> Any:
    return values if names is None else dict(zip(names, values, strict=True))
