"""Moments as whole numbers: microseconds since 1970 in UTC. Days are counted from 1970-01-01. Pure, like `sla.business_time`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from sla.opening_hours import DAY

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.date().toordinal()
SECOND = 1_000_000


class NaiveMoment(ValueError):
    """A datetime without time zone could mean any instant, so it is refused."""


def instant_of(moment: datetime) -> int:
    """Raises NaiveMoment."""
    try:
        since = moment - EPOCH
    except TypeError as error:
        raise NaiveMoment(f"{moment!r} has no time zone.") from error
    return (since.days * DAY + since.seconds) * SECOND + since.microseconds


def moment_of(instant: int) -> datetime:
    """In UTC."""
    return EPOCH + timedelta(microseconds=instant)


def day_of(on: date) -> int:
    return on.toordinal() - EPOCH_DAY


def dates_between(first: date, last: date) -> Iterator[date]:
    """From the first to the last, both included."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
