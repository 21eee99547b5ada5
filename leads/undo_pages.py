"""One click that takes back another."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from leads import access, undoing
from leads.models import Act
from smarketing.conflicts import answer_conflict
from smarketing.requests import AuthenticatedRequest


@require_POST
def undo(request: AuthenticatedRequest, key: UUID) -> HttpResponse:
    acts = access.get_acts_to_undo(request.user, key)
    try:
        undoing.undo(acts, by=request.user, at=timezone.now())
    except undoing.CannotUndo as error:
        return answer_conflict(request, error, reverse("leads:detail", args=[acts[0].lead_id]))
    messages.success(request, _told(acts))
    return redirect(_where_from(request) or reverse("leads:detail", args=[acts[0].lead_id]))


def _told(acts: list[Act]) -> str:
    words = {"what": acts[0].words, "who": acts[0].lead, "number": len(acts)}
    if len(acts) == 1:
        return _("Undone: %(what)s, %(who)s.") % words
    return ngettext("Undone for %(number)s lead.", "Undone for %(number)s leads.", len(acts)) % words


def _where_from(request: AuthenticatedRequest) -> str:
    """The page on which the toast stood."""
    page = request.POST.get("next") or request.headers.get("Referer", "")
    mine = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if mine else ""
