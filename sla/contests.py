"""A contest does not stay open in silence: after each working day without a decision, those who still have to speak hear of it again.

The day is that of the marketing team's calendar in the agreement, since it is marketing that waits. While the two sides differ, both hear it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from handoff import returning
from handoff.models import Return, ReturnState
from sla.business_time import BusinessCalendar
from sla.models import Agreement, NoticeKind
from sla.notices import announce
from smarketing import words
from smarketing.accounts.models import Side, User

WITHOUT_AN_AGREEMENT = timedelta(days=1)


def remind(*, at: datetime) -> int:
    """Safe twice, and late: days that nobody was told of make one notice. Returns how many people were told."""
    waiting = Return.objects.filter(state=ReturnState.CONTESTED).select_related("handoff").order_by("id")
    calendar = _calendar()
    return sum(_remind(returned, calendar, at=at) for returned in waiting)


def still_to_speak(returned: Return) -> list[User]:
    """Who leads a side that has said nothing; both, when they say different things."""
    silent = set(Side) - set(returning.standing(returned)) or set(Side)
    people = User.objects.active().select_related("team").order_by("id")
    return [person for person in people if any(person.decides_for(side) for side in silent)]


# Mechanics


def _remind(returned: Return, calendar: BusinessCalendar | None, *, at: datetime) -> int:
    days = _days_open(returned, calendar, at)
    if days == 0:
        return 0
    return announce(
        NoticeKind.CONTESTED,
        recipients=still_to_speak(returned),
        key=f"return:{returned.pk}:waits:{days}",
        at=at,
        handoff=returned.handoff,
        text=f"{days} d",
    )


def _days_open(returned: Return, calendar: BusinessCalendar | None, at: datetime) -> int:
    since = returned.settled_at or returned.returned_at
    if calendar is None:
        return (at - since) // WITHOUT_AN_AGREEMENT
    return calendar.elapsed_between(since, at) // (calendar.usual_day() or words.WORKING_DAY)


def _calendar() -> BusinessCalendar | None:
    agreement = Agreement.objects.in_force()
    return agreement.calendar_of(Side.MARKETING).current.business_calendar() if agreement else None
