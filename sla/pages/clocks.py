"""The inspector: why this clock is due when it is due."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from sla import access, taking_up
from sla.explanation import in_words
from sla.inspection import explain_clock
from smarketing.conflicts import answer_conflict
from smarketing.requests import AuthenticatedRequest


def clock(request: AuthenticatedRequest, clock_id: int) -> HttpResponse:
    shown, now = access.get_clock_to_read(request.user, clock_id), timezone.now()
    explanation = explain_clock(shown, now)
    context = {
        "clock": shown,
        "now": now,
        "explanation": explanation,
        "arithmetic": in_words(explanation, gettext=gettext).splitlines() if explanation else [],
        "events": shown.events.select_related("actor").order_by("happened_at", "id"),
        "may_take_up": access.may_take_up(request.user, shown) and taking_up.can_be_taken_up(shown),
        "in_hand": taking_up.in_hand(shown) if shown.is_open else None,
        "segments": shown.segments.select_related("holder").order_by("from_at", "id"),
    }
    return render(request, "sla/clock.html", context)


@require_POST
def take_up(request: AuthenticatedRequest, clock_id: int) -> HttpResponse:
    """“I have it.”"""
    clock = access.get_clock_to_take_up(request.user, clock_id)
    try:
        taking_up.take_up(clock, by=request.user, at=timezone.now())
    except (taking_up.AlreadyTakenUp, taking_up.NothingToTakeUp) as error:
        return answer_conflict(request, error, reverse("sla:clock", args=[clock_id]))
    messages.success(request, gettext("You have it in hand. The others hear of it later, or not at all."))
    return redirect("handoff:detail", clock.handoff_id)
