"""How many hand-offs sales can take: what it promised for a month, spread over the days that each colleague works, less what still waits.

Both teams see the same plan, and marketing is told before it hands over more. `planned` is pure; `plan` reads what it needs.

The rule, in words: a colleague's part of the month (his agreed share, else by the days he works in a week) is spread evenly over
his working days of that month. Days of leave bring nothing. What waits for its first contact is done first, and what does not fit in a
week waits for the next. Whatever the days allow, a month never brings more than was promised for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.dispatch import receiver
from django.utils import timezone

from handoff import presence, signals
from handoff.models import BEFORE_CONTACT, Handoff, HandoffRules, State
from handoff.routing.reading import FULL_WEEK, Staff, share_of, staff, start_of_day
from handoff.rules import in_force
from smarketing.accounts.models import Absence, User
from smarketing.remembering import forget, remembered

WEEKS = 6
ROOM = "room-this-week"
Works = Callable[[date], bool]


@dataclass(frozen=True)
class Rep:
    """What the plan knows of a colleague: his part of a month, when he works, which days he is away, what waits for him."""

    id: int
    weight: float
    works: Works
    away: frozenset[date] = frozenset()
    waiting: int = 0


@dataclass(frozen=True)
class RepWeek:
    days: int  # on which he works
    away: int  # working days on which he is away
    waiting: int  # what waits for its first contact when the week begins
    room: int  # new hand-offs that he can take


@dataclass(frozen=True)
class Week:
    monday: date
    reps: Mapping[int, RepWeek]
    room: int  # what sales can take
    waiting: int
    days: int
    away: int

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week


@dataclass(frozen=True)
class Plan:
    people: Sequence[User]
    weeks: Sequence[Week]
    promised: int | None  # for a month; None: nothing was promised, so there is no plan
    received: int  # this month so far
    waiting: Mapping[int | None, int]  # per colleague; None: the pool

    @property
    def this_week(self) -> Week | None:
        return self.weeks[0] if self.weeks else None

    @property
    def next_week(self) -> Week | None:
        return self.weeks[1] if len(self.weeks) > 1 else None


def planned(
    reps: Sequence[Rep], *, promised: int, received: int, in_pool: int, today: date, weeks: int = WEEKS
) -> list[Week]:
    """Week by week from the one of `today`; of that week only the days from today on count."""
    total = sum(rep.weight for rep in reps) or 1.0
    waiting: dict[int, float] = {rep.id: float(rep.waiting) for rep in reps}
    pool = float(in_pool)
    left_of_month = {today.replace(day=1): float(max(0, promised - received))}
    paces: dict[tuple[int, date], float] = {}
    monday, result = today - timedelta(days=today.weekday()), []
    for number in range(weeks):
        first = monday + timedelta(weeks=number)
        rows, room, ahead = {}, 0.0, int(sum(waiting.values()) + pool + 0.5)
        by_month: dict[date, float] = {}
        for rep in reps:
            days = [day for day in _days(first) if day >= today and rep.works(day)]
            there = [day for day in days if day not in rep.away]
            able = 0.0
            for day in there:
                pace = _pace(rep, day, promised * rep.weight / total, paces)
                able += pace
                by_month[day.replace(day=1)] = by_month.get(day.replace(day=1), 0.0) + pace
            done = min(able, waiting[rep.id])
            rows[rep.id] = RepWeek(
                len(there), len(days) - len(there), int(waiting[rep.id] + 0.5), _whole(able - done)
            )
            waiting[rep.id] -= done
            room += able - done
        from_pool = min(room, pool)
        pool, room = pool - from_pool, room - from_pool
        room = _within_promise(room, by_month, left_of_month, promised)
        result.append(
            Week(
                first,
                rows,
                _whole(room),
                ahead,
                sum(row.days for row in rows.values()),
                sum(row.away for row in rows.values()),
            )
        )
    return result


def plan(rules: HandoffRules, *, at: datetime, weeks: int = WEEKS, known: Staff | None = None) -> Plan:
    """The plan as of `at`. As many queries for two colleagues as for two hundred."""
    known = known or staff(at)
    people = known.people
    waiting = _waiting(people)
    received = _received_this_month(at)
    if rules.capacity_per_month is None:
        return Plan(people, [], None, received, waiting)
    today = timezone.localdate(at)
    hours, away = known.hours, _days_away(people, today, weeks)
    any_share = any(share_of(person.pk, rules) for person in people)
    rows = [
        Rep(
            id=person.pk,
            weight=share_of(person.pk, rules) if any_share else len(person.own_week) or FULL_WEEK,
            works=_works(hours.get(person.pk)),
            away=away.get(person.pk, frozenset()),
            waiting=waiting.get(person.pk, 0),
        )
        for person in people
    ]
    found = planned(
        rows,
        promised=rules.capacity_per_month,
        received=received,
        in_pool=waiting.get(None, 0),
        today=today,
        weeks=weeks,
    )
    return Plan(people, found, rules.capacity_per_month, received, waiting)


def room_this_week(rules: HandoffRules, *, at: datetime, known: Staff | None = None) -> int | None:
    """How many more sales can take this week; None when it promised no number."""
    if rules.capacity_per_month is None:
        return None
    week = plan(rules, at=at, weeks=1, known=known).this_week
    return week.room if week else None


def room_lately(*, at: datetime) -> int | None:
    """The same by the rules in force, for the page that is opened for every lead: at most PLANNING_SECONDS old, and anew once a hand-off is sent."""
    (room,) = remembered(
        ROOM, lambda: (room_this_week(in_force(at), at=at),), seconds=settings.PLANNING_SECONDS
    )
    return room


@receiver(signals.handoff_sent)
def count_room_anew(**_about: Any) -> None:
    transaction.on_commit(lambda: forget(ROOM))


# Mechanics


def _days(monday: date) -> list[date]:
    return [monday + timedelta(days=number) for number in range(7)]


def _pace(rep: Rep, day: date, part: float, paces: dict[tuple[int, date], float]) -> float:
    """What one working day of that month brings."""
    month = day.replace(day=1)
    if (rep.id, month) not in paces:
        end = (month + timedelta(days=32)).replace(day=1)
        days = sum(rep.works(month + timedelta(days=number)) for number in range((end - month).days))
        paces[rep.id, month] = part / days if days else 0.0
    return paces[rep.id, month]


def _within_promise(
    room: float, by_month: Mapping[date, float], left: dict[date, float], promised: int
) -> float:
    """No more than is left of what was promised for the months in which the days lie."""
    able, allowed = sum(by_month.values()) or 1.0, 0.0
    for month, pace in sorted(by_month.items()):
        part = min(room * pace / able, left.setdefault(month, promised))
        left[month] -= part
        allowed += part
    return allowed


def _whole(number: float) -> int:
    return int(number + 1e-9)


def _works(hours: presence.Hours | None) -> Works:
    return hours.is_working_day if hours else lambda day: day.weekday() < FULL_WEEK


def _waiting(people: Iterable[User]) -> dict[int | None, int]:
    """What waits for its first contact, per colleague; under None what lies in the pool."""
    mine = Q(receiver__in=[person.pk for person in people]) | Q(receiver=None)
    rows = Handoff.objects.filter(mine, state__in=BEFORE_CONTACT).order_by()
    return dict(rows.values_list("receiver").annotate(number=Count("*")))


def _received_this_month(at: datetime) -> int:
    """What sales got this month, by hand-off; what it gave back does not count."""
    month = start_of_day(at).replace(day=1)
    received = Handoff.objects.standing().filter(sent_at__gte=month, sent_at__lte=at)
    return received.exclude(state=State.RETURNED).count()


def _days_away(people: Iterable[User], today: date, weeks: int) -> dict[int, frozenset[date]]:
    """The days on which somebody is away at noon, from today to the end of the plan."""
    zone = timezone.get_default_timezone()
    first = today - timedelta(days=today.weekday())
    days = [first + timedelta(days=number) for number in range(7 * weeks)]
    noons = {day: datetime(day.year, day.month, day.day, 12, tzinfo=zone) for day in days}
    away: dict[int, set[date]] = {}
    rows: Any = Absence.objects.filter(
        user__in=[person.pk for person in people], ends_at__gt=noons[days[0]], starts_at__lte=noons[days[-1]]
    )
    for user, starts, ends in rows.values_list("user", "starts_at", "ends_at"):
        away.setdefault(user, set()).update(day for day, noon in noons.items() if starts <= noon < ends)
    return {user: frozenset(found) for user, found in away.items()}
