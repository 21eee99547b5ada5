"""The shared page, and the lists and files behind its figures. Reads only; open to every colleague."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard import counting, export_files, funnel, plan, promises, revenue, written_plan, written_revenue
from dashboard.models import COLUMNS, OF_COHORT
from leads import tidying
from leads.models import Source
from sla.scorecard import responding
from sla.scorecard.standing import Pace
from smarketing import periods, words
from smarketing.periods import Period, UnknownPeriod, month_of
from smarketing.remembering import remembered_if_slow

DEFAULT_PERIOD = "this_month"
DAY = 86_400
SLOW = 0.05  # seconds


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what could not be understood is said in words and the default is shown."""

    period: Period
    source: str
    by: str
    group: str
    dates: tuple[str, str] = (
        "",
        "",
    )  # own ones, from and before, as they were typed; empty where the period has a name
    trouble: str = ""

    @classmethod
    def of(cls, request: HttpRequest, today: date) -> Asked:
        trouble = ""
        dates = _own_dates(request.GET)
        try:
            bounds = dict(zip(("from", "to"), dates, strict=True))
            period = periods.read(
                bounds | {"period": request.GET.get("period", "")}, today=today, default=DEFAULT_PERIOD
            )
        except UnknownPeriod as problem:
            period, trouble = month_of(today), str(problem)
        source = tidying.line(request.GET.get("source", ""))
        if source not in ("", "none") and not Source.objects.filter(key=source).exists():
            source, trouble = "", _("There is no source “%(key)s”.") % {"key": source[:60]}
        by = funnel.ACTIVITY if request.GET.get("by") == funnel.ACTIVITY else funnel.COHORT
        group = "campaign" if request.GET.get("group") == "campaign" else "source"
        return cls(period, source, by, group, dates, trouble)

    @property
    def has_own_dates(self) -> bool:
        return any(self.dates)


@dataclass(frozen=True)
class Measured:
    """What was counted lead by lead, and when."""

    at: datetime
    promises: list[promises.Kept]
    pace: Pace | None
    responses: list[responding.Response]


def _measured(month: Period, now: datetime) -> Measured:
    """At a hundred thousand hand-offs this takes longer than all else on the page: then it may be a minute old."""
    return remembered_if_slow(
        f"measured:{month.first}:{month.end}:{get_language()}",
        lambda: Measured(
            now,
            promises.for_month(month, at=now),
            plan.marketing_pace(month, now),
            responding.of_month(month, at=now),
        ),
        seconds=settings.PROMISES_SECONDS,
        slower_than=SLOW,
    )


class Drawn(NamedTuple):
    """What was counted lead by lead, as it stands on the page: a third of its time."""

    promises: SafeString
    responses: SafeString


def _drawn(measured: Measured, month: Period, now: datetime) -> Drawn:
    """Drawn once where the figures are kept for a minute; the moment of counting says which figures they are."""

    def draw() -> Drawn:
        return Drawn(
            render_to_string("dashboard/_promise_rows.html", {"promises": measured.promises}),
            render_to_string("sla/scorecard/_responses.html", {"responses": measured.responses}),
        )

    if measured.at == now:
        return draw()
    key = f"drawn:{month.first}:{get_language()}:{measured.at.isoformat()}"
    return remembered_if_slow(key, draw, seconds=settings.PROMISES_SECONDS, slower_than=0)


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Are we on plan, do we keep our promises, where do leads stop, what brings revenue."""
    now = timezone.now()
    asked = Asked.of(request, timezone.localdate(now))
    month = asked.period.month
    measured = _measured(month, now)
    counted = _counted(asked)
    steps = _funnel(asked, now, rows=counted.rows)
    brought = revenue.by_group(asked.group, asked.period, source=asked.source, of=counted)
    planned = plan.for_month(month, measured.promises, measured.pace)
    context = {
        "asked": asked,
        "as_of": measured.at,
        "month": month,
        "period_choices": periods.choices(),
        "period_name": "" if asked.has_own_dates else request.GET.get("period") or DEFAULT_PERIOD,
        "sources": funnel.ALL_SOURCES.dicts(),
        "plan": planned,
        "drawn_plan": written_plan.written(planned.lines),
        "promises": measured.promises,
        "drawn": _drawn(measured, month, now),
        "funnel": steps,
        **_funnel_table(steps),
        "rows": brought,
        "drawn_rows": written_revenue.written(brought),
        "query": _query(request),
    }
    return render(request, "dashboard/dashboard.html", context)


@require_safe
def export(request: HttpRequest, what: str) -> HttpResponseBase:
    """One panel as CSV, for the period and source of the address."""
    now = timezone.now()
    asked = Asked.of(request, timezone.localdate(now))
    if what == "funnel":
        grouped = request.GET.get("group", "")
        return export_files.funnel(_funnel(asked, now, group=grouped if grouped in funnel.GROUPS else ""))
    if what == "promises":
        return export_files.promises(promises.for_month(asked.period.month, at=now))
    if what == "revenue":
        return export_files.revenue(revenue.by_group(asked.group, asked.period, source=asked.source))
    raise Http404


@require_safe
def case_list(request: HttpRequest, key: str) -> HttpResponse:
    """The leads behind a promise are listed by the scorecard; this is where older links lead."""
    query = request.GET.urlencode()
    return redirect(reverse("sla:scorecard_cases", args=[key]) + (f"?{query}" if query else ""))


def _counted(asked: Asked) -> revenue.Counted:
    """The period in the groups of the last panel: that and the funnel are made of it."""
    columns = COLUMNS if asked.by == funnel.ACTIVITY else OF_COHORT
    return revenue.counted(asked.group, asked.period, source=asked.source, columns=columns)


def _funnel(
    asked: Asked, now: datetime, group: str = "", rows: list[counting.Row] | None = None
) -> funnel.Funnel:
    question = funnel.by_activity if asked.by == funnel.ACTIVITY else funnel.by_cohort
    return question(asked.period, source=asked.source, group=group, at=now, counted=rows)


def _funnel_table(counted: funnel.Funnel) -> dict[str, list]:
    """The figures behind the bars, in words."""
    head = [_("Stage"), _("Leads"), _("of all"), _("of before"), _("median since capture")]
    rows = [
        [
            step.label,
            words.number(step.count),
            words.percent(step.share_of_all, 1),
            words.percent(step.share, 1),
            words.working_duration(step.seconds, DAY),
        ]
        for step in counted.steps
    ]
    return {"funnel_head": head, "funnel_rows": rows}


def _own_dates(asked: Mapping[str, str]) -> tuple[str, str]:
    """The dates that the address asks for. Who chooses a period by its name while `shown` dates still stand in the form means the name."""
    first, end = asked.get("from", ""), asked.get("to", "")
    return ("", "") if asked.get("period") and asked.get("shown") == f"{first}/{end}" else (first, end)


def _query(request: HttpRequest) -> str:
    """The address's own parameters, for links that change one of them."""
    return request.GET.urlencode()
