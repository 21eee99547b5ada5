"""Working hours and holidays, and "test a date"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from sla import access
from sla.business_time import NoOpenTime
from sla.explanation import Explanation, explain, in_words
from sla.hours_form import HolidaysForm, HoursForm, TryDateForm, as_text
from sla.models import Calendar, CalendarVersion
from sla.opening_hours import WEEKDAYS
from smarketing.requests import AuthenticatedRequest


@dataclass(frozen=True)
class Shown:
    """One calendar as the list shows it."""

    calendar: Calendar
    version: CalendarVersion
    days: list[tuple[str, str]]
    coming: list[tuple[date, str, str]]


def working_hours(request: AuthenticatedRequest) -> HttpResponse:
    """All working hours, and the test of a date by a link that can be shared."""
    today = timezone.localdate()
    asked = {"calendar", "start", "hours"} <= request.GET.keys()
    form = TryDateForm(request.GET if asked else None, initial=_example(today))
    explanation, problem = _tried(form) if asked else (None, "")
    context = {
        "calendars": [
            _shown(calendar, today.isoformat()) for calendar in Calendar.objects.order_by("name", "id")
        ],
        "try_form": form,
        "explanation": explanation,
        "problem": problem,
        "arithmetic": in_words(explanation, gettext=_).splitlines() if explanation else [],
        "may_change": access.may_change_hours(request.user),
    }
    return render(request, "sla/working_hours.html", context)


def new_hours(request: AuthenticatedRequest) -> HttpResponse:
    access.require_keeper_of_hours(request.user)
    return _edit(request, None)


def hours(request: AuthenticatedRequest, calendar_id: int) -> HttpResponse:
    return _edit(request, access.get_calendar_to_change(request.user, calendar_id))


def _edit(request: AuthenticatedRequest, calendar: Calendar | None) -> HttpResponse:
    today = timezone.localdate()
    asked = HolidaysForm(
        request.GET if "country" in request.GET else None,
        today=today,
        country=calendar.country if calendar else "",
    )
    form = HoursForm(request.POST or None, calendar=calendar, proposals=asked.proposals())
    if request.method == "POST" and form.is_valid() and form.save(by=request.user, at=timezone.now()):
        messages.success(request, _("Saved. Clocks already running keep the old hours."))
        return redirect("sla:working_hours")
    context = {
        "form": form,
        "calendar": calendar,
        "asked": asked,
        "zones": sorted(
            zone for zone in available_timezones() if zone.startswith(("Europe/", "America/", "Asia/"))
        ),
    }
    return render(request, "sla/hours.html", context, status=422 if form.errors else 200)


def _shown(calendar: Calendar, today: str) -> Shown:
    version = calendar.current
    days = [(_(WEEKDAYS[day]), as_text(version.week.get(str(day), []))) for day in range(7)]
    coming = [
        (date.fromisoformat(day), told.get("name", ""), as_text(told["intervals"]))
        for day, told in sorted(version.overrides.items())
        if day >= today
    ]
    return Shown(calendar, version, days, coming[:12])


def _example(today: date) -> dict[str, object]:
    """The next Friday afternoon: the case that people get wrong by hand."""
    friday = today + timedelta(days=(4 - today.weekday()) % 7)
    return {
        "calendar": Calendar.objects.order_by("name", "id").first(),
        "start": f"{friday:%Y-%m-%d}T16:30",
        "hours": 4,
    }


def _tried(form: TryDateForm) -> tuple[Explanation | None, str]:
    if not form.is_valid():
        return None, ""
    version = form.cleaned_data["calendar"].current
    start = form.cleaned_data["start"].replace(tzinfo=ZoneInfo(version.zone))
    seconds = round(form.cleaned_data["hours"] * 3600)
    try:
        return explain(version.business_calendar(), start, seconds, day_names=version.day_names()), ""
    except NoOpenTime:
        return None, _("These working hours have no open time in the 366 days after that moment.")
