"""The inbox: which hand-offs stand under which tab for whom. Oldest first where somebody waits, newest first where it is history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from handoff.models import (
    OPEN_STATES,
    UNANSWERED_STATES,
    UNSETTLED,
    BriefItem,
    Handoff,
    Return,
    ReturnReason,
    State,
)
from handoff.narrowing import Narrowing
from handoff.querysets import HandoffQuerySet
from leads.models.lead import called
from smarketing import planned
from smarketing.accounts.models import Side, person_name
from smarketing.prepared import Prepared

if TYPE_CHECKING:
    from smarketing.accounts.models import User

PAGE = 50
COUNT_TO = 100


class Reader(NamedTuple):
    """A rep sees what is his, a marketer what he sent; None: everybody's."""

    receiver: int | None
    sender: int | None

    @classmethod
    def of(cls, user: User) -> Reader:
        is_rep = user.works_for(Side.SALES) and not user.leads_a_team
        is_marketer = user.works_for(Side.MARKETING) and not user.leads_a_team
        return cls(user.pk if is_rep else None, user.pk if is_marketer else None)


@dataclass(frozen=True)
class Tab:
    key: str
    label: Any
    empty: Any
    pick: Callable[[HandoffQuerySet, Reader], HandoffQuerySet]
    oldest_first: bool = False
    is_counted: bool = False


def _of_mine(rows: HandoffQuerySet, reader: Reader) -> HandoffQuerySet:
    return rows if reader.receiver is None else rows.received_by(reader.receiver)


def _sent(rows: HandoffQuerySet, reader: Reader) -> HandoffQuerySet:
    return rows if reader.sender is None else rows.sent_by(reader.sender)


def _returned_to_us(rows: HandoffQuerySet, reader: Reader) -> HandoffQuerySet:
    """What marketing has to do something about, and what both team leads still decide."""
    unsettled = Return.objects.filter(state__in=UNSETTLED).values("handoff")
    return _sent(rows.filter(state=State.RETURNED, pk__in=unsettled), reader)


TABS = [
    Tab(
        "waiting",
        _("Waiting"),
        _("No hand-offs wait for an answer."),
        lambda rows, reader: _of_mine(rows.filter(state=State.SENT, receiver__isnull=False), reader),
        oldest_first=True,
        is_counted=True,
    ),
    Tab(
        "asked",
        _("Asked for information"),
        _("No question is open."),
        lambda rows, reader: _of_mine(rows.filter(state=State.ASKED), reader),
        oldest_first=True,
        is_counted=True,
    ),
    Tab(
        "accepted",
        _("Accepted"),
        _("Nothing accepted yet."),
        lambda rows, reader: _of_mine(rows.filter(state__in=[State.ACCEPTED, State.CONTACTED]), reader),
    ),
    Tab(
        "ours",
        _("Returned to us"),
        _("Nothing that was returned waits for marketing."),
        _returned_to_us,
        oldest_first=True,
        is_counted=True,
    ),
    Tab(
        "returned",
        _("Returned"),
        _("Nothing was returned."),
        lambda rows, reader: _of_mine(rows.filter(state=State.RETURNED), reader),
    ),
    Tab("sent", _("Sent by us"), _("Nothing handed over yet."), _sent),
    Tab(
        "pool",
        _("Pool"),
        _("Nothing waits in the pool."),
        lambda rows, reader: rows.in_pool(),
        oldest_first=True,
        is_counted=True,
    ),
]


BY_KEY = {tab.key: tab for tab in TABS}


def tab_for(key: str, user: User) -> Tab:
    """The tab with this key; without one, what this person comes for."""
    if key in BY_KEY:
        return BY_KEY[key]
    if not user.is_marketing:
        return BY_KEY["waiting"]
    return BY_KEY["ours" if counts([BY_KEY["ours"]], user)["ours"] else "sent"]


class InboxRow(NamedTuple):
    """What a row of the list shows. Fifty whole hand-offs cost more to load than to show."""

    pk: int
    state: str
    hot: bool
    sent_at: datetime
    return_reason: str
    lead_id: int
    first_name: str
    last_name: str
    email: str
    company: str | None
    receiver_id: int | None
    receiver_first_name: str | None
    receiver_last_name: str | None
    receiver_email: str | None

    @property
    def name(self) -> str:
        return called(f"{self.first_name} {self.last_name}".strip(), self.company, self.email, self.lead_id)

    @property
    def receiver(self) -> str:
        names = (self.receiver_first_name, self.receiver_last_name, self.receiver_email)
        return person_name(*(name or "" for name in names)) if self.receiver_id else ""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_unanswered(self) -> bool:
        return self.state in UNANSWERED_STATES

    @property
    def reason(self) -> str:
        return str(ReturnReason(self.return_reason).label) if self.return_reason else ""


COLUMNS = (
    *("pk", "state", "hot", "sent_at", "return_reason", "lead_id"),
    *(f"lead__contact__{name}" for name in ("first_name", "last_name", "email")),
    "lead__company__name",
    *("receiver_id", *(f"receiver__{name}" for name in ("first_name", "last_name", "email"))),
)


class Waived(NamedTuple):
    """What marketing sent a hand-off without, and why."""

    label: str
    why: str


WAIVED = Prepared(
    lambda ids: (
        BriefItem.objects.filter(handoff__any_of=ids)
        .exclude(waived_reason="")
        .order_by("position", "id")
        .values_list("handoff_id", "label", "waived_reason")
    ),
    ids=list,
)


