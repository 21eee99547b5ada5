"""Which instant a local time means, in a zone that skips some and repeats others. Pure, like `sla.business_time`.

Local times and instants are seconds since 1970 here, the first as the wall clock shows them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sla.instants import EPOCH
from sla.opening_hours import InvalidCalendar, gettext_noop


def zone_named(name: str) -> ZoneInfo:
    """Raises InvalidCalendar for a name that nobody knows."""
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidCalendar(gettext_noop("%(zone)r is not a known time zone."), zone=name) from error


def opens_at(local: int, zone: ZoneInfo) -> int:
    """The first instant at which the wall clock shows this local time, or has skipped it."""
    first, second = _readings(local, zone)
    return _end_of_gap(local, second, first, zone) if first > second else first


def closes_at(local: int, zone: ZoneInfo) -> int:
    """The last instant at which the wall clock shows this local time, or the first at which it has skipped it."""
    first, second = _readings(local, zone)
    return _end_of_gap(local, second, first, zone) if first > second else second


# Mechanics


def _readings(local: int, zone: ZoneInfo) -> tuple[int, int]:
    """The local time read with the offset before and after a change; the same instant twice if there is none."""
    clock = datetime(1970, 1, 1, tzinfo=zone) + timedelta(seconds=local)
    before, after = clock.utcoffset(), clock.replace(fold=1).utcoffset()
    assert before is not None
    assert after is not None
    return local - int(before.total_seconds()), local - int(after.total_seconds())


def _end_of_gap(local: int, before: int, after: int, zone: ZoneInfo) -> int:
    """The first instant whose wall clock is past a local time that the zone skips; between the two readings."""
    while after - before > 1:
        middle = (before + after) // 2
        offset = (EPOCH + timedelta(seconds=middle)).astimezone(zone).utcoffset()
        assert offset is not None
        if middle + int(offset.total_seconds()) >= local:
            after = middle
        else:
            before = middle
    return after
