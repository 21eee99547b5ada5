"""The pages for who is new."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dashboard.welcome import shoes, steps
from dashboard.welcome.glossary import BY_KEY, WORDS
from smarketing.accounts import first_steps
from smarketing.accounts.models import Side
from smarketing.requests import AuthenticatedRequest


@require_safe
def glossary(request: AuthenticatedRequest) -> HttpResponse:
    return render(request, "dashboard/welcome/glossary.html", {"words": WORDS})


@require_safe
def day(request: AuthenticatedRequest, side: str) -> HttpResponse:
    """The other team's screens in the order of a day, read only."""
    if side.upper() not in Side.values:
        raise Http404
    now, whose = timezone.now(), Side(side.upper())
    hours = shoes.day_of(whose, at=now)
    context = {
        "hours": [(hour, [BY_KEY[key] for key in hour.words]) for hour in hours],
        "title": shoes.TITLES[whose],
        "side": whose,
        "now": now,
    }
    return render(request, "dashboard/welcome/shoes.html", context)


@require_POST
def open_step(request: AuthenticatedRequest, key: str) -> HttpResponse:
    """From the list of first steps to the page of one of them; that it was opened is kept."""
    step = steps.named(request.user, key)
    if step is None:
        raise Http404
    first_steps.open_step(request.user, step.key, at=timezone.now())
    return redirect(step.where())


@require_POST
def hide(request: AuthenticatedRequest) -> HttpResponse:
    first_steps.hide(request.user, at=timezone.now())
    return redirect("first_page")


@require_POST
def show_again(request: AuthenticatedRequest) -> HttpResponse:
    first_steps.show_again(request.user)
    return redirect("first_page")
