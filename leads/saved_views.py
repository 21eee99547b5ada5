"""Views of a list that people keep: of the queue, of the leads, of the hand-offs. The address is the view.

A page asks for its `bar`: its own views first (they cannot be changed), then what was saved. What belongs to one visit
(the page number, whose queue) is no part of a view, and neither are search words: they are names of people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from leads.models import SavedView, ViewPage
from smarketing.prepared import Prepared

if TYPE_CHECKING:
    from smarketing.accounts.models import Team, User
    from smarketing.requests import AuthenticatedRequest

OF_A_VISIT = {"q", "page", "saved", "person", "after", "before"}
LONGEST = 1000
MOST = 30
ADDRESS_OF = {ViewPage.QUEUE: "sla:queue", ViewPage.LEADS: "leads:list", ViewPage.HANDOFFS: "handoff:list"}


class NameTaken(ValueError):
    """The same person keeps another view of this list under this name."""

    def __init__(self) -> None:
        super().__init__(_("You have a view with this name already."))


@dataclass(frozen=True)
class Bar:
    """The tabs of a list, and what can be done with the view that is shown. Addresses are empty where nothing can be done."""

    tabs: list[dict[str, Any]]
    save: str = ""
    save_as: str = ""
    change: str = ""
    query: str = ""


def save_as(
    page: str, name: str, query: str, *, team: Team | None = None, by: User, at: datetime
) -> SavedView:
    """A new view of this list; with a team its members see it too. Raises NameTaken."""
    try:
        with transaction.atomic():
            return SavedView.objects.create(
                page=ViewPage(page), name=name, query=query, owner=by, team=team, saved_at=at
            )
    except IntegrityError as error:
        raise NameTaken from error


def rename(view: SavedView, name: str, *, team: Team | None, by: User, at: datetime) -> None:
    """Raises NameTaken."""
    try:
        with transaction.atomic():
            view.rename(name, team=team, by=by, at=at)
    except IntegrityError as error:
        raise NameTaken from error


def normal(parameters: QueryDict) -> str:
    """The view in an address: its pairs in order, so that the same view is always the same text."""
    pairs = sorted(
        (name, value)
        for name, values in parameters.lists()
        if name not in OF_A_VISIT
        for value in values
        if value
    )
    return urlencode(pairs)


def address(view: SavedView) -> str:
    base, rest = reverse(ADDRESS_OF[ViewPage(view.page)]), f"saved={view.pk}"
    return f"{base}?{view.query}&{rest}" if view.query else f"{base}?{rest}"


def bar(request: AuthenticatedRequest, page: str, own: Sequence[dict[str, Any]], *, kept: str = "") -> Bar:
    """`own` are the page's own tabs: label, url, is_current, count. `kept` goes on every address (whose queue). One query."""
    present, wanted = normal(request.GET), request.GET.get("saved", "")
    views = _seen_by(request.user, page)
    chosen = next((view for view in views if str(view.pk) == wanted), None)
    chosen = chosen or next((view for view in views if view.query == present), None)
    tabs = [tab | {"is_current": tab["is_current"] and chosen is None} for tab in own]
    tabs += [
        {
            "label": view.name,
            "url": address(view) + kept,
            "is_current": view == chosen,
            "is_shared": view.is_shared,
        }
        for view in views
    ]
    is_own = present in {normal(QueryDict(tab["url"].partition("?")[2])) for tab in own} | {""}
    is_changed = present != chosen.query if chosen else not is_own
    may_change = chosen is not None and chosen.may_be_changed_by(request.user)
    return Bar(
        tabs,
        save=reverse("leads:save_view", args=[chosen.pk]) if chosen and may_change and is_changed else "",
        save_as=f"{reverse('leads:new_view')}?{urlencode({'of': page, 'query': present})}"
        if is_changed and len(present) <= LONGEST
        else "",
        change=reverse("leads:change_view", args=[chosen.pk]) if chosen and may_change else "",
        query=present,
    )


# Mechanics


OF_A_MEMBER = Prepared(
    lambda owner, team, page: SavedView.objects.seen_by_member(owner, team).of_page(page)[:MOST],
    owner=int,
    team=int,
    page=str,
)
OF_WHO_STANDS_ABOVE = Prepared(
    lambda owner, page: SavedView.objects.seen_by_member(owner, None).of_page(page)[:MOST],
    owner=int,
    page=str,
)


def _seen_by(person: User, page: str) -> list[SavedView]:
    if person.team_id is None:
        return OF_WHO_STANDS_ABOVE.objects(owner=person.pk, page=str(page))
    return OF_A_MEMBER.objects(owner=person.pk, team=person.team_id, page=str(page))
