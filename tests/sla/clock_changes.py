"""When the clocks of many zones change: where working time goes wrong, so where the random tests look."""

from datetime import UTC, datetime, timedelta
from functools import cache
from math import gcd
from zoneinfo import ZoneInfo

ZONES = [
    "UTC",
    "Europe/Amsterdam",
    "Europe/Dublin",
    "America/New_York",
    "America/St_Johns",  # half an hour; until 2011 changed at a minute past midnight
    "America/Havana",  # skips midnight
    "America/Sao_Paulo",
    "America/Scoresbysund",
    "Atlantic/Azores",
    "Africa/Casablanca",  # goes back for Ramadan
    "Africa/Cairo",
    "Asia/Kolkata",
    "Asia/Kathmandu",  # a quarter of an hour
    "Asia/Tehran",
    "Antarctica/Troll",  # changes by two hours
    "Australia/Lord_Howe",  # changes by half an hour
    "Pacific/Apia",  # had no 30 December 2011
    "Pacific/Chatham",
    "Pacific/Kwajalein",  # had no 21 August 1993
]
FIRST = datetime(1993, 1, 1, tzinfo=UTC)
LAST = datetime(2030, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@cache
def changes_of(zone):
    """The instants at which the zone's offset changes, in order."""
    changes = []
    for number in range((LAST - FIRST) // DAY):
        before, after = FIRST + number * DAY, FIRST + (number + 1) * DAY
        if _offset(zone, before) != _offset(zone, after):
            while after - before > SECOND:
                middle = before + (after - before) // SECOND // 2 * SECOND
                before, after = (
                    (middle, after) if _offset(zone, middle) == _offset(zone, before) else (before, middle)
                )
            changes.append(after)
    return changes


def step_for(zone, week, overrides, begin, end):
    """The longest step of at most a quarter of an hour that divides every edge and every change near the stretch."""
    step = 900
    for intervals in (*week.values(), *overrides.values()):
        for text in (text for interval in intervals for text in interval):
            hours, minutes, seconds = ([int(part) for part in text.split(":")] + [0])[:3]
            step = gcd(step, hours * 3600 + minutes * 60 + seconds)
    for change in changes_of(zone):
        if begin - 4 * DAY < change < end + 4 * DAY:
            step = gcd(step, int(change.timestamp()))
    return step


def _offset(zone, at):
    return at.astimezone(ZoneInfo(zone)).utcoffset()
