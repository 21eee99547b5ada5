"""The pages of the queue, and its rows for htmx. Without JavaScript each act has a page of its own in the room of hand-offs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from handoff import access as handoff_access
from handoff import call_sheet, contacting
from handoff.errors import Conflict, HandoffRefused
from handoff.forms import ContactForm, NextStepForm
from handoff.models import Handoff, Result, State
from leads import next_steps
from leads.models import Lead, LeadMoved
from sla.queue import access, rows, worklist
from smarketing.accounts.models import User
from smarketing.requests import AuthenticatedRequest

PAGE = 50
SHEETS = 20
SOON = worklist.SOON


@require_safe
def queue(request: AuthenticatedRequest) -> HttpResponse:
    """One view of a rep's queue; the counts of the others on their tabs."""
    now, person = timezone.now(), access.get_person_to_look_at(request.user, request.GET.get("person"))
    view = worklist.view_for(request.GET.get("view", ""))
    to_call = worklist.lines(worklist.VIEWS[0], person, at=now)
    lines = to_call if view.key == "now" else worklist.lines(view, person, at=now)
    counts = worklist.counts(person, at=now, known={"now": len(to_call), view.key: len(lines)})
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    context = {
        "view": view,
        "person": person,
        "is_own": person == request.user,
        "people": access.people_to_look_at(request.user),
        "tabs": _tabs(view, counts, person, request.user),
        "page": page,
        "rows": rows.load(list(page)),
        "count": counts[view.key],
        "capped": counts[view.key] >= worklist.CAP,
        "now": now,
        "since": now.isoformat(),
        "next_due": None if lines else worklist.next_due(person, at=now),
        "may_work": person == request.user or handoff_access.may_reassign(request.user),
        "may_reassign": handoff_access.may_reassign(request.user),
        **_state_of(to_call, now),
    }
    response = render(request, "sla/queue/queue.html", context)
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def new_count(request: AuthenticatedRequest) -> HttpResponse:
    """How many hand-offs came in since the page was made; nothing to say is 204."""
    since = parse_datetime(request.GET.get("since", "").replace(" ", "+"))
    if since is None or timezone.is_naive(since):
        return HttpResponse(status=204)
    number = (
        Handoff.objects.received_by(request.user).filter(state=State.SENT, received_at__gt=since)[:99].count()
    )
    if not number:
        return HttpResponse(status=204)
    return render(request, "sla/queue/_news.html", {"number": number, "since": request.GET["since"]})


@require_safe
def call_sheets(request: AuthenticatedRequest) -> HttpResponse:
    """The sheets of the first twenty to call, one page each."""
    now, person = timezone.now(), access.get_person_to_look_at(request.user, request.GET.get("person"))
    lines = worklist.lines(worklist.VIEWS[0], person, at=now)[:SHEETS]
    sheets = call_sheet.of([row.lead for row in rows.load(lines)], reader=request.user)
    return render(request, "handoff/call_sheets.html", {"sheets": sheets, "now": now})


@require_safe
def row(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """One row again, as it stands now."""
    return _row(request, handoff_access.get_lead_to_read(request.user, lead_id))


@require_http_methods(["GET", "HEAD", "POST"])
def log_contact(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """The row opens with "How did it go?"; after saving it stays where it was, grey, and says what was logged."""
    lead = handoff_access.get_lead_to_work(request.user, lead_id)
    if not request.htmx:
        return redirect(f"{reverse('handoff:log_contact', args=[lead.pk])}?next={reverse('sla:queue')}")
    form, now = ContactForm(request.POST or None), timezone.now()
    if form.is_valid():
        try:
            contacting.log_for(lead, **form.cleaned_data, by=request.user, at=now)
        except (Conflict, LeadMoved) as error:
            return _row(request, _fresh(lead), conflict=error)
        except HandoffRefused as error:
            form.add_error("occurred_at", str(error))
        else:
            return _row(request, _fresh(lead), done=_logged(form, now))
    return _row(request, lead, form=form, panel="contact")


@require_http_methods(["GET", "HEAD", "POST"])
def next_step(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    lead = handoff_access.get_lead_to_work(request.user, lead_id)
    if not request.htmx:
        return redirect(f"{reverse('handoff:next_step', args=[lead.pk])}?next={reverse('sla:queue')}")
    form = NextStepForm(
        request.POST or None, initial={"next_step": lead.next_step, "next_step_at": lead.next_step_at}
    )
    if form.is_valid():
        with transaction.atomic():
            next_steps.plan(
                lead,
                form.cleaned_data["next_step"],
                due_at=form.cleaned_data["next_step_at"],
                by=request.user,
                at=timezone.now(),
            )
        return _row(request, _fresh(lead), done=_("Planned."))
    return _row(request, lead, form=form, panel="next")


def _row(
    request: AuthenticatedRequest,
    lead: Lead,
    *,
    form: forms.Form | None = None,
    panel: str = "",
    done: str = "",
    conflict: Exception | None = None,
) -> HttpResponse:
    status = 409 if conflict else 422 if form is not None and form.errors else 200
    context = {
        "row": rows.of_lead(lead),
        "form": form,
        "panel": panel,
        "done": done,
        "conflict": conflict,
        "now": timezone.now(),
        "may_work": True,
        "may_reassign": handoff_access.may_reassign(request.user),
    }
    return render(request, "sla/queue/_row.html", context, status=status)


def _fresh(lead: Lead) -> Lead:
    fresh: Lead = Lead.objects.for_list().get(pk=lead.pk)
    return fresh


def _logged(form: forms.Form, now: datetime) -> str:
    return _("Logged: %(result)s.") % {"result": Result(form.cleaned_data["result"]).label}


def _tabs(current: worklist.View, counts: dict[str, int], person: User, user: User) -> list[dict[str, Any]]:
    whose = "" if person == user else f"&person={person.pk}"
    return [
        {
            "label": view.label,
            "url": f"{reverse('sla:queue')}?view={view.key}{whose}",
            "is_current": view == current,
            "count": counts[view.key],
        }
        for view in worklist.VIEWS
    ]


def _state_of(to_call: list[worklist.Line], now: datetime) -> dict[str, int]:
    """The line under the title: how many to call, how many of them late or due within half an hour."""
    due = [line.due_at for line in to_call if line.due_at]
    return {
        "to_call": len(to_call),
        "late": sum(moment < now for moment in due),
        "soon": sum(now <= moment <= now + SOON for moment in due),
    }
