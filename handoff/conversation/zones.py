"""The reader's own time zone, where two people in different ones agree on a time."""

from __future__ import annotations

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

from smarketing.accounts.models import User


def zone_of(person: User) -> tzinfo:
    """His own, else the company's."""
    try:
        return ZoneInfo(person.time_zone) if person.time_zone else timezone.get_default_timezone()
    except (ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()


def local(moment: datetime, person: User) -> datetime:
    return moment.astimezone(zone_of(person))


def zone_words(person: User) -> str:
    """Named only when it is not the company's."""
    return person.time_zone.replace("_", " ") if person.time_zone else ""
