"""The inspector: why this clock is due when it is due."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from sla import access
from sla.explanation import in_words
from sla.inspection import explain_clock
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
        "segments": shown.segments.select_related("holder").order_by("from_at", "id"),
    }
    return render(request, "sla/clock.html", context)
