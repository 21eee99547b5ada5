"""When colleagues work, told to the rooms below: the calendar of their side in the agreement, or the week that they keep themselves."""

from __future__ import annotations

from collections.abc import Iterable

from handoff.presence import Hours
from sla.models import Agreement, CalendarVersion
from smarketing.accounts.models import Side, User


def hours_of(people: Iterable[User]) -> dict[int, Hours]:
    """Two queries. Who stands beside the teams, and everybody before the first agreement, works at all hours."""
    agreement = Agreement.objects.select_related("marketing_calendar", "sales_calendar").in_force()
    if agreement is None:
        return {}
    of_side: dict[str, CalendarVersion] = {}
    hours: dict[int, Hours] = {}
    for person in people:
        if person.side is None:
            continue
        if person.side not in of_side:
            of_side[person.side] = agreement.calendar_of(Side(person.side)).current
        hours[person.pk] = _own(person, of_side[person.side]).business_calendar()
    return hours


def _own(person: User, team: CalendarVersion) -> CalendarVersion:
    """His own week in the zone of his team; its closed days are his too."""
    if not person.own_week:
        return team
    closed = {day: told for day, told in team.overrides.items() if not told["intervals"]}
    return CalendarVersion(zone=team.zone, week=person.own_week, overrides=closed)
