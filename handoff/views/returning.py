"""What is done about a return: marketing contests it, the team leads of both sides decide."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from handoff import access, returning
from handoff.forms import ContestForm, DecisionForm
from handoff.views.acting import form_page
from handoff.views.answering import tells_who_was_first
from handoff.views.coming_back import here, stay
from smarketing.requests import AuthenticatedRequest


@require_http_methods(["GET", "HEAD", "POST"])
@tells_who_was_first
def contest(request: AuthenticatedRequest, handoff_id: int) -> HttpResponse:
    handoff = access.get_handoff_to_contest(request.user, handoff_id)
    form = ContestForm(request.POST or None)
    if form.is_valid():
        handoff.contest(form.cleaned_data["words"], by=request.user, at=timezone.now())
        messages.success(request, _("Contested. The team leads of both sides decide."))
        return stay(request, handoff)
    words = {"title": _("Contest the return"), "act": _("Contest"), "note": handoff.return_note}
    return form_page(request, form=form, lead=handoff.lead, back=here(request, handoff), **words)


@require_http_methods(["GET", "HEAD", "POST"])
@tells_who_was_first
def decide(request: AuthenticatedRequest, handoff_id: int) -> HttpResponse:
    handoff = access.get_handoff_to_decide(request.user, handoff_id)
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        upheld = form.cleaned_data["decision"] == "upheld"
        returning.decide(
            handoff, upheld=upheld, words=form.cleaned_data["words"], by=request.user, at=timezone.now()
        )
        returned = handoff.returns.latest("id")
        said = _("Decided.") if not returned.is_contested else _("Kept. The other side decides too.")
        messages.success(request, said)
        return stay(request, handoff)
    words = {"title": _("Decide on the contest"), "act": _("Decide")}
    return form_page(request, form=form, lead=handoff.lead, back=here(request, handoff), **words)
