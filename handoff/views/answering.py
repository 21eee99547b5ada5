"""Sales answers a hand-off; marketing answers a question; the team lead passes it on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from handoff import access
from handoff.errors import AlreadyAsked, CannotReceive, Conflict
from handoff.forms import AskForm, ReassignForm, ReplyForm, ReturnForm
from handoff.models import Handoff
from handoff.views.acting import form_page
from handoff.views.coming_back import go_on, here, stay
from handoff.views.inbox import show
from leads import done
from smarketing.requests import AuthenticatedRequest


def tells_who_was_first(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A late click: 409 with who did what when, and the hand-off as it stands now with the choices that remain."""

    @wraps(view)
    def answered(request: AuthenticatedRequest, handoff_id: int) -> HttpResponse:
        try:
            return view(request, handoff_id)
        except Conflict as error:
            return show(request, access.get_handoff_to_read(request.user, error.handoff.pk), conflict=error)

    return answered


@require_POST
@tells_who_was_first
def accept(request: AuthenticatedRequest, handoff_id: int) -> HttpResponse:
    handoff = access.get_handoff_to_answer(request.user, handoff_id)
    handoff.accept(by=request.user, at=timezone.now())
    done.say(request, _("Accepted. %(who)s is in the queue.") % {"who": handoff.lead}, handoff.lead_id)
    return go_on(request)


@require_POST
@tells_who_was_first
def claim(request: AuthenticatedRequest, handoff_id: int) -> HttpResponse:
    handoff = access.get_handoff_to_claim(request.user, handoff_id)
    handoff.claim(by=request.user, at=timezone.now())
    done.say(request, _("Claimed. %(who)s waits for your answer.") % {"who": handoff.lead}, handoff.lead_id)
    return stay(request, handoff)


@require_http_methods(["GET", "HEAD", "POST"])
@tells_who_was_first
def return_(request: AuthenticatedRequest, handoff_id: int) -> HttpResponse:
    handoff = access.get_handoff_to_answer(request.user, handoff_id)
    form = ReturnForm(request.POST or None)
    if form.is_valid():
        handoff.return_(**form.cleaned_data, by=request.user, at=timezone.now())
        done.say(request, _("Returned to marketing with your reason."), handoff.lead_id)
        return go_on(request)
    return _form_page(request, handoff, form, title=_("Return to marketing"), act=_("Return"), danger=True)


@require_http_methods(["GET", "HEAD", "POST"])
@tells_who_was_first
def ask(request: AuthenticatedRequest, handoff_id: int) -> HttpResponse:
    handoff = access.get_handoff_to_ask(request.user, handoff_id)
    form = AskForm(request.POST or None)
    if form.is_valid():
        try:
            handoff.ask(form.cleaned_data["question"], by=request.user, at=timezone.now())
        except AlreadyAsked as error:
            form.add_error(None, str(error))
        else:
            done.say(request, _("Asked. The clock waits for marketing."), handoff.lead_id)
            return go_on(request)
    return _form_page(request, handoff, form, title=_("Ask for information"), act=_("Ask marketing"))


@require_http_methods(["GET", "HEAD", "POST"])
@tells_who_was_first
def reply(request: AuthenticatedRequest, handoff_id: int) -> HttpResponse:
    handoff = access.get_handoff_to_reply(request.user, handoff_id)
    form = ReplyForm(request.POST or None)
    if form.is_valid():
        handoff.reply(form.cleaned_data["answer"], by=request.user, at=timezone.now())
        done.say(request, _("Answered. The clock is with sales again."), handoff.lead_id)
        return stay(request, handoff)
    words = {"title": _("Answer the question"), "act": _("Answer")}
    return _form_page(request, handoff, form, note=handoff.question, **words)


@require_http_methods(["GET", "HEAD", "POST"])
@tells_who_was_first
def reassign(request: AuthenticatedRequest, handoff_id: int) -> HttpResponse:
    handoff = access.get_handoff_to_reassign(request.user, handoff_id)
    form = ReassignForm(request.POST or None, handoff=handoff)
    if form.is_valid():
        try:
            handoff.reassign(form.cleaned_data["to"], by=request.user, at=timezone.now())
        except CannotReceive as error:
            form.add_error("to", str(error))
        else:
            done.say(request, _("Reassigned to %(who)s.") % {"who": handoff.receiver}, handoff.lead_id)
            return stay(request, handoff)
    return _form_page(request, handoff, form, title=_("Reassign"), act=_("Reassign"))


def _form_page(request: AuthenticatedRequest, handoff: Handoff, form: Any, **more: Any) -> HttpResponse:
    return form_page(request, form=form, lead=handoff.lead, back=here(request, handoff), **more)
