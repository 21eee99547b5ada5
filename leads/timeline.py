"""What happened with a lead, newest first, merged on reading from every room that has something to tell.

A room registers a source in its `apps.ready()`:

    MOVES = Source("leads_stagechange row WHERE row.lead_id = %(lead)s", at="row.changed_at", id="row.id", actor="row.changed_by_id", ...)
    timeline.register("moves", MOVES, told_move, rank=20, groups={Group.CHANGES})

    def told_move(row: Row) -> Entry:
        return entry(row, kind="STAGE", group=Group.CHANGES, title=...)

All sources together cost one query, however many rooms there are and however many entries.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.utils.functional import Promise

from smarketing import planned
from smarketing.accounts.models import person_name
from smarketing.planned import Given

if TYPE_CHECKING:
    from leads.models import Lead

PAGE = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Group(StrEnum):
    """What a reader can narrow the timeline to."""

    TOUCHES = "touches"
    TALKS = "talks"
    CHANGES = "changes"


class Actor(NamedTuple):
    """Who did it, and for which side that colleague works now (None: beside the two teams)."""

    id: int
    name: str
    side: str | None

    def __str__(self) -> str:
        return self.name


class Row(NamedTuple):
    """What a source read of one thing that happened; what `words`, `about` and `details` mean is the source's own affair."""

    rank: int
    at: datetime
    id: int
    kind: str
    words: str
    body: str
    about: int | None
    details: dict[str, Any]
    actor: Actor | None


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `id` is the row's key in its source; `rank` orders what happened in one instant."""

    occurred_at: datetime
    id: int
    kind: str
    group: str
    title: str | Promise
    body: str = ""
    actor: Actor | None = None
    url: str = ""
    icon: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    rank: int = 0

    @property
    def is_edit(self) -> bool:
        """It names the fields that were changed; several by one person are shown as one."""
        return self.kind == "EDIT"

    @property
    def key(self) -> str:
        return f"{self.kind.lower().replace('_', '-')}-{self.id}"

    @property
    def cursor(self) -> str:
        microseconds = (self.occurred_at - EPOCH) // timedelta(microseconds=1)
        return f"{microseconds}.{self.rank}.{self.id}"

    @property
    def order(self) -> tuple[datetime, int, int]:
        return self.occurred_at, self.rank, self.id


@dataclass(frozen=True)
class Source:
    """Where a room's entries are read: `rows` is what stands after FROM, with the lead as %(lead)s; the others are expressions over it.

    `among` narrows the rows to those of one group, for a source that tells in several.
    """

    rows: str
    at: str
    id: str
    actor: str = "NULL::bigint"
    kind: str = "''"
    words: str = "''"
    body: str = "''"
    about: str = "NULL::bigint"
    details: str = "NULL::jsonb"
    among: Mapping[str, str] = field(default_factory=dict)

    def sql(self, rank: int, group: str, *, goes_on: bool) -> str:
        """The newest rows, older than %(at)s, %(rank)s, %(id)s when it goes on from there."""
        narrowed = f" AND {self.among[group]}" if group in self.among else ""
        older = f" AND {self.at} <= %(at)s AND ({self.at}, {rank}, {self.id}) < (%(at)s, %(rank)s, %(id)s)"
        return (
            f"(SELECT {rank} AS rank, {self.at} AS at, {self.id} AS id, {self.kind}::text AS kind, {self.words}::text AS words,"
            f" {self.body}::text AS body, {self.about} AS about, {self.details} AS details, {self.actor} AS actor_id"
            f" FROM {self.rows}{narrowed}{older if goes_on else ''} ORDER BY {self.at} DESC, {self.id} DESC LIMIT %(limit)s)"
        )


@dataclass(frozen=True)
class Told:
    """What a room tells about a lead."""

    name: str
    source: Source
    tell: Callable[[Row], Entry]
    rank: int
    groups: frozenset[str]


@dataclass(frozen=True)
class Page:
    entries: list[Entry]
    older_than: str  # the cursor for "show older"; empty at the end


_told: dict[str, Told] = {}


def register(
    name: str, source: Source, tell: Callable[[Row], Entry], *, rank: int, groups: Iterable[str]
) -> None:
    """`tell` puts into words what `source` reads, on every timeline that shows one of `groups`. Registering a name again replaces it."""
    _told[name] = Told(name, source, tell, rank, frozenset(groups))
    _statement.cache_clear()


def forget(name: str) -> None:
    """The room of this name tells nothing from now on."""
    del _told[name]
    _statement.cache_clear()


def page(lead: Lead, *, before: str = "", group: str = "", limit: int = PAGE) -> Page:
    """The newest `limit` entries older than the cursor `before`; one that cannot be read counts as none. One query."""
    cursor = read_cursor(before)
    tellers = {told.rank: told.tell for told in _told.values()}
    rows = _rows(lead, cursor, group, limit + 1)
    shown = [tellers[row.rank](row) for row in rows[:limit]]
    return Page(shown, shown[-1].cursor if len(rows) > limit else "")


def entry(row: Row, **more: Any) -> Entry:
    """The entry of a row, with what its teller adds or says in other words."""
    told = {"occurred_at": row.at, "id": row.id, "rank": row.rank, "body": row.body, "actor": row.actor}
    return Entry(**{**told, **more})


def _rows(lead: Lead, cursor: tuple[datetime, int, int] | None, group: str, limit: int) -> list[Row]:
    asked: dict[str, Any] = {"lead": Given(lead.pk, int), "limit": limit}
    if cursor is not None:
        at, rank, id_ = cursor
        asked |= {"at": Given(at, datetime), "rank": Given(rank, int), "id": Given(id_, int)}
    with connection.cursor() as found:
        planned.execute(found, _statement(group, cursor is not None), asked)
        return [_row(*columns) for columns in found.fetchall()]


@cache
def _statement(group: str, goes_on: bool) -> str:
    told = [told for told in _told.values() if not group or group in told.groups]
    sources = " UNION ALL ".join(each.source.sql(each.rank, group, goes_on=goes_on) for each in told)
    return f"""
        SELECT told.rank, told.at, told.id, told.kind, told.words, told.body, told.about, told.details,
               person.id, person.first_name, person.last_name, person.email, team.kind
        FROM ({sources}) told
        LEFT JOIN accounts_user person ON person.id = told.actor_id
        LEFT JOIN accounts_team team ON team.id = person.team_id
        ORDER BY told.at DESC, told.rank DESC, told.id DESC LIMIT %(limit)s
    """


def _row(*columns: Any) -> Row:
    rank, at, id_, kind, words, body, about, details, person, first, last, email, side = columns
    actor = Actor(person, person_name(first, last, email), side) if person else None
    details = json.loads(details) if isinstance(details, str) else details or {}
    return Row(rank, at, id_, kind, words, body, about, details, actor)


def read_cursor(text: str) -> tuple[datetime, int, int] | None:
    """What `Entry.cursor` wrote."""
    try:
        microseconds, rank, id_ = (int(part) for part in text.split("."))
        if abs(id_) >= 2**63 or abs(rank) >= 2**31:
            return None
        return EPOCH + timedelta(microseconds=microseconds), rank, id_
    except (ValueError, OverflowError):
        return None
