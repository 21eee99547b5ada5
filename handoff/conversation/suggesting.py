"""When two colleagues could have a coffee: a moment on each of the coming days on which both work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from handoff import presence
from handoff.conversation.coffee import MOST_TIMES
from smarketing.accounts.models import Absence, User

STEP = timedelta(minutes=30)
NOTICE = timedelta(hours=1)  # nobody is asked for a talk that begins at once
LONG_ENOUGH = timedelta(minutes=30)
DAYS = 14


def times(people: Sequence[User], *, at: datetime) -> list[datetime]:
    """At most MOST_TIMES whole or half hours, each on another day, when all of them work and nobody is away; empty within DAYS without any."""
    hours, absences = presence.hours_of(people), _absences(people, at)
    found: list[datetime] = []
    for moment in _half_hours(at + NOTICE):
        if len(found) == MOST_TIMES:
            break
        if found and _day(moment) == _day(found[-1]):
            continue
        end = moment + LONG_ENOUGH
        if any(starts < end and moment < ends for starts, ends in absences):
            continue
        if all(_works(hours.get(person.pk), moment) for person in people):
            found.append(moment)
    return found


# Mechanics


def _half_hours(start: datetime) -> Iterator[datetime]:
    first = start.replace(minute=0, second=0, microsecond=0)
    while first < start:
        first += STEP
    return (first + STEP * number for number in range(DAYS * 48))


def _works(hours: presence.Hours | None, moment: datetime) -> bool:
    """Whose hours nobody keeps is thought to work from nine to five on weekdays."""
    if hours is not None:
        return hours.is_open(moment) and hours.is_open(moment + LONG_ENOUGH - timedelta(minutes=1))
    there = timezone.localtime(moment)
    return there.weekday() < 5 and 9 <= there.hour < 17


def _absences(people: Sequence[User], at: datetime) -> list[tuple[datetime, datetime]]:
    rows = Absence.objects.filter(user__in=people, ends_at__gt=at, starts_at__lt=at + timedelta(days=DAYS))
    return list(rows.values_list("starts_at", "ends_at"))


def _day(moment: datetime) -> int:
    return timezone.localtime(moment).toordinal()
