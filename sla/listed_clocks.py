"""The clocks of a long list with what their chips read: their calendars, why they are held, and hours that they share."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from sla import chips
from sla.models import CalendarVersion, Clock, Pause
from smarketing.prepared import Prepared

READ = frozenset(  # by chips and by who makes them
    "id handoff_id measure calendar_version_id state warn_seconds started_at due_at warn_at "
    "remaining_seconds resumes_at stopped_at worked_seconds cleared_at".split()
)
COLUMNS = [field.attname for field in Clock._meta.concrete_fields if field.attname in READ]
CALENDARS = Prepared(lambda ids: CalendarVersion.objects.filter(pk__any_of=ids), ids=list)
PAUSES = Prepared(lambda ids: Pause.objects.filter(clock__any_of=ids).order_by("id"), ids=list)
Hours = dict[str, list[list[int]]]  # working intervals in seconds since 1970, by calendar version


def clock_from(row: Mapping[str, Any], prefix: str = "") -> Clock | None:
    """The clock in these columns, whose names begin with `prefix`; None where an outer join found none. It knows what a chip reads."""
    if row[f"{prefix}id"] is None:
        return None
    clock: Clock = Clock.from_db(DEFAULT_DB_ALIAS, READ, [row[name] for name in _named(prefix)])
    return clock


@cache
def _named(prefix: str) -> list[str]:
    return [f"{prefix}{name}" for name in COLUMNS]


def complete(clocks: Sequence[Clock]) -> None:
    """A chip can be made of each without asking again. One query for all, one more where clocks are held or were."""
    wanted = {clock.calendar_version_id for clock in clocks}
    versions = {version.pk: version for version in (CALENDARS.objects(ids=list(wanted)) if wanted else [])}
    for clock in clocks:
        clock.calendar_version = versions[clock.calendar_version_id]
    know_pauses(clocks)


def know_pauses(clocks: Sequence[Clock]) -> None:
    """Those whose status is worked out from their pauses know them. One query, or none."""
    pauses: dict[int, list[Pause]] = {clock.pk: [] for clock in clocks if clock.asks_for_pauses}
    for pause in PAUSES.objects(ids=list(pauses)) if pauses else []:
        pauses[pause.clock_id].append(pause)
    for clock in clocks:
        if clock.pk in pauses:
            clock.know_pauses(pauses[clock.pk])


def shared_hours(clocks: Iterable[Clock], now: datetime) -> Hours:
    """The working hours from the first due moment to past the last, once for all clocks of one calendar."""
    ticking: dict[int, list[Clock]] = {}
    for clock in clocks:
        if chips.is_near(clock, now):
            ticking.setdefault(clock.calendar_version_id, []).append(clock)
    return {str(pk): chips.intervals_for(some, now) for pk, some in ticking.items()}


def as_json(hours: Hours) -> dict[str, str]:
    return {pk: json.dumps(intervals, separators=(",", ":")) for pk, intervals in hours.items()}
