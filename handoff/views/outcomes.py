"""What becomes of the lead: an opportunity, a customer, or an end with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from handoff import access, contacting
from handoff.errors import Conflict, HandoffRefused
from handoff.forms import NotAFitForm, OpportunityForm, ReasonForm, WinForm
from handoff.views.acting import back_to, form_page, page_of
from leads import closing, deals, done
from leads.models import Lead, LeadMoved, TransitionNotAllowed
from smarketing.conflicts import answer_conflict
from smarketing.requests import AuthenticatedRequest

either = require_http_methods(["GET", "HEAD", "POST"])


@either
def open_opportunity(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    lead = access.get_lead_to_work(request.user, lead_id)
    form = OpportunityForm(request.POST or None, initial={"currency": settings.CURRENCY})
    title = _("Open an opportunity")
    return _act(
        request, lead, form, deals.open_opportunity, title=title, act=title, said=_("Opportunity opened.")
    )


@either
def win(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    lead = access.get_lead_to_work(request.user, lead_id)
    deal = getattr(lead, "opportunity", None)
    form = WinForm(request.POST or None, initial={"amount": deal.amount if deal else None})
    return _act(
        request, lead, form, deals.win, title=_("Won"), act=_("Record the sale"), said=_("Recorded as won.")
    )


@either
def lose(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    lead = access.get_lead_to_work(request.user, lead_id)
    form = ReasonForm(request.POST or None)
    return _act(
        request,
        lead,
        form,
        deals.lose,
        title=_("Lost"),
        act=_("Record the loss"),
        said=_("Recorded as lost."),
    )


@either
def disqualify(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """After a contact; before the first one it is logged with it, by the rep. Without one a lead is returned, not disqualified."""
    lead = access.get_lead_to_disqualify(request.user, lead_id)
    words = {"title": _("Not a fit"), "act": _("Disqualify"), "said": _("Disqualified.")}
    if contacting.is_to_be_contacted(lead):
        words["note"] = _("Nobody has contacted this lead yet: say how the contact went, or return the lead.")
        form: ReasonForm = NotAFitForm(request.POST or None)
        return _act(request, lead, form, contacting.disqualify_after, danger=True, **words)
    return _act(request, lead, ReasonForm(request.POST or None), closing.disqualify, danger=True, **words)


@either
def recycle(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    lead = access.get_lead_to_close(request.user, lead_id)
    form = ReasonForm(request.POST or None)
    words = {"title": _("Not now"), "act": _("Back to marketing"), "said": _("Back to marketing.")}
    return _act(request, lead, form, closing.recycle, **words)


def _act(
    request: AuthenticatedRequest,
    lead: Lead,
    form: forms.Form,
    verb: Callable[..., Any],
    *,
    said: str,
    **words: Any,
) -> HttpResponse:
    """Check, do, say; a late click is told who was first."""
    if form.is_valid():
        try:
            verb(lead, **form.cleaned_data, by=request.user, at=timezone.now())
        except (LeadMoved, TransitionNotAllowed, Conflict, closing.CannotEndYet) as error:
            return answer_conflict(request, error, page_of(lead))
        except HandoffRefused as error:
            form.add_error(None, str(error))
        except closing.ReasonNeeded as error:
            form.add_error("reason", str(error))
        else:
            done.say(request, said, lead.pk)
            return back_to(request, page_of(lead))
    return form_page(request, form=form, lead=lead, back=page_of(lead), **words)
