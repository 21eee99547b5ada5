"""Pages of leads: load through the door, validate, one verb, answer."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from leads import (
    access,
    activities,
    duplicates,
    editing,
    exporting,
    filters,
    intake,
    known,
    leaving,
    path,
    saved_views,
    storytelling,
    timeline,
    undoing,
    written_facts,
    written_timeline,
)
from leads import history as field_history
from leads.captured import CannotCapture
from leads.editing import EditedMeanwhile, EmailTaken, ExternalIdTaken
from leads.facts import NotAFact
from leads.forms import EditLeadForm, LogForm, NewLeadForm, fact_label
from leads.listing import BESIDES_FILTERS, Listing
from leads.models import Lead, ViewPage
from leads.timeline import Group
from smarketing.accounts.models import Side
from smarketing.requests import AuthenticatedRequest

exports = logging.getLogger("smarketing.exports")
BEST = 8
GROUP_WORDS = {
    Group.TOUCHES: gettext_lazy("Touches"),
    Group.TALKS: gettext_lazy("Calls & mail"),
    Group.CHANGES: gettext_lazy("Changes"),
}


# The list


@require_GET
@vary_on_headers("HX-Request")
def lead_list(request: AuthenticatedRequest) -> HttpResponse:
    listing = Listing(request.GET, leads=access.leads_to_read(request.user), request=request)
    context = {
        "listing": listing,
        "may_add": access.may_add_leads(request.user),
        "bar": saved_views.bar(request, ViewPage.LEADS, _tabs(request)),
    }
    if request.htmx:
        response = render(request, "leads/_results.html", context)
        response.headers["HX-Push-Url"] = reverse("leads:list") + listing.own_query
        return response
    return render(request, "leads/list.html", context)


@require_GET
def export(request: AuthenticatedRequest) -> StreamingHttpResponse:
    """All leads of the view as a file. Who took it and how it was narrowed is in the log."""
    listing = Listing(request.GET, leads=access.leads_to_read(request.user), request=request)
    narrowed_by = sorted(name for name, value in request.GET.items() if value)
    exports.info("leads exported by user %s, narrowed by %s", request.user.pk, narrowed_by)
    return exporting.csv_response("leads", leaving.HEADER, leaving.rows(listing.leads))


def _tabs(request: AuthenticatedRequest) -> list[dict[str, Any]]:
    """Ready-made views. The current one is the address with nothing else in it."""
    mine = {"owner": "mine"} if not request.user.works_for(Side.MARKETING) else {"marketer": "mine"}
    views = [
        (_("All"), {}),
        (_("Mine"), mine),
        (_("Open"), {"state": "open"}),
        (_("Hot"), {"hot": "yes", "state": "open"}),
        (_("No next step"), {"no_next_step": "yes"}),
    ]
    present = {name: value for name, value in request.GET.items() if value and name not in BESIDES_FILTERS}
    return [
        {"label": label, "url": filters.address(narrowed), "is_current": narrowed == present}
        for label, narrowed in views
    ]


# One lead


@require_GET
@vary_on_headers("HX-Request")
def detail(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    lead = access.get_lead_to_show(request.user, lead_id)
    told = _told(request, lead)
    if request.htmx and "before" in request.GET:
        return render(request, "leads/_older.html", told)
    return render(request, "leads/detail.html", _detail(request, lead) | told)


@vary_on_headers("HX-Request")
def edit(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """The facts as a form: all of them, or the one named by ?field=."""
    lead = access.get_lead_to_edit(request.user, lead_id)
    form = EditLeadForm(
        request.POST if request.method == "POST" else None, lead=lead, only=request.GET.get("field", "")
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _save(request, lead, form)
        except EditedMeanwhile as error:
            return _edited_meanwhile(request, error, form)
        except (EmailTaken, ExternalIdTaken, NotAFact) as error:
            form.add_error("email" if isinstance(error, EmailTaken) else None, str(error))
    status = 422 if form.is_bound else 200
    return _edit_form(request, {"lead": lead, "form": form}, status=status)


@require_POST
@vary_on_headers("HX-Request")
def log(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """A note, a call, a mail, a meeting... is on the timeline."""
    lead = access.get_lead_to_edit(request.user, lead_id)
    form = LogForm(request.POST, lead=lead)
    if not form.is_valid():
        context = _detail(request, lead) | _told(request, lead) | {"log_form": form}
        template = "leads/_timeline.html" if request.htmx else "leads/detail.html"
        return render(request, template, context, status=422)
    activity = activities.log(lead, **form.cleaned_data, by=request.user, at=timezone.now())
    if request.htmx:
        context = {"log_form": LogForm(lead=lead), "may_log": True, "logged": activity}
        return render(request, "leads/_timeline.html", context | _told(request, lead))
    messages.success(request, _("Saved on the timeline."))
    return redirect("leads:detail", lead.pk)


@require_GET
def history(request: AuthenticatedRequest, lead_id: int, field: str) -> HttpResponse:
    """What one field said over time."""
    lead = access.get_lead_to_read(request.user, lead_id)
    name = field.removeprefix(editing.FACT)
    known = editing.LABELS.get(field) or fact_label(name)
    if field not in editing.EDITABLE and name not in lead.facts:
        raise Http404
    return render(
        request,
        "leads/history.html",
        {"lead": lead, "label": known, "changes": field_history.of_field(lead, field)},
    )


def _detail(request: AuthenticatedRequest, lead: Lead) -> dict[str, Any]:
    """What the page needs besides the timeline."""
    may_edit = access.may_edit(request.user, lead)
    return {
        "lead": lead,
        "last_act": undoing.latest(lead.pk, by=request.user, at=timezone.now()),
        "steps": path.steps(lead, now=timezone.now()),
        "needed": path.needed(lead),
        "duplicates": duplicates.of_lead(lead) if lead.is_open else [],
        "facts": written_facts.written(lead, known.about(lead), may_edit=may_edit),
        "may_edit": may_edit,
        "may_log": may_edit,
        "may_erase": access.may_erase(request.user) and not lead.contact.erased_at,
        "log_form": LogForm(lead=lead),
        "now": timezone.now(),
    }


def _told(request: AuthenticatedRequest, lead: Lead) -> dict[str, Any]:
    group = request.GET.get("show", "")
    group = group if group in set(Group) else ""
    page = timeline.page(lead, before=request.GET.get("before", ""), group=group)
    return {
        "lead": lead,
        "days": written_timeline.written(storytelling.days(page.entries)),
        "older_than": page.older_than,
        "group": group,
        "groups": [("", _("All")), *((its_group.value, words) for its_group, words in GROUP_WORDS.items())],
    }


def _save(request: AuthenticatedRequest, lead: Lead, form: EditLeadForm) -> HttpResponse:
    now = timezone.now()
    saved = editing.edit(
        lead,
        form.changes(at=now),
        expected_version=form.cleaned_data["version"],
        by=request.user,
        at=now,
    )
    if request.htmx:
        lead = access.get_lead_to_read(request.user, lead.pk)
        return render(request, "leads/_facts.html", _detail(request, lead) | {"was_saved": True})
    messages.success(request, _("Saved.") if saved else _("Nothing was changed."))
    return redirect("leads:detail", lead.pk)


def _edited_meanwhile(
    request: AuthenticatedRequest, error: EditedMeanwhile, form: EditLeadForm
) -> HttpResponse:
    """What was typed stays; the form now knows of the other's change, so saving again is a choice."""
    form.data = request.POST.copy()
    form.data["version"] = str(error.lead.version)
    now_there = [
        (form.fields[name].label, form.initial[name]) for name in form.changed_data if name in form.initial
    ]
    context = {"lead": error.lead, "form": form, "conflict": error, "now_there": now_there}
    return _edit_form(request, context, status=409)


