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
from handoff.models import EventKind, Handoff
from handoff.narrowing import Narrowing
from handoff.views.coming_back import asked_of_inbox
from leads import saved_views, timeline
from leads.models import ViewPage
from smarketing.accounts.models import Side, User
from smarketing.requests import AuthenticatedRequest


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
    """One hand-off; alone when htmx asks for it, else with the list that it was opened from."""
    handoff = access.get_handoff_to_read(request.user, handoff_id)
    return show(request, handoff)


def show(
    request: AuthenticatedRequest, handoff: Handoff, *, conflict: Exception | None = None
) -> HttpResponse:
    """The hand-off as it stands now; 409 with who was first after a late click."""
    status = 409 if conflict else 200
    asked = asked_of_inbox(request)
    tab, narrowing = inbox.tab_for(asked.get("tab", ""), request.user), Narrowing(asked)
    if request.htmx:
        context = {**_about(request, handoff), "tab": tab, "conflict": conflict, "now": timezone.now()}
        context |= _way_back(tab, narrowing, handoff)
        response = render(request, "handoff/_detail.html", context, status=status)
        response["Vary"] = "HX-Request"
        return response
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
        "next_id": page.next_id,
        "is_list": is_list,
        "conflict": conflict,
        "now": timezone.now(),
        **(_about(request, chosen) if chosen else {}),
    }
    response = render(request, "handoff/inbox.html", context, status=status)
    response["Vary"] = "HX-Request"
    return response


def _way_back(tab: inbox.Tab, narrowing: Narrowing, shown: Handoff | None) -> dict[str, str]:
    """The list as it stands here, as every act takes it along, and the hand-off beside it."""
    query = urlencode({"tab": tab.key, **narrowing.asked})
    back = f"{reverse('handoff:list')}?{query}"
    here = f"{reverse('handoff:detail', args=[shown.pk])}?{query}" if shown else back
    return {"list_query": query, "back_to_list": back, "and_back": urlencode({"next": back}), "here": here}


def _about(request: AuthenticatedRequest, handoff: Handoff) -> dict[str, Any]:
    """What the panel shows of one hand-off, and what this person may do with it."""
    user = request.user
    brief = list(handoff.brief_items.order_by("position"))
    events = list(
        handoff.events.exclude(kind=EventKind.PREPARED)
        .select_related("actor", "receiver")
        .order_by("-happened_at", "-id")
    )
    was_returned = any(event.kind == EventKind.RETURNED for event in events)
    is_the_only_one = handoff.cycle == 1 and handoff.is_open
    return {
        "handoff": handoff,
        "brief": brief,
        "completeness": drafting.completeness_of(brief),
        "claims": claims.of(handoff, brief=brief) if handoff.first_conversation_at else [],
        "may_check": access.may_answer(user, handoff),
        "criteria": handoff.qualification.lines if handoff.qualification else [],
        "touches": timeline.page(handoff.lead, group=timeline.Group.TOUCHES, limit=5).entries,
        "events": events,
        "attempts": list(
            handoff.contact_attempts.standing().select_related("made_by").order_by("-occurred_at", "-id")[:5]
        )
        if handoff.attempts
        else [],
        "may_answer": handoff.is_open and access.may_answer(user, handoff),
        "may_tell_late": handoff.can_be_told_late(timezone.now()) and access.may_answer(user, handoff),
        "may_reply": handoff.waits_for_marketing and access.may_reply(user),
        "may_reassign": handoff.is_open and access.may_reassign(user),
        "others": []
        if is_the_only_one
        else list(Handoff.objects.filter(lead=handoff.lead_id).exclude(pk=handoff.pk).order_by("cycle")[:20]),
        **(_about_its_return(handoff, user) if was_returned else {}),
    }


def _about_its_return(handoff: Handoff, user: User) -> dict[str, Any]:
    """The latest time that it was given back, what both sides said, and what can be done about it."""
    returned = handoff.returns.select_related("returned_by", "settled_by").order_by("-id").first()
    if returned is None:  # the return was undone
        return {}
    said = returning.standing(returned) if returned.contest_words else {}
    is_marketing = access.may_hand_over(user)
    return {
        "returned": returned,
        "decisions": [{"side": side, "said": said.get(side)} for side in Side],
        "may_send_again": returned.waits_for_marketing and is_marketing,
        "may_contest": returned.can_be_contested and is_marketing,
        "may_decide": returned.is_contested and access.may_decide(user),
    }


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
