"""What the pages of figures share: which period, and what else the address asks for."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from smarketing import periods
from smarketing.periods import Period, UnknownPeriod
from smarketing.requests import AuthenticatedRequest

USUAL = "this_quarter"


def period_of(request: AuthenticatedRequest) -> tuple[Period, list[dict[str, object]]]:
    """The period, and the choices as links that keep the rest of the address. What cannot be read is this quarter."""
    today = timezone.localdate()
    try:
        period = periods.read(request.GET, today=today, default=USUAL)
    except UnknownPeriod:
        period = periods.named(USUAL, today) or Period()
    kept = request.GET.copy()
    for name in ("from", "to", "period", "page", "after"):
        kept.pop(name, None)
    choices = []
    for name, label in periods.choices():
        query = kept.copy()
        query["period"] = name
        is_current = periods.named(name, today) == period
        choices.append({"label": label, "url": f"?{query.urlencode()}", "is_current": is_current})
    return period, choices


def asked_of(request: AuthenticatedRequest, names: Iterable[str]) -> dict[str, str]:
    """What the address says about these, without what is empty."""
    return {
        name: value[:60] for name in names if (value := request.GET.get(name, "")) and "\x00" not in value
    }
