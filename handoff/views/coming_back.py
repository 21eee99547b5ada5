"""An act that is begun in the inbox comes back to it: to the same tab, as narrowed as it was."""

from __future__ import annotations

from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from handoff.models import Handoff
from handoff.views.acting import wanted
from smarketing.requests import AuthenticatedRequest


def asked_of_inbox(request: AuthenticatedRequest) -> QueryDict:
    """The tab and the filters: those of the list that the act comes back to, or of the page itself."""
    return QueryDict(wanted(request).partition("?")[2]) if _is_from_inbox(request) else request.GET


def here(request: AuthenticatedRequest, handoff: Handoff) -> str:
    """The address of the hand-off, beside the list from which it was opened."""
    address = reverse("handoff:detail", args=[handoff.pk])
    return f"{address}?{asked_of_inbox(request).urlencode()}" if _is_from_inbox(request) else address


def stay(request: AuthenticatedRequest, handoff: Handoff) -> HttpResponseRedirect:
    """After an act with which one is not done with the hand-off. Who came from another page goes back there."""
    return redirect(
        here(request, handoff) if _is_from_inbox(request) else wanted(request) or here(request, handoff)
    )


def go_on(request: AuthenticatedRequest) -> HttpResponseRedirect:
    """After an act with which one is: to the list, for the next."""
    return redirect(wanted(request) or f"{reverse('handoff:list')}?tab=waiting")


def _is_from_inbox(request: AuthenticatedRequest) -> bool:
    return wanted(request).partition("?")[0] == reverse("handoff:list")
