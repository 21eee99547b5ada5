"""New rows that belong together, written by one statement that is planned once (`planned.py`).

A new lead is a company, a person, the lead itself, its first move, its facts and what was said: six INSERTs, each of which Django
puts into SQL, sends and waits for, and PostgreSQL plans. `insert_together()` sends them as one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Field, JSONField, Model
from django.db.models.expressions import DatabaseDefault

from smarketing import planned
from smarketing.planned import Given


class Shape(NamedTuple):
    """What the statement depends on. `new` says of foreign keys to which row of the same call they lead, counted from 0."""

    model: type[Model]
    new: tuple[tuple[str, int], ...]
    is_list: bool


def insert_together(*rows: Model | Sequence[Model]) -> None:
    """The rows are there as `save()` would have written them, and know their numbers; Django's own signals are not sent.

    A row may refer to new rows before it. Rows of one table may be a list, however long, of which all refer to the same new rows;
    they do not learn their numbers. One query. Raises IntegrityError as `save()` does.
    """
    rows = tuple(row for row in rows if row)
    shapes = tuple(_shape(row, rows) for row in rows)
    values: list[Any] = []
    for row, shape in zip(rows, shapes, strict=True):
        values += [_as_json(row, shape)] if isinstance(row, Sequence) else _values(row, shape)
    with connection.cursor() as cursor:
        planned.execute(cursor, _statement(shapes), [Given(value, str) for value in values])
        made = iter(cursor.fetchone())
    for row, shape in zip(rows, shapes, strict=True):
        if isinstance(row, Model):
            for field in _made_fields(shape.model):
                setattr(row, field.attname, next(made))
            row._state.adding, row._state.db = False, connection.alias
        for name, place in shape.new:
            for each in [row] if isinstance(row, Model) else row:
                setattr(each, name, rows[place])  # the number comes along


# Mechanics


@cache
def _said_fields(model: type[Model]) -> list[Field[Any, Any]]:
    """What a row says itself: neither its number nor what the database works out or has a default for."""
    made = {*_made_fields(model)}
    return [field for field in model._meta.concrete_fields if not field.generated and field not in made]


@cache
def _made_fields(model: type[Model]) -> list[Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if field.primary_key or field.has_db_default()]


@cache
def _foreign_keys(model: type[Model]) -> list[str]:
    return [field.name for field in _said_fields(model) if field.is_relation]


def _shape(row: Model | Sequence[Model], rows: Sequence[Model | Sequence[Model]]) -> Shape:
    first = row if isinstance(row, Model) else row[0]
    new = []
    for name in _foreign_keys(type(first)):
        other = first._state.fields_cache.get(name)
        if other is not None and other.pk is None:
            new.append((name, next(place for place, each in enumerate(rows) if each is other)))
    return Shape(type(first), tuple(new), is_list=row is not first)


@cache
def _given_fields(shape: Shape) -> list[Field[Any, Any]]:
    new = dict(shape.new)
    return [field for field in _said_fields(shape.model) if field.name not in new]


def _values(row: Model, shape: Shape) -> list[Any]:
    for field in _made_fields(shape.model):
        if not field.primary_key and not isinstance(getattr(row, field.attname), DatabaseDefault):
            raise ValueError(f"{field} is left to the database.")
    return [
        field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in _given_fields(shape)
    ]


def _as_json(rows: Sequence[Model], shape: Shape) -> str:
    """The rows as PostgreSQL reads them into a table."""
    written = []
    for row in rows:
        cells = {
            field.column: _json_of(field, field.pre_save(row, add=True)) for field in _given_fields(shape)
        }
        written.append("{" + ",".join(f'"{column}":{cell}' for column, cell in cells.items()) + "}")
    return f"[{','.join(written)}]"


def _json_of(field: Field[Any, Any], value: Any) -> str:
    if isinstance(field, JSONField):
        return json.dumps(value, cls=field.encoder)
    return json.dumps(value, default=str)  # of a moment: with its microseconds


@cache
def _statement(shapes: tuple[Shape, ...]) -> str:
    """One INSERT for each shape; each looks up the numbers that others made."""
    inserts, shown = [], []
    for number, shape in enumerate(shapes):
        table, new = shape.model._meta.db_table, dict(shape.new)
        fields = _said_fields(shape.model)
        columns = ", ".join(f'"{field.column}"' for field in fields)
        given = 'told."{}"' if shape.is_list else "%s"
        values = ", ".join(
            f"(SELECT id FROM row_{new[field.name]})" if field.name in new else given.format(field.column)
            for field in fields
        )
        source = (
            f"SELECT {values} FROM json_populate_recordset(NULL::{table}, %s) AS told"
            if shape.is_list
            else f"VALUES ({values})"
        )
        made = [f'"{field.column}"' for field in _made_fields(shape.model)]
        inserts.append(
            f"row_{number} AS (INSERT INTO {table} ({columns}) {source} RETURNING {', '.join(made)})"
        )
        if not shape.is_list:
            shown += [f"row_{number}.{column}" for column in made]
    tables = ", ".join(f"row_{number}" for number, shape in enumerate(shapes) if not shape.is_list)
    return f"WITH {', '.join(inserts)} SELECT {', '.join(shown)} FROM {tables}"
