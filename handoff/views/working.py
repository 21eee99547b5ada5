"""The rep at work: the call sheet, the contact, the next step."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handoff import access, call_sheet, claims, contacting
from handoff.errors import Conflict, HandoffRefused
from handoff.forms import ContactForm, NextStepForm
from handoff.models.attempt import CONVERSATIONS
from handoff.views.acting import back_to, form_page, page_of, wanted
from leads import done, next_steps
from leads.models import Lead, LeadMoved
from smarketing.conflicts import answer_conflict
from smarketing.requests import AuthenticatedRequest


@require_safe
def show_call_sheet(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    lead = access.get_lead_to_read(request.user, lead_id)
    if erased_at := lead.contact.erased_at:
        return render(request, "410.html", {"erased_at": erased_at}, status=410)
    now = timezone.now()
    sheet = call_sheet.of([lead], reader=request.user, at=now)[0]
    return render(request, "handoff/call_sheet.html", {"sheet": sheet, "lead": lead, "now": now})


@require_POST
def open_call_sheet(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """The rep has read the sheet: he is prepared. Said by the page itself, or by a button without JavaScript."""
    lead = access.get_lead_to_read(request.user, lead_id)
    handoff = access.open_handoff(lead)
    if handoff:
        handoff.open_call_sheet(by=request.user, at=timezone.now())
    if request.htmx:
        return HttpResponse("")
    return back_to(request, reverse("handoff:call_sheet", args=[lead.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def log_contact(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    lead = access.get_lead_to_call(request.user, lead_id)
    form = ContactForm(request.POST or None)
    if form.is_valid():
        try:
            contacting.log_for(lead, **form.cleaned_data, by=request.user, at=timezone.now())
        except (Conflict, LeadMoved) as error:
            return answer_conflict(request, error, page_of(lead))
        except HandoffRefused as error:
            form.add_error("occurred_at", str(error))
        else:
            done.say(request, _("Logged. %(who)s was contacted.") % {"who": lead}, lead.pk)
            return _to_the_claims(request, lead, form) or back_to(request, page_of(lead))
    return form_page(
        request,
        form=form,
        lead=lead,
        title=_("Log a contact"),
        act=_("Save"),
        back=page_of(lead),
        template="handoff/_contact_form.html",
    )


def _to_the_claims(request: AuthenticatedRequest, lead: Lead, form: ContactForm) -> HttpResponse | None:
    """After the first conversation: did it turn out as marketing said? Only while nothing was checked."""
    handoff = claims.unchecked_of(lead) if form.cleaned_data["result"] in CONVERSATIONS else None
    if handoff is None:
        return None
    address, back = reverse("handoff:claims", args=[handoff.pk]), wanted(request)
    return redirect(f"{address}?{urlencode({'next': back})}" if back else address)


@require_http_methods(["GET", "HEAD", "POST"])
def next_step(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    lead = access.get_lead_to_call(request.user, lead_id)
    initial = {"next_step": lead.next_step, "next_step_at": lead.next_step_at}
    form = NextStepForm(request.POST or None, initial=initial)
    if form.is_valid():
        next_steps.plan(
            lead,
            form.cleaned_data["next_step"],
            due_at=form.cleaned_data["next_step_at"],
            by=request.user,
            at=timezone.now(),
        )
        done.say(request, _("Planned. It comes back to the queue by itself."), lead.pk)
        return back_to(request, page_of(lead))
    return form_page(request, form=form, lead=lead, title=_("Next step"), act=_("Plan"), back=page_of(lead))
