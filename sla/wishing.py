"""When a mail may go to somebody: his pace for the topic, his quiet hours, and for warnings his working hours."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.utils import timezone

from sla.at_work import hours_of
from sla.business_time import NoOpenTime
from sla.models.notice import Notice, NoticeKind
from sla.models.wishes import USUAL, Pace, Wishes
from smarketing.accounts.models import User

DAILY_AT = time(8)


def without_mail(topic: str) -> list[int]:
    """Who wants nothing of this topic by mail."""
    return list(Wishes.objects.filter(paces__contains={topic: Pace.NEVER}).values_list("user_id", flat=True))


class Moments:
    """For one round of mail: wishes and working hours of these people, read once."""

    def __init__(self, people: Collection[User]) -> None:
        self.wishes = {wish.user_id: wish for wish in Wishes.objects.filter(user__in=people)}
        self.hours = hours_of(people)

    def of(self, notice: Notice) -> datetime:
        """When the first try may be made."""
        person, kind = notice.recipient, NoticeKind(notice.kind)
        assert person
        wish = self.wishes.get(person.pk)
        zone = ZoneInfo(person.time_zone) if person.time_zone else timezone.get_default_timezone()
        pace = wish.pace(kind.topic) if wish else USUAL[kind.topic]
        moment = together(notice.created_at, pace, zone)
        if pace == Pace.DAILY:
            moment = self._on_a_working_day(person, moment, zone)
        if kind == NoticeKind.WARNED and (wish is None or wish.warn_at_work):
            moment = self._opening(person, moment)
        if wish and wish.quiet_from and wish.quiet_to:
            moment = after_quiet(moment, wish.quiet_from, wish.quiet_to, zone)
        return moment

    def _on_a_working_day(self, person: User, moment: datetime, zone: tzinfo) -> datetime:
        """What is told together can wait for Monday; after a week without a working day it waits no longer."""
        hours, morning = self.hours.get(person.pk), moment.astimezone(zone).date()
        days = [morning + timedelta(days=later) for later in range(8)]
        working = [day for day in days if hours is None or hours.is_working_day(day)]
        return datetime.combine(working[0], DAILY_AT, tzinfo=zone) if working else moment

    def _opening(self, person: User, moment: datetime) -> datetime:
        hours = self.hours.get(person.pk)
        try:
            return moment if hours is None or hours.is_open(moment) else hours.next_opening(moment)
        except NoOpenTime:
            return moment


def together(moment: datetime, pace: str, zone: tzinfo) -> datetime:
    """At once, at the next full hour, or at the next morning."""
    if pace == Pace.HOURLY:
        return moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if pace == Pace.DAILY:
        local = moment.astimezone(zone)
        day = local.date() if local.time() < DAILY_AT else local.date() + timedelta(days=1)
        return datetime.combine(day, DAILY_AT, tzinfo=zone)
    return moment


def after_quiet(moment: datetime, start: time, end: time, zone: tzinfo) -> datetime:
    """The same moment, or the end of the quiet hours in which it lies."""
    local = moment.astimezone(zone)
    now, day = local.time(), local.date()
    if start == end:
        return moment
    if start < end:
        return datetime.combine(day, end, tzinfo=zone) if start <= now < end else moment
    if now >= start:
        return datetime.combine(day + timedelta(days=1), end, tzinfo=zone)
    return datetime.combine(day, end, tzinfo=zone) if now < end else moment
