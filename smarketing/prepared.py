"""Queries that are the same each time but for a few values: put into SQL once in each process, and planned once on each connection.

Django takes longer to write a statement with three joins, and PostgreSQL longer to plan it, than PostgreSQL to answer it. What a
page asks on every visit is therefore written once, with markers where the values go, and planned once (`planned.py`):

    mine = Prepared(lambda person, at: Step.objects.filter(owner=person, due_at__lt=at).values_list("id"), person=int, at=datetime)
    mine.rows(person=user.pk, at=now)

Each value must go into the query as it is. What is worked out of it (`at + SOON`) is a value of its own; a marker that
somebody reckoned with is refused when the statement is written, before it could answer wrongly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any

from django.db import connection
from django.db.models import BigAutoField, CharField, ForeignKey, Lookup, QuerySet
from django.db.models.query import get_related_populators

from smarketing import planned
from smarketing.planned import Given

NUMBERS = 7_000_000_000_000_000_000  # no row has such a number,
MOMENTS = datetime(9000, 1, 1, tzinfo=UTC)  # nothing is due then,
WORDS = "a value of Prepared "  # and nobody is called so
_number = count()


@BigAutoField.register_lookup
@CharField.register_lookup
@ForeignKey.register_lookup
class AnyOf(Lookup):
    """`pk__any_of=[1, 2]`: as `__in`, but the statement is the same for two rows and for fifty."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, values = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*values, list(self.rhs))


class Prepared:
    """`make` builds a queryset from markers; `kinds` says of each value whether it is an int, a str, a datetime or a list of numbers.

    `rows` are for values_list(), `dicts` for values(), `objects` for models, with what annotate() and select_related() bring along and no prefetching.
    """

    def __init__(self, make: Callable[..., QuerySet[Any]], **kinds: type) -> None:
        self._make, self._kinds = make, kinds

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """What the queryset would give with these values, as tuples. One query."""
        return [tuple(row) for row in self._found(values)]

    def dicts(self, **values: Any) -> list[dict[str, Any]]:
        """The same with the names that values() gave."""
        names = self._written.names
        return [dict(zip(names, row, strict=True)) for row in self.rows(**values)]

    def objects(self, **values: Any) -> list[Any]:
        """The same as models."""
        return [self._written.as_object(row) for row in self._found(values)]

    def first(self, **values: Any) -> Any | None:
        return next(iter(self.objects(**values)), None)

    def statement(self, **values: Any) -> tuple[str, list[Any]]:
        """The SQL and its parameters; for who builds a larger statement of several, to be run by `planned.execute()`."""
        written = self._written
        given = {name: Given(values[name], kind) for name, kind in self._kinds.items()}
        return written.sql, [
            given[part] if is_marker else part
            for is_marker, part in zip(written.is_marker, written.parts, strict=True)
        ]

    # Mechanics

    @cached_property
    def _written(self) -> _Written:
        markers = {name: _marker(kind) for name, kind in self._kinds.items()}
        return _Written(self._make(**markers), markers)

    def _found(self, values: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
        with connection.cursor() as cursor:
            planned.execute(cursor, *self.statement(**values))
            found: Iterable[Sequence[Any]] = cursor.fetchall()
        converters = self._written.converters
        return self._written.compiler.apply_converters(found, converters) if converters else found


class _Written:
    """A statement as PostgreSQL reads it, and where the values go."""

    def __init__(self, rows: QuerySet[Any], markers: dict[str, Any]) -> None:
        query = rows.query
        self.compiler = query.get_compiler(connection=connection)
        self.sql, parameters = self.compiler.as_sql()
        self.names = list(query.selected or [*query.values_select, *query.annotation_select])
        shown = [column for column, _sql, _alias in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(shown)
        place = {_comparable(marker): name for name, marker in markers.items()}
        self.parts = [place.get(_comparable(value), value) for value in parameters]
        self.is_marker = [_comparable(value) in place for value in parameters]
        for part, is_marker in zip(self.parts, self.is_marker, strict=True):
            if not is_marker and _looks_like_a_marker(part):
                raise ValueError("Somebody reckoned with a value: give the result as a value of its own.")

    def as_object(self, row: Sequence[Any]) -> Any:
        """What Django's own ModelIterable makes of a row."""
        model, begin, end, columns, related = self._as_objects
        made = model.from_db(connection.alias, columns, row[begin:end])
        for name, place in self.compiler.annotation_col_map.items():
            setattr(made, name, row[place])
        for each in related:
            each.populate(row, made)
        return made

    @cached_property
    def _as_objects(self) -> tuple[Any, int, int, list[str], list[Any]]:
        about, shown = self.compiler.klass_info, self.compiler.select
        begin, end = about["select_fields"][0], about["select_fields"][-1] + 1
        columns = [column.target.attname for column, _sql, _alias in shown[begin:end]]
        related = get_related_populators(about, shown, connection.alias)  # type: ignore[call-arg]  # stubs of a later Django
        return about["model"], begin, end, columns, related


def _marker(kind: type) -> Any:
    number = next(_number)
    if kind is datetime:
        return MOMENTS + timedelta(hours=number)
    if kind is str:
        return f"{WORDS}{number}"
    return [NUMBERS + number] if kind is list else NUMBERS + number


def _comparable(value: Any) -> tuple[type, Any]:
    return (type(value), repr(value))


def _looks_like_a_marker(value: Any) -> bool:
    if isinstance(value, datetime):
        return value.year >= MOMENTS.year - 1
    if isinstance(value, str):
        return WORDS.lower() in value.lower()
    return isinstance(value, int) and value >= NUMBERS // 2
