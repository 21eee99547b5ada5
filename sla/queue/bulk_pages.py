"""What is done with many leads at once: first what will happen and what will be left out, then one act and one toast."""

from __future__ import annotations

import logging
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from handoff import access as handoff_access
from handoff import call_sheet
from handoff.forms import NextStepForm
from leads import undoing
from leads.fields import row_number
from leads.models import Lead
from sla.queue import access, worklist
from sla.queue import bulk as bulk_acts
from sla.queue.bulk import BulkKind
from sla.queue.narrowing import Narrowing
from smarketing.accounts.models import Side, User
from smarketing.form_fields import rows_field
from smarketing.requests import AuthenticatedRequest

SHEETS, MOST_SHEETS = 20, 50
exports = logging.getLogger("smarketing.exports")


class PersonForm(forms.Form):
    to = forms.ModelChoiceField(label=gettext_lazy("To whom"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.active().on_side(Side.SALES).order_by("first_name", "id")
        rows_field(self, "to").queryset = people


FORM_OF: dict[str, type[forms.Form]] = {BulkKind.SNOOZE: NextStepForm, BulkKind.REASSIGN: PersonForm}


@require_safe
def call_sheets(request: AuthenticatedRequest) -> HttpResponse:
    """The sheets of the first twenty to call, or of those that are named, one page each. That they were asked for is in the log."""
    now, person = timezone.now(), access.get_person_to_look_at(request.user, request.GET.get("person"))
    wanted = [number for text in request.GET.getlist("lead") if (number := row_number(text))]
    if not wanted:
        wanted = [line.lead_id for line in worklist.lines(worklist.VIEWS[0], person, at=now)[:SHEETS]]
    leads = {lead.pk: lead for lead in Lead.objects.for_list().filter(pk__in=wanted[:MOST_SHEETS])}
    chosen = [leads[number] for number in dict.fromkeys(wanted) if number in leads]
    exports.info("%s call sheets for user %s", len(chosen), request.user.pk)
    sheets = call_sheet.of(chosen, reader=request.user, at=now)
    return render(request, "handoff/call_sheets.html", {"sheets": sheets, "now": now})


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def bulk(request: AuthenticatedRequest) -> HttpResponse:
    """The first POST names the leads and shows what will happen; the second, with `sure`, does it."""
    if not request.user.works_for(Side.SALES):
        raise PermissionDenied(_("Only sales works through the queue."))
    kind = request.POST.get("sure") or request.POST.get("act", "")
    ids, back = _chosen(request), _way_back(request)
    if not ids or kind not in {*BulkKind.values, "SHEETS"}:
        messages.warning(request, _("Select at least one lead."))
        return redirect(back)
    if kind == "SHEETS":
        return redirect(
            f"{reverse('sla:queue_call_sheets')}?{urlencode({'lead': ids[:MOST_SHEETS]}, doseq=True)}"
        )
    if kind == BulkKind.REASSIGN and not handoff_access.may_reassign(request.user):
        raise PermissionDenied(_("The team lead of sales reassigns hand-offs."))
    form = FORM_OF[kind](request.POST if "sure" in request.POST else None)
    if form.is_valid():
        with undoing.one_click() as key:
            planned = _do(request, kind, ids, form)
        undo = reverse("leads:undo", args=[key]) if planned.ready else ""
        messages.success(request, _told(planned, kind), extra_tags=undo)
        return redirect(back)
    return _confirm(request, kind, ids, form, back)


def _do(request: AuthenticatedRequest, kind: str, ids: list[int], form: forms.Form) -> bulk_acts.Plan:
    given, now = form.cleaned_data, timezone.now()
    if kind == BulkKind.SNOOZE:
        what, due_at = given["next_step"], given["next_step_at"]
        return bulk_acts.snooze(ids, what, due_at=due_at, by=request.user, at=now)
    return bulk_acts.reassign(ids, to=given["to"], by=request.user, at=now)


def _confirm(
    request: AuthenticatedRequest, kind: str, ids: list[int], form: forms.Form, back: str
) -> HttpResponse:
    planned = bulk_acts.plan(kind, ids, by=request.user)
    context = {
        "plan": planned,
        "kind": kind,
        "label": BulkKind(kind).label,
        "form": form,
        "ids": ids,
        "back": back,
        "whole": request.POST.get("all", ""),
    }
    template = "sla/queue/_bulk_confirm.html" if request.htmx else "sla/queue/bulk.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _told(planned: bulk_acts.Plan, kind: str) -> str:
    number = len(planned.ready)
    if kind == BulkKind.SNOOZE:
        said = ngettext("%(n)s lead snoozed.", "%(n)s leads snoozed.", number) % {"n": number}
    else:
        said = ngettext("%(n)s lead reassigned.", "%(n)s leads reassigned.", number) % {"n": number}
    left = len(planned.skipped)
    if left:
        said += " " + ngettext("%(n)s left as it was.", "%(n)s left as they were.", left) % {"n": left}
    return said


def _chosen(request: AuthenticatedRequest) -> list[int]:
    """The rows that were ticked, or with `all` every lead of the view that the form came from."""
    if "all" not in request.POST:
        ticked = (row_number(text) for text in request.POST.getlist("lead"))
        return list(dict.fromkeys(number for number in ticked if number))[: bulk_acts.MOST]
    query, now = QueryDict(request.POST.get("view", "")[:1000]), timezone.now()
    person = access.get_person_to_look_at(request.user, query.get("person"))
    lines = worklist.lines(worklist.view_for(query.get("view", "")), person, at=now)
    return [line.lead_id for line in Narrowing(query).of(lines, at=now)]


def _way_back(request: AuthenticatedRequest) -> str:
    query = QueryDict(request.POST.get("view", "")[:1000]).urlencode()
    return reverse("sla:queue") + (f"?{query}" if query else "")
