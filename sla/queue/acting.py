"""What a rep does in a row of the queue. Without JavaScript each act has a page of its own in the room of hand-offs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from handoff import access as handoff_access
from handoff import claims, contacting
from handoff.errors import Conflict, HandoffRefused
from handoff.forms import ContactForm, NextStepForm
from handoff.models import Handoff, Result
from handoff.models.attempt import CONVERSATIONS
from handoff.views.acting import wanted
from leads import next_steps, undoing
from leads.models import Lead, LeadMoved
from sla.models import Clock
from sla.queue import access, beside, rows
from sla.queue.drawing import Pen
from smarketing.conflicts import answer_conflict
from smarketing.requests import AuthenticatedRequest

Act = Callable[[AuthenticatedRequest, int], HttpResponse]


def tells_who_was_first(view: Act) -> Act:
    """Somebody else has the lead by now: 409, the row in grey with who did what when, and what can still be done with it."""

    @wraps(view)
    def answered(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
        try:
            return view(request, lead_id)
        except (Conflict, LeadMoved) as error:
            lead = handoff_access.get_lead_to_read(request.user, lead_id)
            if request.htmx:
                return row(request, lead, conflict=error)
            return answer_conflict(request, error, reverse("sla:queue"))

    return answered


@require_http_methods(["GET", "HEAD", "POST"])
@tells_who_was_first
def log_contact(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """The row opens with "How did it go?"; after saving it stays where it was, grey, and says what was logged."""
    lead = access.get_lead_to_call(request.user, lead_id)
    if not request.htmx:
        return _on_its_page("handoff:log_contact", lead)
    form, now = ContactForm(request.POST or None), timezone.now()
    if form.is_valid():
        try:
            contacting.log_for(lead, **form.cleaned_data, by=request.user, at=now)
        except HandoffRefused as error:
            form.add_error("occurred_at", str(error))
        else:
            return row(request, _fresh(lead), done=_logged(form), to_check=_to_check(lead, form))
    return row(request, lead, form=form, panel="contact")


@require_http_methods(["GET", "HEAD", "POST"])
@tells_who_was_first
def next_step(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    lead, now = access.get_lead_to_call(request.user, lead_id), timezone.now()
    if not request.htmx:
        return _on_its_page("handoff:next_step", lead)
    initial = {"next_step": lead.next_step, "next_step_at": lead.next_step_at}
    form = NextStepForm(request.POST or None, initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        next_steps.plan(lead, given["next_step"], due_at=given["next_step_at"], by=request.user, at=now)
        done = _("Snoozed.") if promised_by(lead.pk) else _("Planned.")
        return row(request, _fresh(lead), done=done)
    return row(request, lead, form=form, panel="next")


@require_POST
@tells_who_was_first
def accept(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """From the pool, or what was handed to this person: he has it now. Of two who click at once one is told who was first."""
    handoff = access.get_handoff_to_accept(request.user, lead_id)
    handoff.accept(by=request.user, at=timezone.now())
    if request.htmx:
        return row(request, _fresh(handoff.lead), done=_("Accepted: it is in your queue."))
    messages.success(request, _("Accepted. %(who)s is in the queue.") % {"who": handoff.lead})
    return redirect(wanted(request) or reverse("sla:queue"))


def row(
    request: AuthenticatedRequest,
    lead: Lead,
    *,
    form: forms.Form | None = None,
    panel: str = "",
    done: str = "",
    to_check: Handoff | None = None,
    conflict: Exception | None = None,
) -> HttpResponse:
    status = 409 if conflict else 422 if form is not None and form.errors else 200
    now = timezone.now()
    pen = Pen.of(request, may_work=conflict is None, may_reassign=handoff_access.may_reassign(request.user))
    shown = rows.of_lead(lead, now)
    claims_url = f"{reverse('handoff:claims', args=[to_check.pk])}?{pen.place['back']}" if to_check else ""
    context = {
        "row": shown,
        "cells": pen.cells(shown, done=done, claims_url=claims_url, conflict=conflict),
        "is_taken": done or conflict,
        "done": done,
        "claims_url": claims_url,
        "undo_url": undoing.address(lead.pk, by=request.user) if done else "",
        "lead": lead,
        "form": form,
        "panel": panel,
        "promised_at": promised_by(lead.pk) if panel == "next" else None,
        "now": now,
        "place": pen.place,
        "beside": beside.drawn(request, at=now) if done else "",
    }
    return render(request, "sla/queue/_row.html", context, status=status)


def promised_by(lead_id: int) -> datetime | None:
    """Until when sales promised the first contact with this lead, while that clock runs."""
    running = Clock.objects.of_first_contact().filter(handoff__lead=lead_id, state="RUNNING")
    moment: datetime | None = running.values_list("due_at", flat=True).first()
    return moment


def _on_its_page(name: str, lead: Lead) -> HttpResponse:
    """Whoever saved before the script was ready keeps what he typed: the browser posts it again (307)."""
    address = f"{reverse(name, args=[lead.pk])}?next={reverse('sla:queue')}"
    return redirect(address, preserve_request=True)


def _fresh(lead: Lead) -> Lead:
    fresh: Lead = Lead.objects.for_list().get(pk=lead.pk)
    return fresh


def _to_check(lead: Lead, form: forms.Form) -> Handoff | None:
    """After the first conversation: did it turn out as marketing said?"""
    return claims.unchecked_of(lead) if form.cleaned_data["result"] in CONVERSATIONS else None


def _logged(form: forms.Form) -> str:
    return _("Logged: %(result)s.") % {"result": Result(form.cleaned_data["result"]).label}
