"""Marketing hands a lead over."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from handoff import access, routing, rules
from handoff.errors import BriefIncomplete, Conflict, HandoffRefused
from handoff.forms import BriefForm
from handoff.models import Handoff
from handoff.views.acting import back_to, form_page, page_of
from smarketing.conflicts import answer_conflict
from smarketing.requests import AuthenticatedRequest


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """The brief as the rules in force demand it. What was typed stays when something is missing."""
    lead, now = access.get_lead_to_hand_over(request.user, lead_id), timezone.now()
    form = BriefForm(request.POST or None, rules=rules.in_force(now), team=routing.receiving_team(), at=now)
    if form.is_valid():
        try:
            handoff = Handoff.send(lead, brief=form.brief, to=form.receiver, by=request.user, at=now)
        except Conflict as error:
            return answer_conflict(request, error, reverse("handoff:detail", args=[error.handoff.pk]))
        except BriefIncomplete as error:
            for key, words in error.errors.items():
                form.add_error(f"brief_{key}" if f"brief_{key}" in form.fields else None, words)
        except HandoffRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("Handed over to %(whom)s.") % {"whom": handoff.receiver or _("the pool")}
            )
            return back_to(request, reverse("handoff:detail", args=[handoff.pk]))
    standing = access.open_handoff(lead)
    if standing and request.method != "POST":
        return redirect("handoff:detail", standing.pk)
    return form_page(
        request,
        form=form,
        lead=lead,
        title=_("Hand over %(lead)s") % {"lead": lead},
        act=_("Hand over"),
        back=page_of(lead),
        template="handoff/_brief_form.html",
    )
