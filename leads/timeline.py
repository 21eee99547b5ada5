"""What happened with a lead, newest first, merged on reading from every room that has something to tell.

A room registers a source in its `apps.ready()`:

    timeline.register("handoff", handoff_events, rank=40, groups={Group.CHANGES})

    def handoff_events(lead, *, older, limit, group):
        events = older.among(HandoffEvent.objects.filter(handoff__lead=lead), moment="happened_at")
        return [Entry(...) for event in events.select_related("actor")[:limit]]

Each source costs one query, however many entries there are. Entries choose their template by `template`
(leads/timeline/_default.html unless the room says otherwise).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

if TYPE_CHECKING:
    from leads.models import Lead
    from smarketing.accounts.models import User

PAGE = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Group(StrEnum):
    """What a reader can narrow the timeline to."""

    TOUCHES = "touches"
    TALKS = "talks"
    CHANGES = "changes"


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `id` is the row's key in its source; `page` fills in the source's `rank`, which orders what happened in one instant."""

    occurred_at: datetime
    id: int
    kind: str
    group: str
    title: str | Promise
    body: str = ""
    actor: User | None = None
    url: str = ""
    icon: str = ""
    template: str = "leads/timeline/_default.html"
    details: dict[str, Any] = field(default_factory=dict)
    rank: int = 0

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
class Older:
    """Asks a source for what comes after `cursor` in its order: newest first, so: what is older."""

    rank: int
    cursor: tuple[datetime, int, int] | None = None

    def among(self, rows: QuerySet[Any], *, moment: str) -> QuerySet[Any]:
        """The rows of this source that are still to be shown, newest first."""
        if self.cursor is not None:
            at, rank, id_ = self.cursor
            before = Q(**{f"{moment}__lt": at})
            if self.rank < rank:
                before |= Q(**{moment: at})
            elif self.rank == rank:
                before |= Q(**{moment: at, "pk__lt": id_})
            rows = rows.filter(before)
        return rows.order_by(f"-{moment}", "-pk")


Load = Callable[..., Iterable[Entry]]  # (lead, *, older, limit, group) -> entries


@dataclass(frozen=True)
class Told:
    """What a room tells about a lead."""

    name: str
    load: Load
    rank: int
    groups: frozenset[str]


@dataclass(frozen=True)
class Page:
    entries: list[Entry]
    older_than: str  # the cursor for "show older"; empty at the end


_told: dict[str, Told] = {}


def register(name: str, load: Load, *, rank: int, groups: Iterable[str]) -> None:
    """`load` is asked for every timeline that shows one of `groups`. Registering a name again replaces it."""
    _told[name] = Told(name, load, rank, frozenset(groups))


def page(lead: Lead, *, before: str = "", group: str = "", limit: int = PAGE) -> Page:
    """The newest `limit` entries older than the cursor `before`; one that cannot be read counts as none."""
    cursor = read_cursor(before)
    entries = [
        replace(entry, rank=told.rank)
        for told in _told.values()
        if not group or group in told.groups
        for entry in told.load(lead, older=Older(told.rank, cursor), limit=limit + 1, group=group)
    ]
    entries.sort(key=lambda entry: entry.order, reverse=True)
    shown = entries[:limit]
    return Page(shown, shown[-1].cursor if len(entries) > limit else "")


def read_cursor(text: str) -> tuple[datetime, int, int] | None:
    """What `Entry.cursor` wrote."""
    try:
        microseconds, rank, id_ = (int(part) for part in text.split("."))
        if abs(id_) >= 2**63 or abs(rank) >= 2**31:
            return None
        return EPOCH + timedelta(microseconds=microseconds), rank, id_
    except (ValueError, OverflowError):
        return None