def _edit_form(request: AuthenticatedRequest, context: dict[str, Any], *, status: int) -> HttpResponse:
    template = "leads/_edit.html" if request.htmx else "leads/edit.html"
    return render(request, template, context, status=status)


# A new lead


def new(request: AuthenticatedRequest) -> HttpResponse:
    """By hand. Whoever may be known already is shown first; the second click is a choice."""
    access.check_may_add_leads(request.user)
    form = NewLeadForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        hints = [] if "anyway" in request.POST else _hints(form.cleaned_data)
        if hints:
            return render(
                request, "leads/new.html", {"form": form, "hints": hints, "must_choose": True}, status=422
            )
        try:
            captured = intake.capture(form.captured(), by=request.user, at=timezone.now())
        except CannotCapture as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("Lead added.") if captured.is_new else _("Added to the open lead of this person.")
            )
            return redirect("leads:detail", captured.lead.pk)
    return render(request, "leads/new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def hint(request: AuthenticatedRequest) -> HttpResponse:
    """Who may be known already, while the form is being filled in. A POST, so that no name stands in an address."""
    access.check_may_add_leads(request.user)
    form = NewLeadForm(request.POST)
    form.is_valid()
    return render(request, "leads/_hints.html", {"hints": _hints(form.cleaned_data)})


def _hints(given: dict[str, Any]) -> list[duplicates.Duplicate]:
    return duplicates.like(
        email=given.get("email", ""),
        phone=given.get("phone", ""),
        first_name=given.get("first_name", ""),
        last_name=given.get("last_name", ""),
        company=given.get("company", ""),
        domain=given.get("company_domain", ""),
    )


# Search


@require_GET
def search(request: AuthenticatedRequest) -> HttpResponse:
    """At most eight leads for the palette, as JSON; a page for who has no script."""
    words = request.GET.get("q", "")[:200]
    found = list(access.leads_to_read(request.user).matching(words).for_list().newest_first()[:BEST])
    if request.accepts("text/html"):
        return render(request, "leads/search.html", {"q": words, "leads": found})
    return JsonResponse({"results": [_result(lead) for lead in found]})


def _result(lead: Lead) -> dict[str, str]:
    note = " · ".join(str(part) for part in (lead.company, lead.get_stage_display()) if part)
    return {"label": str(lead), "note": note, "url": reverse("leads:detail", args=[lead.pk])}
