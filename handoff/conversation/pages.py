"""Talking about a hand-off: messages, and a coffee. Each verb is a POST that comes back to where it was said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from handoff import access
from handoff.conversation import calendar_entry, coffee, inviting, suggesting, talking
from handoff.conversation.coffee import CoffeeMoved
from handoff.conversation.forms import AgreeForm, CoffeeForm, MessageForm
from handoff.errors import HandoffRefused, TooLateToTakeBack
from handoff.models import Handoff, Invitation, Method
from handoff.views.acting import back_to, form_page, wanted
from smarketing.accounts.models import User
from smarketing.conflicts import answer_conflict
from smarketing.requests import AuthenticatedRequest

either = require_http_methods(["GET", "HEAD", "POST"])


def tells_what_changed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A late click: 409 with what the proposal has become."""

    @wraps(view)
    def answered(request: AuthenticatedRequest, handoff_id: int, **more: int) -> HttpResponse:
        try:
            return view(request, handoff_id, **more)
        except CoffeeMoved as error:
            return answer_conflict(request, error, reverse("handoff:detail", args=[handoff_id]))

    return answered


@either
@vary_on_headers("HX-Request")
def say(request: AuthenticatedRequest, handoff_id: int) -> HttpResponse:
    """A message, or where it is written."""
    handoff = access.get_handoff_to_talk_about(request.user, handoff_id)
    form = MessageForm(request.POST or None, handoff=handoff, writer=request.user)
    if form.is_valid():
        talking.write(
            handoff,
            form.cleaned_data["text"],
            mention=form.mentioned,
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("Said."))
        return back_to(request, _here(handoff))
    if request.htmx and not form.is_bound:
        here, other = wanted(request) or _here(handoff), coffee.other_side(handoff, request.user)
        context = {"handoff": handoff, "form": form, "here": here, "other": other}
        return render(request, "handoff/conversation/_say.html", context)
    return form_page(
        request, form=form, lead=handoff.lead, title=_("Say something"), act=_("Say it"), back=_here(handoff)
    )


@require_POST
def take_back(request: AuthenticatedRequest, handoff_id: int, message_id: int) -> HttpResponse:
    message = access.get_message_to_take_back(request.user, handoff_id, message_id)
    try:
        talking.take_back(message, by=request.user, at=timezone.now())
    except TooLateToTakeBack as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Taken back. A line says that there was a message."))
    return back_to(request, _here(message.handoff))


@either
@tells_what_changed
def propose(request: AuthenticatedRequest, handoff_id: int) -> HttpResponse:
    handoff, now = access.get_handoff_to_talk_about(request.user, handoff_id), timezone.now()
    other = coffee.other_side(handoff, request.user)
    form = CoffeeForm(
        request.POST or None, person=request.user, now=now, suggested=_suggested(request, other, now)
    )
    if form.is_valid():
        try:
            found = coffee.propose(
                handoff, form.times, minutes=form.cleaned_data["minutes"], by=request.user, at=now
            )
        except CoffeeMoved:
            raise
        except HandoffRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Proposed to %(who)s.") % {"who": found.invitee})
            return back_to(request, _here(handoff))
    return _form(request, handoff, form, _("Have a coffee"), _("Propose"))


@either
@tells_what_changed
def agree(request: AuthenticatedRequest, handoff_id: int, coffee_id: int) -> HttpResponse:
    found, now = access.get_coffee(request.user, handoff_id, coffee_id), timezone.now()
    form = AgreeForm(request.POST or None, proposed=found, person=request.user, now=now)
    if form.is_valid():
        coffee.agree(found, form.moment, by=request.user, at=now)
        messages.success(request, _("Agreed. Both of you get an invitation by mail."))
        return back_to(request, _here(found.handoff))
    return _form(request, found.handoff, form, _("Have a coffee"), _("Agree"))


@either
@tells_what_changed
def propose_others(request: AuthenticatedRequest, handoff_id: int, coffee_id: int) -> HttpResponse:
    found, now = access.get_coffee(request.user, handoff_id, coffee_id), timezone.now()
    other = found.proposer if found.invitee == request.user else found.invitee
    suggested = _suggested(request, other, now, besides=found.moments)
    form = CoffeeForm(
        request.POST or None, person=request.user, now=now, suggested=suggested, asks_length=False
    )
    if form.is_valid():
        fresh = coffee.propose_others(found, form.times, by=request.user, at=now)
        messages.success(request, _("Proposed to %(who)s.") % {"who": fresh.invitee})
        return back_to(request, _here(found.handoff))
    return _form(request, found.handoff, form, _("Propose other times"), _("Propose"))


@require_POST
@tells_what_changed
def cancel(request: AuthenticatedRequest, handoff_id: int, coffee_id: int) -> HttpResponse:
    found = access.get_coffee(request.user, handoff_id, coffee_id)
    coffee.cancel(found, by=request.user, at=timezone.now())
    messages.success(request, _("Cancelled."))
    return back_to(request, _here(found.handoff))


@require_POST
def invite_again(request: AuthenticatedRequest, handoff_id: int, coffee_id: int) -> HttpResponse:
    """The mails of this coffee that failed are tried again."""
    found = access.get_coffee(request.user, handoff_id, coffee_id)
    _retry(request, inviting.set_aside().filter(coffee=found))
    return back_to(request, _here(found.handoff))


@require_POST
def retry_invitations(request: AuthenticatedRequest) -> HttpResponse:
    """All that failed are tried again: somebody mended the mail."""
    access.require_administrator(request.user)
    _retry(request, inviting.set_aside())
    return back_to(request, reverse("first_page"))


@require_safe
def download(request: AuthenticatedRequest, handoff_id: int, coffee_id: int) -> HttpResponse:
    """The calendar entry as a file, as it stands now."""
    found = access.get_coffee(request.user, handoff_id, coffee_id)
    if found.starts_at is None:
        return answer_conflict(request, CoffeeMoved(found), _here(found.handoff))
    method = Method.REQUEST if found.is_agreed else Method.CANCEL
    latest = found.invitations.order_by("-sequence", "-id").first()
    made_at = latest.created_at if latest else found.proposed_at
    entry = calendar_entry.of(found, method, at=made_at)
    return HttpResponse(
        entry,
        content_type=f"text/calendar; charset=utf-8; method={method}",
        headers={"Content-Disposition": 'attachment; filename="coffee.ics"'},
    )


def _retry(request: AuthenticatedRequest, failed: QuerySet[Invitation]) -> None:
    number = inviting.retry(failed, at=timezone.now())
    words = ngettext("%(n)s invitation goes out again.", "%(n)s invitations go out again.", number)
    messages.success(request, words % {"n": number})


def _suggested(
    request: AuthenticatedRequest, other: User | None, now: datetime, *, besides: Sequence[datetime] = ()
) -> list[datetime]:
    """For a form that is opened; who sends it has chosen."""
    if other is None or request.method == "POST":
        return []
    found = suggesting.times([request.user, other], at=now)
    return [moment for moment in found if moment not in besides]


def _here(handoff: Handoff) -> str:
    return f"{reverse('handoff:detail', args=[handoff.pk])}#conversation"


def _form(
    request: AuthenticatedRequest, handoff: Handoff, form: AgreeForm | CoffeeForm, title: str, act: str
) -> HttpResponse:
    return form_page(request, form=form, lead=handoff.lead, title=title, act=act, back=_here(handoff))
