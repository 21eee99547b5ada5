"""After the first conversation: what marketing claimed and what turned out; and how often it turned out so."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from handoff import access, claims, precision
from handoff.errors import NotSpokenYet
from handoff.models import Finding, Handoff
from handoff.views.acting import wanted
from handoff.views.coming_back import here, stay
from handoff.views.reading import asked_of, period_of
from smarketing.conflicts import answer_conflict
from smarketing.requests import AuthenticatedRequest

KEY_OF = {Finding.CONFIRMED: "y", Finding.DENIED: "n", Finding.UNKNOWN: "u"}
PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: AuthenticatedRequest, handoff_id: int) -> HttpResponse:
    """Each keystroke is kept at once; without JavaScript the button keeps all."""
    if request.method != "POST":
        return _page(request, access.get_handoff_to_read(request.user, handoff_id))
    handoff = access.get_handoff_to_contact(request.user, handoff_id)
    asked = {claim.id for claim in claims.of(handoff)}
    found = {
        name.removeprefix("claim-"): finding
        for name, finding in request.POST.items()
        if name.removeprefix("claim-") in asked and finding in Finding.values
    }
    try:
        kept = claims.check(handoff, found, by=request.user, at=timezone.now())
    except NotSpokenYet as error:
        return answer_conflict(request, error, reverse("handoff:detail", args=[handoff.pk]))
    if request.htmx:
        context = {"claims": claims.of(handoff), "kept": kept, "now": timezone.now()}
        return render(request, "handoff/_claims_state.html", context)
    words = ngettext("%(n)s claim checked.", "%(n)s claims checked.", len(kept)) % {"n": len(kept)}
    messages.success(request, words)
    return stay(request, handoff)


def _page(request: AuthenticatedRequest, handoff: Handoff) -> HttpResponse:
    context = {
        "handoff": handoff,
        "claims": claims.of(handoff),
        "findings": [(finding, KEY_OF[finding]) for finding in Finding],
        "may_check": handoff.first_conversation_at is not None
        and handoff.lead.contact.erased_at is None
        and access.may_answer(request.user, handoff),
        "next": wanted(request),
        "here": here(request, handoff),
    }
    return render(request, "handoff/claims.html", context)


@require_safe
def report(request: AuthenticatedRequest) -> HttpResponse:
    """How often sales confirms what marketing claims: by criterion, item, source and marketer. Both teams see the same."""
    period, choices = period_of(request)
    measured = precision.measure(period)
    groups = [
        (_("By criterion"), measured.criteria),
        (_("By item of the brief"), measured.brief),
        (_("By source"), measured.sources),
        (_("By marketer"), measured.marketers),
    ]
    context = {
        "measured": measured,
        "groups": [(title, [(line, _opens(period, line)) for line in lines]) for title, lines in groups],
        "all_opens": _opens(period, measured.all),
        "period": period,
        "periods": choices,
    }
    return render(request, "handoff/claims_report.html", context)


@require_safe
def cases(request: AuthenticatedRequest) -> HttpResponse:
    """The very claims behind a figure."""
    period, _choices = period_of(request)
    rows = precision.cases(period, asked_of(request, precision.FILTERS))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "count": page.paginator.count, "period": period}
    return render(request, "handoff/claim_cases.html", context)


def _opens(period: precision.Period, line: precision.Line) -> dict[str, str]:
    return {finding: precision.address(period, line.asked, finding) for finding in Finding.values}