@dataclass(frozen=True)
class Page:
    rows: list[InboxRow]
    next_id: int | None  # from here the next page begins; None at the end
    waived: dict[int, list[Waived]]  # by the number of a hand-off, what its brief was sent without


def page(tab: Tab, user: User, narrowing: Narrowing, *, after: int | None = None) -> Page:
    """Fifty rows, from the one after hand-off `after` on. Costs the same on page 1 and page 1,000."""
    reader = Reader.of(user)
    last = Handoff.objects.filter(pk=after).values_list("sent_at", "pk").first() if after else None
    if narrowing:
        narrowed = narrowing.of(tab.pick(Handoff.objects.all(), reader))
        found = list(_beyond(tab, narrowed, last).values_list(*COLUMNS)[: PAGE + 1])
    else:
        at, number = last or (None, None)
        written = _written(tab.key, _kind(reader), PAGE + 1, goes_on=last is not None)
        found = written.rows(**reader._asdict(), at=at, number=number)
    rows = [InboxRow(*row) for row in found[:PAGE]]
    return Page(rows, rows[-1].pk if len(found) > PAGE else None, _waived_in(rows))


def tabs_for(user: User) -> list[Tab]:
    """Everybody may read every tab; marketing begins with what it has to do, sales with what waits for it."""
    first = ["ours", "asked", "sent"] if user.is_marketing else ["waiting", "asked", "accepted"]
    return sorted(TABS, key=lambda tab: first.index(tab.key) if tab.key in first else len(first))


PAGES_OF_THEIR_OWN = {"sent": "handoff:sent", "pool": "handoff:pool"}


def links(user: User, current: str) -> list[dict[str, Any]]:
    """The tabs as the page draws them."""
    counted = counts([tab for tab in TABS if tab.is_counted], user)
    return [
        {
            "label": tab.label,
            "url": reverse(PAGES_OF_THEIR_OWN[tab.key])
            if tab.key in PAGES_OF_THEIR_OWN
            else f"{reverse('handoff:list')}?tab={tab.key}",
            "is_current": tab.key == current,
            "count": counted.get(tab.key),
        }
        for tab in tabs_for(user)
    ]


def counts(tabs: list[Tab], user: User) -> dict[str, int]:
    """How many stand under each of these tabs, up to a hundred. One query."""
    reader = Reader.of(user)
    parts = [_counted(tab.key, _kind(reader)).statement(**reader._asdict()) for tab in tabs]
    sums = ", ".join(f"(SELECT count(*) FROM ({sql}) AS picked)" for sql, _values in parts)
    with connection.cursor() as cursor:
        planned.execute(cursor, f"SELECT {sums}", [value for _sql, values in parts for value in values])
        return dict(zip([tab.key for tab in tabs], cursor.fetchone(), strict=True))


def waiting_for(user: User) -> int:
    """The number on the rail: what this person owes an answer."""
    keys = ["asked", "ours"] if user.is_marketing else ["waiting"]
    return sum(counts([BY_KEY[key] for key in keys], user).values())


# Mechanics


def _waived_in(rows: list[InboxRow]) -> dict[int, list[Waived]]:
    waived: dict[int, list[Waived]] = {}
    for number, label, why in WAIVED.rows(ids=[row.pk for row in rows]) if rows else []:
        waived.setdefault(number, []).append(Waived(label, why))
    return waived


Kind = tuple[bool, bool]  # sees only what is his as receiver, as sender


def _kind(reader: Reader) -> Kind:
    return reader.receiver is not None, reader.sender is not None


def _picked(key: str, kind: Kind, reader: Mapping[str, Any]) -> HandoffQuerySet:
    of_mine = Reader(
        **{name: number if mine else None for mine, (name, number) in zip(kind, reader.items(), strict=True)}
    )
    return BY_KEY[key].pick(Handoff.objects.all(), of_mine)


def _beyond(tab: Tab, picked: HandoffQuerySet, last: tuple[datetime, int] | None) -> HandoffQuerySet:
    """In the order of the tab; with the one that was `last` on a page, those beyond it."""
    if last:
        at, number = last
        beyond = "gt" if tab.oldest_first else "lt"
        picked = picked.filter(
            Q(**{f"sent_at__{beyond}": at}) | Q(**{"sent_at": at, f"pk__{beyond}": number})
        )
    return picked.longest_waiting_first() if tab.oldest_first else picked.latest_first()


@cache
def _written(key: str, kind: Kind, most: int, *, goes_on: bool) -> Prepared:
    """A whole tab, or what is beyond the hand-off `number` that was sent `at`.

    Their numbers are found first: who has three hundred waiting would have the names of all looked up to see fifty.
    """
    tab = BY_KEY[key]

    def rows(at: datetime, number: int, **reader: int) -> Any:
        found = _beyond(tab, _picked(key, kind, reader), (at, number) if goes_on else None)
        numbered = Handoff.objects.filter(pk__in=found.values("pk")[:most])
        return _beyond(tab, numbered, None).values_list(*COLUMNS)

    return Prepared(rows, receiver=int, sender=int, at=datetime, number=int)


@cache
def _counted(key: str, kind: Kind) -> Prepared:
    return Prepared(
        lambda **reader: _picked(key, kind, reader).values_list("pk")[:COUNT_TO], receiver=int, sender=int
    )
