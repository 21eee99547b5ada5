"""The toast after an act on a lead: what was done, with the button that undoes it."""

from __future__ import annotations

from django.contrib import messages

from leads import undoing
from smarketing.requests import AuthenticatedRequest


def say(request: AuthenticatedRequest, words: str, lead_id: int) -> None:
    messages.success(request, words, extra_tags=undoing.address(lead_id, by=request.user))
