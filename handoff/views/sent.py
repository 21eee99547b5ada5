"""What became of what marketing handed over, without asking; and whether a prepared rep gets further."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from handoff import inbox, preparation, sent
from handoff.views.reading import asked_of, period_of
from leads.models import Source
from smarketing.accounts.models import Side, User
from smarketing.requests import AuthenticatedRequest

ASKED = ("result", "marketer", "rep", "source", "prepared", "waived")


@require_safe
def list_(request: AuthenticatedRequest) -> HttpResponse:
    """A marketer begins with his own; everybody may look at all."""
    period, choices = period_of(request)
    asked = asked_of(request, ASKED)
    user = request.user
    if not request.GET and user.works_for(Side.MARKETING) and not user.leads_a_team:
        asked["marketer"] = "mine"
    rows = sent.narrowed(asked, period, reader=user)
    after = request.GET.get("after", "")
    found, next_id = sent.page(rows, after=int(after) if after.isdecimal() and len(after) < 19 else None)
    per_source = sent.by_source(rows, _("No source"))
    context: dict[str, Any] = {
        "rows": found,
        "next_url": f"{sent.address(period, **asked)}&after={next_id}" if next_id else "",
        "is_first": not after,
        "sums": sent.sums(rows, _("All")),
        "per_source": [(line, sent.address(period, **{**asked, **line.asked})) for line in per_source],
        "asked": asked,
        "results": [(name, label) for name, (label, _condition) in sent.RESULTS.items()],
        "opens": {name: sent.address(period, **{**asked, "result": name}) for name in sent.RESULTS},
        "waived_opens": sent.address(period, **{**asked, "waived": "yes"}),
        "sources": list(Source.objects.order_by("name")[:200]),
        "marketers": list(User.objects.active().on_side(Side.MARKETING).order_by("first_name", "id")[:200]),
        "period": period,
        "periods": choices,
        "tabs": inbox.links(user, "sent"),
        "now": timezone.now(),
    }
    return render(request, "handoff/sent.html", context)


@require_safe
def prepared(request: AuthenticatedRequest) -> HttpResponse:
    """Call sheet opened before the first contact: per rep, and beside what came of it."""
    period, choices = period_of(request)
    context = {"measured": preparation.measure(period), "period": period, "periods": choices}
    return render(request, "handoff/prepared.html", context)
