"""Who is there to call in the four weeks to come: reps of sales, their working days, their leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from handoff.routing.reading import reps
from sla.business_time import BusinessCalendar
from sla.calculator.limits import Staffing
from sla.models import Agreement
from smarketing.accounts.models import Absence, Side

AHEAD = 28
MONTH = 365.25 / 12
HOURS_A_DAY = 3.0  # for leads, until somebody says otherwise


def in_a_month(agreement: Agreement | None, *, at: datetime) -> Staffing:
    """The coming four weeks, as a month of them. Without an agreement Monday to Friday are the working days."""
    people = [person.pk for person in reps(at)]
    calendar = agreement.calendar_of(Side.SALES).current.business_calendar() if agreement else None
    today = timezone.localdate(at)
    working = [day for day in _days(today) if _works(calendar, day)]
    month = MONTH / AHEAD
    away = _days_away(people, working, at)
    return Staffing(len(people), round(len(working) * month, 1), round(away * month, 1), HOURS_A_DAY)


def _days_away(people: list[int], working: list[date], at: datetime) -> int:
    """Working days on which somebody is away, each once per colleague."""
    leave = Absence.objects.filter(
        user__in=people, ends_at__gt=at, starts_at__lt=at + timedelta(days=AHEAD + 1)
    )
    missed = set()
    for absence in leave:
        first, last = timezone.localdate(absence.starts_at), absence.last_day
        missed |= {(absence.user_id, day) for day in working if first <= day <= last}
    return len(missed)


def _days(today: date) -> Iterator[date]:
    return (today + timedelta(days=number) for number in range(AHEAD))


def _works(calendar: BusinessCalendar | None, day: date) -> bool:
    return calendar.is_working_day(day) if calendar else day.weekday() < 5
