"""What time it is where the lead is, when that differs from here: nobody likes to be called before breakfast.

The zone is the fact `time_zone` where somebody knows it, else that of the country; in a country with several zones that
of the city when its name says so, and otherwise nothing is said: a wrong hour is worse than none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.core import get_global
from django.utils import timezone
from django.utils.translation import gettext as _

from smarketing.words import working_duration

FACT = "time_zone"
CALLING_HOURS = (8, 20)
DAY, NONE = 24 * 3600, timedelta()
# Where nearly everybody lives in one of a country's zones.
MOSTLY = {
    "AR": "America/Argentina/Buenos_Aires",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}


@dataclass(frozen=True)
class LocalTime:
    """The moment on the lead's clock on the wall, without a zone: it is only read."""

    at: datetime
    ahead: timedelta  # of our clock; behind it when negative

    @property
    def is_for_calling(self) -> bool:
        first, end = CALLING_HOURS
        return first <= self.at.hour < end

    @property
    def difference(self) -> str:
        """ "6 h earlier than here": what stays true on paper."""
        span = {"span": working_duration(abs(self.ahead.total_seconds()), DAY)}
        return (
            _("%(span)s later than here") if self.ahead > NONE else _("%(span)s earlier than here")
        ) % span


def there(now: datetime, *, zone: object = None, country: str = "", city: str = "") -> LocalTime | None:
    """None where the clock says the same as ours, or nobody knows what it says."""
    name = zone if isinstance(zone, str) and zone else zone_of(country, city)
    known = _zone(name) if name else None
    if known is None:
        return None
    local, here = now.astimezone(known), timezone.localtime(now)
    ahead = local.replace(tzinfo=None) - here.replace(tzinfo=None)
    return LocalTime(local.replace(tzinfo=None), ahead) if ahead else None


@lru_cache(maxsize=4096)
def zone_of(country: str, city: str = "") -> str:
    """The name of the zone; empty when it cannot be told."""
    zones = _zones_by_country().get(country.strip().upper(), [])
    if len(zones) == 1:
        return zones[0]
    named = city.strip().lower().replace(" ", "_")
    by_city = [zone for zone in zones if named and zone.rpartition("/")[2].lower() == named]
    return by_city[0] if by_city else MOSTLY.get(country.strip().upper(), "")


@lru_cache(maxsize=1)
def _zones_by_country() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    aliases = get_global("zone_aliases")
    for zone, country in get_global("zone_territories").items():
        if zone not in aliases:
            found.setdefault(country, []).append(zone)
    return found


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not a zone, or not a name at all
        return None
