"""What turns out about a hand-off afterwards: a contact that nobody told yet, or that its lead is one that sales had already."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from handoff import access
from handoff.errors import NotAContactMoment, NotADuplicate
from handoff.forms import DuplicateForm, LateContactForm
from handoff.models import Handoff
from handoff.views.acting import form_page
from handoff.views.answering import tells_who_was_first
from handoff.views.coming_back import here, stay
from leads import done
from smarketing.requests import AuthenticatedRequest


@require_http_methods(["GET", "HEAD", "POST"])
@tells_who_was_first
def late_contact(request: AuthenticatedRequest, handoff_id: int) -> HttpResponse:
    """Of a hand-off that is closed. While it is open its contacts are logged with its lead."""
    handoff = access.get_handoff_to_contact(request.user, handoff_id)
    if handoff.is_open:
        return redirect("handoff:log_contact", handoff.lead_id)
    form = LateContactForm(request.POST or None)
    if form.is_valid():
        try:
            handoff.log_contact(**form.cleaned_data, by=request.user, at=timezone.now())
        except NotAContactMoment as error:
            form.add_error("occurred_at", str(error))
        else:
            done.say(request, _("Logged, with the moment at which it was made."), handoff.lead_id)
            return stay(request, handoff)
    return form_page(
        request,
        form=form,
        lead=handoff.lead,
        back=here(request, handoff),
        title=_("Log a contact that was made before"),
        act=_("Save"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@tells_who_was_first
def duplicate(request: AuthenticatedRequest, handoff_id: int) -> HttpResponse:
    handoff = access.get_handoff_to_answer(request.user, handoff_id)
    if not handoff.can_be_returned:
        raise handoff.told_who_has_it()
    form = DuplicateForm(request.POST or None, handoff=handoff)
    if form.is_valid():
        try:
            handoff.confirm_duplicate(form.cleaned_data["kept"], by=request.user, at=timezone.now())
        except NotADuplicate as error:
            form.add_error("kept", str(error))
        else:
            messages.success(request, _("Closed as a duplicate. The other hand-off goes on for both."))
            return redirect(here(request, form.cleaned_data["kept"]))
    more = _nothing_to_join(handoff) if form.is_alone else {}
    return form_page(
        request,
        form=form,
        lead=handoff.lead,
        back=here(request, handoff),
        title=_("This lead is a duplicate"),
        act=_("Close as a duplicate"),
        danger=True,
        **more,
    )


def _nothing_to_join(handoff: Handoff) -> dict[str, str]:
    return {
        "note": _(
            "No lead with sales looks like this one. A duplicate of another lead is returned to marketing."
        ),
        "instead": reverse("handoff:return", args=[handoff.pk]),
        "instead_act": _("Return to marketing"),
    }
