"""The inspector: why this clock is due when it is due, and what can be done about it."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handoff import reclassing
from handoff.errors import Conflict
from handoff.models import BEFORE_CONTACT
from handoff.views.acting import back_to, form_page
from sla import access, disputing, holding, promises, taking_up, voiding
from sla.clock_forms import ClassForm, DisputeAnswerForm, DisputeForm, PauseForm, ReasonForm
from sla.inspection import laid_open
from sla.models import Clock, Measure
from smarketing.conflicts import answer_conflict
from smarketing.requests import AuthenticatedRequest
from smarketing.words import due_time


@require_safe
def clock(request: AuthenticatedRequest, clock_id: int) -> HttpResponse:
    shown = access.get_clock_to_read(request.user, clock_id)
    return _page(request, shown)


@require_POST
def take_up(request: AuthenticatedRequest, clock_id: int) -> HttpResponse:
    """“I have it.”"""
    clock = access.get_clock_to_take_up(request.user, clock_id)
    try:
        taking_up.take_up(clock, by=request.user, at=timezone.now())
    except (taking_up.AlreadyTakenUp, taking_up.NothingToTakeUp) as error:
        return answer_conflict(request, error, reverse("sla:clock", args=[clock_id]))
    messages.success(request, _("You have it in hand. The others hear of it later, or not at all."))
    return redirect("handoff:detail", clock.handoff_id)


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: AuthenticatedRequest, clock_id: int) -> HttpResponse:
    """All clocks of sales on this lead stand still: the reason is about the lead."""
    shown = access.get_clock_to_hold(request.user, clock_id)
    now = timezone.now()
    form = PauseForm(request.POST or None, clock=shown, at=now)
    if form.is_valid():
        given = form.cleaned_data
        try:
            paused = holding.hold(
                shown.handoff, given["reason"], until=given["until"], by=request.user, at=now
            )
        except holding.CannotPause as error:
            form.add_error(None, str(error))
        else:
            until = due_time(paused[0].clock.resumes_at, now)
            messages.success(
                request, _("Paused until %(until)s at the latest. Marketing can see why.") % {"until": until}
            )
            return back_to(request, _here(shown))
    return _form(request, shown, form, title=_("Pause the clock"), act=_("Pause"))


@require_POST
def resume(request: AuthenticatedRequest, clock_id: int) -> HttpResponse:
    shown = access.get_clock_to_hold(request.user, clock_id)
    try:
        holding.go_on(shown.handoff, by=request.user, at=timezone.now())
    except holding.CannotPause as error:
        return _page(request, shown, conflict=str(error))
    messages.success(request, _("The clock runs again."))
    return back_to(request, _here(shown))


@require_http_methods(["GET", "HEAD", "POST"])
def change_class(request: AuthenticatedRequest, clock_id: int) -> HttpResponse:
    """Hot, or not hot any more: the other way round than it is."""
    shown = access.get_clock_to_reclass(request.user, clock_id)
    hot = not shown.handoff.hot
    form = ClassForm(request.POST or None, initial={"hot": "yes" if hot else "no"})
    if form.is_valid():
        try:
            reclassing.change_class(shown.handoff, **form.cleaned_data, by=request.user, at=timezone.now())
        except (reclassing.SameClass, Conflict) as error:
            return _page(request, shown, conflict=str(error))
        messages.success(request, _("Another promise counts now, from the same start."))
        return back_to(request, _here(shown))
    title = _("This lead is hot") if hot else _("This lead is not hot")
    return _form(request, shown, form, title=title, act=title)


@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: AuthenticatedRequest, clock_id: int) -> HttpResponse:
    shown = access.get_clock_to_dispute(request.user, clock_id)
    form = DisputeForm(request.POST or None)
    if form.is_valid():
        try:
            disputing.dispute(shown, form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except disputing.DisputeMoved as error:
            return _page(request, shown, conflict=str(error))
        except disputing.DisputeRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Disputed. It counts apart until the other team has answered."))
            return redirect(_here(shown))
    return _form(request, shown, form, title=_("Dispute this clock"), act=_("Dispute"))


@require_http_methods(["GET", "HEAD", "POST"])
def answer_dispute(request: AuthenticatedRequest, dispute_id: int) -> HttpResponse:
    raised = access.get_dispute_to_answer(request.user, dispute_id)
    form = DisputeAnswerForm(request.POST or None, clock=raised.clock)
    if form.is_valid():
        given = form.cleaned_data
        try:
            disputing.answer(raised, given["decision"], given["answer"], by=request.user, at=timezone.now())
        except (disputing.DisputeMoved, disputing.DisputeRefused) as error:
            return _page(
                request, access.get_clock_to_read(request.user, raised.clock_id), conflict=str(error)
            )
        messages.success(request, _("Answered. Both teams see it on the clock."))
        return redirect(_here(raised.clock))
    if not raised.is_open:
        return redirect(_here(raised.clock))
    return _form(
        request,
        raised.clock,
        form,
        title=_("Answer the dispute"),
        act=_("Answer"),
        note=f"{raised.raised_by}: {raised.reason}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def void(request: AuthenticatedRequest, clock_id: int) -> HttpResponse:
    shown = access.get_clock_to_void(request.user, clock_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            voiding.void(shown, form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except voiding.CannotVoid as error:
            return _page(request, shown, conflict=str(error))
        messages.success(request, _("Void: it counts for nobody. What happened stays to be read."))
        return redirect(_here(shown))
    return _form(request, shown, form, title=_("Declare this clock void"), act=_("Declare void"), danger=True)


@require_safe
def disputes(request: AuthenticatedRequest) -> HttpResponse:
    """What waits for an answer, for both teams, and what was answered lately."""
    waiting = [(each, disputing.may_answer(request.user, each)) for each in disputing.open_disputes()[:200]]
    context = {"disputes": waiting, "answered": disputing.answered_disputes()[:30], "now": timezone.now()}
    return render(request, "sla/disputes.html", context)


# Mechanics


def _page(request: AuthenticatedRequest, shown: Clock, conflict: str = "") -> HttpResponse:
    """409 with who was first, and the clock as it stands now."""
    now = timezone.now()
    if conflict:
        shown = access.get_clock_to_read(request.user, shown.pk)
    raised = shown.disputes.select_related("raised_by", "answered_by").order_by("raised_at", "id")
    may_hold = not shown.owes_marketing and access.handoff_access.may_answer(request.user, shown.handoff)
    before_contact = shown.handoff.state in BEFORE_CONTACT and shown.measure == Measure.FIRST_CONTACT
    context = {
        "clock": shown,
        "now": now,
        "conflict": conflict,
        "disputes": [(each, disputing.may_answer(request.user, each)) for each in raised],
        "may_take_up": access.may_take_up(request.user, shown) and taking_up.can_be_taken_up(shown),
        "in_hand": taking_up.in_hand(shown) if shown.is_open else None,
        "may_pause": may_hold and holding.can_be_held(shown, now),
        "may_resume": may_hold and holding.is_held_by_somebody(shown, now),
        "may_reclass": before_contact and shown.is_open and access.may_reclass(request.user, shown),
        "may_dispute": disputing.may_dispute(request.user) and disputing.can_be_disputed(shown, now),
        "may_void": voiding.may_decide(request.user, shown) and voiding.can_be_void(shown),
        **laid_open(shown, now),
    }
    return render(request, "sla/clock.html", context, status=409 if conflict else 200)


def _form(
    request: AuthenticatedRequest, shown: Clock, form: Form, *, title: str, act: str, **more: Any
) -> HttpResponse:
    """Which clock it is about stands under the title."""
    which = f"{shown.get_measure_display()} · {promises.sentence(shown.term)}"
    more |= {"title": title, "act": act, "back": _here(shown), "head_line": which}
    return form_page(request, form=form, lead=shown.handoff.lead, **more)


def _here(shown: Clock) -> str:
    return reverse("sla:clock", args=[shown.pk])
