"""The pages of the queue. What is done in a row stands in `acting`, what is done with many in `bulk_pages`."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from handoff import access as handoff_access
from leads import saved_views
from leads.models import ViewPage
from sla import listed_clocks
from sla.queue import access, acting, rows, worklist
from sla.queue.drawing import Pen
from sla.queue.narrowing import Narrowing
from smarketing.accounts.models import User
from smarketing.requests import AuthenticatedRequest

PAGE = 50
WIDE = 5000  # of so many leads the ones are found that a narrowed view shows


@require_safe
@vary_on_headers("HX-Request")
def queue(request: AuthenticatedRequest) -> HttpResponse:
    """One view of a rep's queue; the counts of the others on their tabs."""
    now, person = timezone.now(), access.get_person_to_look_at(request.user, request.GET.get("person"))
    view, narrowing = worklist.view_for(request.GET.get("view", "")), Narrowing(request.GET)
    whole = worklist.lines(view, person, at=now, cap=WIDE if narrowing else worklist.CAP)
    lines = narrowing.of(whole, at=now)
    tally = worklist.tally(person, at=now, now=whole[: worklist.CAP] if view.key == "now" else None)
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    shown, form = rows.load(list(page), now), narrowing.form(whole)
    may_reassign = handoff_access.may_reassign(request.user)
    pen = Pen.of(request, may_work=person == request.user or may_reassign, may_reassign=may_reassign)
    context = {
        "view": view,
        "person": person,
        "is_own": person == request.user,
        "people": access.people_to_look_at(request.user),
        "bar": _bar(request, view, tally, person),
        "narrowing": narrowing,
        "form": form,
        "chips": narrowing.chips(form),
        "kept": [(name, request.GET[name]) for name in ("view", "person", "saved") if request.GET.get(name)],
        "page": page,
        "rows": shown.rows,
        "hours": listed_clocks.as_json(shown.hours),
        "closes_at": shown.closes_at,
        "count": len(lines),
        "capped": len(lines) >= worklist.CAP and not narrowing,
        "now": now,
        "standing": tally.standing,
        "next_due": None if lines else worklist.next_due(person, at=now),
        "drawn": [pen.line(row) for row in shown.rows],
        "may_reassign": may_reassign,
    }
    response = render(request, "sla/queue/queue.html", context)
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def row(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """One row again, as it stands now."""
    return acting.row(request, handoff_access.get_lead_to_read(request.user, lead_id))


def _bar(
    request: AuthenticatedRequest, current: worklist.View, tally: worklist.Tally, person: User
) -> saved_views.Bar:
    whose = "" if person == request.user else f"&person={person.pk}"
    tabs: list[dict[str, Any]] = [
        {
            "key": view.key,
            "label": view.label,
            "url": f"{reverse('sla:queue')}?view={view.key}{whose}",
            "is_current": view == current,
            "count": tally.counts[view.key],
            "warns": view.key == "unplanned" and tally.counts[view.key] > 0,
        }
        for view in worklist.VIEWS
    ]
    return saved_views.bar(request, ViewPage.QUEUE, tabs, kept=whose)
