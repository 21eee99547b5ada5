"""What did we promise each other? The version in force, the others, and what differs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from sla import access, disputing, rules_in_words
from sla.comparing import differences
from sla.models import Agreement, AgreementState, TermSide
from sla.pages import what_if
from smarketing.requests import AuthenticatedRequest

VERSIONS_LISTED = 20


def agreement(request: AuthenticatedRequest) -> HttpResponse:
    """The one in force; before there is one, the newest; before there is any, how to begin."""
    shown = Agreement.objects.in_force() or Agreement.objects.exclude(state=AgreementState.DRAFT).newest()
    shown = shown or Agreement.objects.newest()
    if shown is None:
        context = {"may_draft": access.may_draft(request.user)}
        return render(request, "sla/agreement_start.html", context)
    return _page(request, access.get_agreement_to_read(request.user, shown.pk))


def version(request: AuthenticatedRequest, agreement_id: int) -> HttpResponse:
    return _page(request, access.get_agreement_to_read(request.user, agreement_id))


def compare(request: AuthenticatedRequest) -> HttpResponse:
    """`?from=3&to=4`: what differs between two versions, in words."""
    versions = list(Agreement.objects.order_by("-version")[:VERSIONS_LISTED])
    by_number = {str(each.version): each for each in versions}
    later = by_number.get(request.GET.get("to", ""), versions[0] if versions else None)
    former = by_number.get(request.GET.get("from", ""), versions[1] if len(versions) > 1 else None)
    changes = differences(former, later) if later else []
    context = {"versions": versions, "former": former, "later": later, "changes": changes}
    return render(request, "sla/compare.html", context)


def _page(request: AuthenticatedRequest, shown: Agreement) -> HttpResponse:
    user = request.user
    former = Agreement.objects.filter(version__lt=shown.version).order_by("-version").first()
    pending = Agreement.objects.unfinished().exclude(pk=shown.pk).order_by("-version").first()
    context = {
        "agreement": shown,
        "sides": _sides(shown),
        "rules": _rules(shown),
        "former": former,
        "pending": pending,
        "sides_to_sign": shown.sides_to_sign(user),
        "later": Agreement.objects.filter(version__gt=shown.version).order_by("version").first(),
        "waiting_for": _(" and ").join(str(side.label) for side in shown.unsigned_sides())
        if shown.is_proposed
        else "",
        "may_draft": access.may_draft(user),
        "versions": Agreement.objects.order_by("-version")[:VERSIONS_LISTED],
        "problems": shown.problems(timezone.now()) if shown.is_draft else [],
        "looks_back": shown.is_pending,
        "disputed": disputing.open_disputes().count(),
    }
    if shown.is_pending:
        context |= what_if.panel(shown, user)
        in_force = Agreement.objects.in_force()
        context["changes"] = differences(in_force, shown) if in_force else []
    return render(request, "sla/agreement.html", context)


def _rules(shown: Agreement) -> list[tuple[Any, str]]:
    """How it measures, in the order in which a reader asks; what the page shows apart is left to it."""
    told = rules_in_words.statements(shown)
    apart = {"marketing_calendar", "sales_calendar", "brief", "review_on"}
    usual = {
        "hot": _("No lead is hot: there is no rule."),
        "criteria_set": _("those in force"),
        "signers": _("Those who lead the side."),
        "pause_limits": _("Without a limit."),
        "intake_seat": _("The team lead of the pool."),
    }
    return [(what, text or usual.get(key, "")) for key, (what, text) in told.items() if key not in apart]


def _sides(shown: Agreement) -> list[dict[str, Any]]:
    """The promises under who owes them, numbered through."""
    numbered = list(enumerate(shown.terms_in_order(), start=1))
    return [
        {
            "side": side,
            "label": TermSide(side).label,
            "terms": [(number, term) for number, term in numbered if term.side == side],
        }
        for side in TermSide.values
    ]
