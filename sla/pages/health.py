"""Whether somebody looks at the clocks, and whether what is told arrives."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from handoff.conversation import inviting
from sla import access, notices
from sla import health as well
from sla.models import SweepRun
from smarketing.requests import AuthenticatedRequest

SHOWN = 20


def health(request: AuthenticatedRequest) -> HttpResponse:
    access.require_administrator(request.user)
    now = timezone.now()
    context = {
        "now": now,
        "sweep": well.last_sweep(now),
        "processes": [
            (name, at, at is not None and now - at <= well.OLDEST)
            for name in well.PROCESSES
            for at in [well.seen(name)]
        ],
        "outbox": well.outbox(now),
        "set_aside": notices.set_aside()[:SHOWN],
        "invitations": inviting.set_aside()[:SHOWN],
        "runs": SweepRun.objects.order_by("-id")[:SHOWN],
    }
    return render(request, "sla/health.html", context)
