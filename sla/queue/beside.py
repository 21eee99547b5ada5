"""What else on the page changes with an act in one row: how the queue stands, the numbers on its tabs, those of the rail."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from sla.queue import access, worklist
from smarketing import shell
from smarketing.accounts.models import User
from smarketing.requests import AuthenticatedRequest


def drawn(request: AuthenticatedRequest, *, at: datetime) -> SafeString:
    """As pieces for elsewhere in the page that sent this request; whose queue that is, its address says."""
    tally = worklist.tally(_whose(request), at=at)
    context = {
        "standing": tally.standing,
        "views": [(view.key, tally.counts[view.key]) for view in worklist.VIEWS],
        "rail": shell.counted_anew(request),
    }
    return render_to_string("sla/queue/_beside.html", context)


def _whose(request: AuthenticatedRequest) -> User:
    """The act is done: who may no longer look at that queue, or names none, is shown his own and no error."""
    page = QueryDict(urlsplit(request.htmx.current_url or "").query)
    try:
        return access.get_person_to_look_at(request.user, page.get("person"))
    except (PermissionDenied, Http404):
        return request.user
