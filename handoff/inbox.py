"""The inbox: which hand-offs stand under which tab for whom. Oldest first where somebody waits, newest first where it is history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from handoff.models import UNSETTLED, Handoff, Return, State
from handoff.narrowing import Narrowing
from handoff.querysets import HandoffQuerySet
from smarketing.accounts.models import Side

if TYPE_CHECKING:
    from smarketing.accounts.models import User

PAGE = 50
COUNT_TO = 100


@dataclass(frozen=True)
class Tab:
    key: str
    label: Any
    empty: Any
    pick: Callable[[HandoffQuerySet, User], HandoffQuerySet]
    oldest_first: bool = False
    is_counted: bool = False


def _of_mine(rows: HandoffQuerySet, user: User) -> HandoffQuerySet:
    """A rep sees what is his; everybody else sees all."""
    return rows.received_by(user) if user.works_for(Side.SALES) and not user.leads_a_team else rows


def _sent(rows: HandoffQuerySet, user: User) -> HandoffQuerySet:
    return rows.sent_by(user) if user.works_for(Side.MARKETING) and not user.leads_a_team else rows


def _returned_to_us(rows: HandoffQuerySet, user: User) -> HandoffQuerySet:
    """What marketing has to do something about, and what both team leads still decide."""
    unsettled = Return.objects.filter(state__in=UNSETTLED).values("handoff")
    return _sent(rows.filter(state=State.RETURNED, pk__in=unsettled), user)


TABS = [
    Tab(
        "waiting",
        _("Waiting"),
        _("No hand-offs wait for an answer."),
        lambda rows, user: _of_mine(rows.filter(state=State.SENT, receiver__isnull=False), user),
        oldest_first=True,
        is_counted=True,
    ),
    Tab(
        "asked",
        _("Asked for information"),
        _("No question is open."),
        lambda rows, user: _of_mine(rows.filter(state=State.ASKED), user),
        oldest_first=True,
        is_counted=True,
    ),
    Tab(
        "accepted",
        _("Accepted"),
        _("Nothing accepted yet."),
        lambda rows, user: _of_mine(rows.filter(state__in=[State.ACCEPTED, State.CONTACTED]), user),
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
        lambda rows, user: _of_mine(rows.filter(state=State.RETURNED), user),
    ),
    Tab("sent", _("Sent by us"), _("Nothing handed over yet."), _sent),
    Tab(
        "pool",
        _("Pool"),
        _("Nothing waits in the pool."),
        lambda rows, user: rows.in_pool(),
        oldest_first=True,
        is_counted=True,
    ),
]


def tab_for(key: str, user: User) -> Tab:
    """The tab with this key; without one, what this person comes for."""
    by_key = {tab.key: tab for tab in TABS}
    if key in by_key:
        return by_key[key]
    if not user.is_marketing:
        return by_key["waiting"]
    has_something_to_do = _returned_to_us(Handoff.objects.all(), user).exists()
    return by_key["ours" if has_something_to_do else "sent"]


@dataclass(frozen=True)
class Page:
    rows: list[Handoff]
    next_id: int | None  # from here the next page begins; None at the end


def page(tab: Tab, user: User, narrowing: Narrowing, *, after: int | None = None) -> Page:
    """Fifty rows, from the one after hand-off `after` on. Costs the same on page 1 and page 1,000."""
    rows = narrowing.of(tab.pick(Handoff.objects.all(), user))
    rows = rows.longest_waiting_first() if tab.oldest_first else rows.latest_first()
    last = Handoff.objects.filter(pk=after).values_list("sent_at", "pk").first() if after else None
    if last:
        beyond = "gt" if tab.oldest_first else "lt"
        rows = rows.filter(
            Q(**{f"sent_at__{beyond}": last[0]}) | Q(**{"sent_at": last[0], f"pk__{beyond}": last[1]})
        )
    found = list(rows.for_rows().with_waived()[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


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
    picked = [
        tab.pick(Handoff.objects.all(), user).annotate(tab=Value(tab.key)).values_list("tab")[:COUNT_TO]
        for tab in tabs
    ]
    found = Counter(key for (key,) in picked[0].union(*picked[1:], all=True))
    return {tab.key: found[tab.key] for tab in tabs}


def waiting_for(user: User) -> int:
    """The number on the rail: what this person owes an answer."""
    keys = ["asked", "ours"] if user.is_marketing else ["waiting"]
    return sum(counts([tab_for(key, user) for key in keys], user).values())
