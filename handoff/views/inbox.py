"""Do we take this lead? The list, and one hand-off beside it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from handoff import access, claims, drafting, inbox, returning
from handoff.models import BriefItem, EventKind, Handoff, Return
from handoff.narrowing import Narrowing
from handoff.views.coming_back import asked_of_inbox
from leads import saved_views, timeline
from leads.models import ViewPage
from smarketing.accounts.models import Side, User
from smarketing.prepared import Prepared
from smarketing.requests import AuthenticatedRequest

BRIEF = Prepared(lambda handoff: BriefItem.objects.filter(handoff=handoff).order_by("position"), handoff=int)
RETURNED = Prepared(
    lambda handoff: (
        Return.objects.filter(handoff=handoff).select_related("returned_by", "settled_by").order_by("-id")[:1]
    ),
    handoff=int,
)


@require_safe
def list_(request: AuthenticatedRequest) -> HttpResponse:
    """A tab with its first hand-off beside it."""
    tab = inbox.tab_for(request.GET.get("tab", ""), request.user)
    narrowing = Narrowing(request.GET)
    page = inbox.page(tab, request.user, narrowing, after=_number(request.GET.get("after")))
    chosen = access.get_handoff_to_read(request.user, page.rows[0].pk) if page.rows else None
    return _page(request, tab, page, chosen, narrowing, is_list=True)


@require_safe
def detail(request: AuthenticatedRequest, handoff_id: int) -> HttpResponse:
    """One hand-off; alone when htmx asks for it, else with the list that it was opened from. `part=rest` is what comes after the brief."""
    handoff = access.get_handoff_to_read(request.user, handoff_id)
    if request.htmx and request.GET.get("part") == "rest":
        context = {"handoff": handoff, **_rest(handoff), **_way_back(*_list_of(request), handoff)}
        return _render(request, "handoff/_rest.html", context)
    return show(request, handoff)


def show(
    request: AuthenticatedRequest, handoff: Handoff, *, conflict: Exception | None = None
) -> HttpResponse:
    """The hand-off as it stands now; 409 with who was first after a late click."""
    status = 409 if conflict else 200
    tab, narrowing = _list_of(request)
    if request.htmx:
        context = {**_about(request, handoff), "tab": tab, "conflict": conflict, "now": timezone.now()}
        context |= _way_back(tab, narrowing, handoff)
        return _render(request, "handoff/_detail.html", context, status=status)
    page = inbox.page(tab, request.user, narrowing)
    return _page(request, tab, page, handoff, narrowing, is_list=False, conflict=conflict, status=status)


def _page(
    request: AuthenticatedRequest,
    tab: inbox.Tab,
    page: inbox.Page,
    chosen: Handoff | None,
    narrowing: Narrowing,
    *,
    is_list: bool,
    conflict: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    tabs = inbox.links(request.user, tab.key)
    form = narrowing.form() if is_list else None
    context = {
        "tab": tab,
        "tabs": tabs,
        "bar": saved_views.bar(request, ViewPage.HANDOFFS, tabs) if is_list else None,
        "form": form,
        "chips": narrowing.chips(form) if form else [],
        "kept": [(name, request.GET[name]) for name in ("tab", "saved") if request.GET.get(name)],
        **_way_back(tab, narrowing, chosen),
        "rows": page.rows,
        "listed": page,
        "next_id": page.next_id,
        "is_elsewhere": chosen is not None and all(row.pk != chosen.pk for row in page.rows),
        "is_list": is_list,
        "conflict": conflict,
        "now": timezone.now(),
        **(_about(request, chosen) if chosen else {}),
        **(_rest(chosen) if chosen and not is_list else {}),
    }
    return _render(request, "handoff/inbox.html", context, status=status)


def _render(
    request: AuthenticatedRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Vary"] = "HX-Request"
    return response


def _list_of(request: AuthenticatedRequest) -> tuple[inbox.Tab, Narrowing]:
    """The list from which the hand-off is looked at."""
    asked = asked_of_inbox(request)
    return inbox.tab_for(asked.get("tab", ""), request.user), Narrowing(asked)


def _way_back(tab: inbox.Tab, narrowing: Narrowing, shown: Handoff | None) -> dict[str, str]:
    """The list as it stands here, as every act takes it along, and the hand-off beside it."""
    query = urlencode({"tab": tab.key, **narrowing.asked})
    back = f"{reverse('handoff:list')}?{query}"
    here = f"{reverse('handoff:detail', args=[shown.pk])}?{query}" if shown else back
    return {"list_query": query, "back_to_list": back, "and_back": urlencode({"next": back}), "here": here}


def _about(request: AuthenticatedRequest, handoff: Handoff) -> dict[str, Any]:
    """What one needs to answer a hand-off, and what this person may do with it."""
    user = request.user
    brief = BRIEF.objects(handoff=handoff.pk)
    is_known = handoff.lead.contact.erased_at is None  # of the others nothing is written any more
    return {
        "handoff": handoff,
        "brief": brief,
        "completeness": drafting.completeness_of(brief),
        "claims": claims.of(handoff, brief=brief) if handoff.first_conversation_at else [],
        "may_check": is_known and access.may_answer(user, handoff),
        "may_answer": handoff.is_open and access.may_answer(user, handoff),
        "may_ask": is_known and handoff.can_be_asked,
        "may_tell_late": is_known
        and handoff.can_be_told_late(timezone.now())
        and access.may_answer(user, handoff),
        "may_reply": is_known and handoff.waits_for_marketing and access.may_reply(user),
        "may_reassign": handoff.is_open and access.may_reassign(user),
        **_about_its_return(handoff, user),
    }


def _rest(handoff: Handoff) -> dict[str, Any]:
    """What one may want to know besides: criteria, touches and all that happened. Asked for when it comes into view."""
    is_the_only_one = handoff.cycle == 1 and handoff.is_open
    events = handoff.events.exclude(kind=EventKind.PREPARED).select_related("actor", "receiver")
    attempts = handoff.contact_attempts.standing().select_related("made_by")
    others = Handoff.objects.filter(lead=handoff.lead_id).exclude(pk=handoff.pk)
    return {
        "is_whole": True,
        "criteria": handoff.qualification.lines if handoff.qualification else [],
        "touches": timeline.page(handoff.lead, group=timeline.Group.TOUCHES, limit=5).entries,
        "events": list(events.order_by("-happened_at", "-id")),
        "attempts": list(attempts.order_by("-occurred_at", "-id")[:5]) if handoff.attempts else [],
        "others": [] if is_the_only_one else list(others.order_by("cycle")[:20]),
    }


def _about_its_return(handoff: Handoff, user: User) -> dict[str, Any]:
    """The latest time that it was given back, what both sides said, and what can be done about it; nothing when it never was."""
    returned = RETURNED.first(handoff=handoff.pk)
    if returned is None:
        return {}
    returned.handoff = handoff
    said = returning.standing(returned) if returned.contest_words else {}
    may_write = access.may_hand_over(user) and handoff.lead.contact.erased_at is None
    return {
        "returned": returned,
        "decisions": [{"side": side, "said": said.get(side)} for side in Side],
        "may_send_again": returned.waits_for_marketing and may_write,
        "may_contest": returned.can_be_contested and may_write,
        "may_decide": returned.is_contested and access.may_decide(user),
    }


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
