"""How did the month turn out? The scorecard, the leads behind each figure, and the acts on it. Nothing of it is hidden from either team."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sla import access
from sla.models import ScorecardMonth, ScorecardRow, Term
from sla.own_value_form import OwnValueForm
from sla.scorecard import cases, export_files, history, measuring, own_values, responding, restating
from sla.scorecard.facts import ALL, WHOLE, Part
from smarketing.periods import Period, UnknownPeriod, month_of, read_month
from smarketing.requests import AuthenticatedRequest

ROWS = 50


@require_safe
def scorecard(request: AuthenticatedRequest) -> HttpResponse:
    """`?month=2026-11`; without one the present month."""
    now = timezone.now()
    month = _month(request, now)
    card = history.scorecard(month, at=now)
    context = {
        "card": card,
        "responses": responding.of_month(month, at=now),
        "now": now,
        **around(month, now),
    }
    return render(request, "sla/scorecard/scorecard.html", context)


@require_safe
def export(request: AuthenticatedRequest) -> HttpResponseBase:
    now = timezone.now()
    return export_files.scorecard(history.scorecard(_month(request, now), at=now))


@require_POST
def check(request: AuthenticatedRequest) -> HttpResponse:
    """Compares a frozen month with the facts at once, instead of tonight."""
    access.require_colleague_of_a_team(request.user)
    now = timezone.now()
    month = _month(request, now, request.POST.get("month", ""))
    frozen = ScorecardMonth.objects.filter(month=month.first_day).first()
    found = restating.compare(frozen, at=now) if frozen else []
    text = ngettext("%(n)s figure reads differently now.", "%(n)s figures read differently now.", len(found))
    messages.success(request, text % {"n": len(found)} if found else _("Nothing changed since the last look."))  # fmt: skip
    return redirect(reverse("sla:scorecard") + f"?month={month.first:%Y-%m}")


@require_safe
def scorecard_cases(request: AuthenticatedRequest, key: str) -> HttpResponse:
    """The leads behind one figure of one month: `?month=2026-11&show=missed`, with `frozen=1` as they were written down."""
    now = timezone.now()
    month = _month(request, now)
    wished = request.GET.get("show", "")
    show = wished if wished in (*Part.values, ALL, WHOLE) else ALL
    row = _frozen_row(month, key) if request.GET.get("frozen") else None
    term = row.term if row else _term(month, key)
    bucket = request.GET.get("bucket", "")
    if row:
        found = cases.as_frozen(row, show)
    elif term.kind in responding.KINDS and bucket in responding.NUMBERS:
        found = cases.in_order(responding.in_bucket(term, month, int(bucket), at=now), term)
    else:
        found = cases.rows(term, month, show, at=now)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "term": term,
        "month": month,
        "tabs": cases.tabs_as_frozen(row, month, show) if row else cases.tabs(term, month, show, at=now),
        "page": page,
        "cases": cases.shown(list(page), term),
        "by_clock": cases.is_by_clock(term),
        "by_lead": cases.is_by_lead(term),
        "frozen": row and row.scorecard,
        "now": now,
    }
    return render(request, "sla/scorecard/cases.html", context)


@require_safe
def restatement(request: AuthenticatedRequest, restatement_id: int) -> HttpResponse:
    """What moved in a frozen month: each lead, from where to where, since when and why."""
    shown = access.get_restatement_to_read(request.user, restatement_id)
    moved = shown.moved.select_related("lead__contact", "lead__company", "event").order_by("since", "id")
    page = Paginator(moved, ROWS).get_page(request.GET.get("page"))
    month = month_of(shown.row.scorecard.month)
    return render(request, "sla/scorecard/restatement.html", {"restatement": shown, "month": month, "page": page})  # fmt: skip


@require_safe
def values(request: AuthenticatedRequest, term_id: int) -> HttpResponse:
    """The monthly numbers of an own term; whoever owes it enters them here."""
    term = access.get_own_term_to_read(request.user, term_id)
    return _values_page(request, term, None)


@require_POST
def enter_value(request: AuthenticatedRequest, term_id: int) -> HttpResponse:
    """The month's number of an own term; entered again, it replaces the former one or, once frozen, restates it."""
    term = access.get_own_term_to_enter(request.user, term_id)
    form = OwnValueForm(request.POST, prefix=f"term_{term.pk}")
    if not form.is_valid() or not form.enter(term, by=request.user, at=timezone.now()):
        return _values_page(request, term, form)
    messages.success(request, _("Saved: %(term)s.") % {"term": term})
    return redirect("sla:values", term.pk)


def around(month: Period, now: datetime) -> dict[str, Period | None]:
    """The months before and after, as far as there can be any."""
    following = month_of(month.end) if month.end else month
    return {
        "before": month.before(),
        "after": following if following.starts_at and following.starts_at <= now else None,
        "this_month": month_of(timezone.localdate(now)),
    }


def _values_page(request: AuthenticatedRequest, term: Term, form: OwnValueForm | None) -> HttpResponse:
    now = timezone.now()
    rows = own_values.months_to_enter(term, at=now)
    frozen = {
        row.scorecard.month: row
        for row in ScorecardRow.objects.filter(key=term.key).select_related("scorecard").prefetch_related("restatements__by")
    }  # fmt: skip
    missing = next((month for month, value in reversed(rows) if value is None), None)
    may_enter = access.may_enter(request.user, term)
    if form is None and may_enter:
        form = OwnValueForm(prefix=f"term_{term.pk}", initial={"month": missing.first} if missing else None)
    context = {
        "term": term,
        "rows": [(month, value, frozen.get(month.first_day)) for month, value in rows],
        "form": form if may_enter else None,
    }
    return render(request, "sla/scorecard/values.html", context, status=422 if form and form.errors else 200)


def _term(month: Period, key: str) -> Term:
    agreement = measuring.agreement_of(month)
    term = agreement.terms.filter(key=key).first() if agreement else None
    if term is None:
        raise Http404
    return term


def _frozen_row(month: Period, key: str) -> ScorecardRow:
    return get_object_or_404(
        ScorecardRow.objects.select_related("scorecard", "term"), scorecard__month=month.first, key=key
    )


def _month(request: AuthenticatedRequest, now: datetime, text: str | None = None) -> Period:
    """The month of the address; the present one when there is none or it cannot be read."""
    today: date = timezone.localdate(now)
    try:
        return read_month(request.GET.get("month", "") if text is None else text)
    except UnknownPeriod:
        return month_of(today)
