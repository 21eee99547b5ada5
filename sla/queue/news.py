"""What came in since the page was made: said in a bar above the list and in the title; nothing moves by itself."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from handoff.models import Handoff, State

MOST = 99


def drawn(request: HttpRequest) -> str:
    """The bar, for a page that knows of fewer; nothing otherwise."""
    since = _moment(request.GET.get("since", ""))
    if since is None:
        return ""
    number = (
        Handoff.objects.received_by(request.user)
        .filter(state=State.SENT, received_at__gt=since)[:MOST]
        .count()
    )
    if str(number) == request.GET.get("news"):
        return ""
    context = {"number": number, "since": request.GET["since"], "is_swap": True}
    return render_to_string("sla/queue/_news.html", context)


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return None if moment is None or timezone.is_naive(moment) else moment
