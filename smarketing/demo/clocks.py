"""What people did with clocks of the demo company lately: one is paused, one disputed, one left as it was, one void; and open ones were recomputed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from django.utils import timezone

from sla import disputing, holding, recomputing, voiding
from sla.models import Calendar, Clock, ClockState, Decision, PauseReason, RecomputeScope
from smarketing.demo import desk
from smarketing.demo.cast import Cast

ASKED_FOR_A_DATE = ("Sofie", "Declercq", "BE", "Brugge", 0.4, 0)
DAY_OF_WORK = 8 * 3_600
DRILL = timedelta(minutes=30)


def act(cast: Cast, office: Calendar, dice: Random, now: datetime) -> None:
    """Everything here has been decided within the last day."""
    _pause(cast, office, dice, now)
    _disagree(cast, now)
    _close_for_a_drill(cast, office, now)


def _pause(cast: Cast, office: Calendar, dice: Random, now: datetime) -> None:
    """She is at a fair and asked to be called two working days later."""
    rep = cast.reps[0]
    handoff = desk.hand_over(ASKED_FOR_A_DATE, 20, rep, cast.marketers[0], dice, now)
    until = office.current.business_calendar().due_after(now, 2 * DAY_OF_WORK)
    asked = PauseReason.LEAD_ASKED_FOR_DATE
    holding.hold(handoff, asked, until=until, by=rep, at=now - timedelta(minutes=15))


def _disagree(cast: Cast, now: datetime) -> None:
    """Three late first contacts: one waits for the answer of marketing, one stays as it is, one counts for nobody."""
    yesterday = now - timedelta(days=1)
    late = Clock.objects.of_first_contact().stopped_late().filter(stopped_at__lt=yesterday, disputes=None)
    clocks = list(late.order_by("-stopped_at", "-id")[:3])
    if len(clocks) < 3:
        return
    waits, stays, void = clocks
    sales, marketing = cast.sales_lead, cast.marketing_lead
    disputing.dispute(
        stays, "He had our number and did not call back", by=sales, at=now - timedelta(hours=20)
    )
    disputing.answer(
        stays.disputes.get(),
        Decision.REJECTED,
        "The promise is that we call, not he",
        by=marketing,
        at=now - timedelta(hours=3),
    )
    voiding.void(
        void, "A colleague filled in our own form to try it", by=marketing, at=now - timedelta(hours=2)
    )
    disputing.dispute(
        waits, "The brief had the number of the reception only", by=sales, at=now - timedelta(hours=1)
    )


def _close_for_a_drill(cast: Cast, office: Calendar, now: datetime) -> None:
    """A fire drill closes the office for half an hour before something is due; what runs is recomputed for it."""
    due = [at for at in _due_moments(now) if _may_be_closed(timezone.localtime(at))]
    if not due:
        return
    begins = timezone.localtime(due[-1]) - timedelta(minutes=15)
    begins = begins.replace(minute=begins.minute // 15 * 15, second=0, microsecond=0)
    at = now - timedelta(minutes=4)
    current = office.current
    office.revise(
        zone=current.zone,
        week=current.week,
        overrides={**current.overrides, begins.date().isoformat(): _hours_around(begins)},
        by=cast.sales_lead,
        at=at,
    )
    run = recomputing.count(RecomputeScope.HOURS, by=cast.sales_lead, at=at)
    recomputing.confirm(run, "Fire drill: everybody is outside.", by=cast.sales_lead, at=at)


def _due_moments(now: datetime) -> list[datetime]:
    running = Clock.objects.filter(state=ClockState.RUNNING, due_at__gt=now + DRILL)
    return [clock.due_at for clock in running.order_by("due_at", "id") if clock.due_at]


def _may_be_closed(due: datetime) -> bool:
    """So far from opening and closing that there are hours on both sides of the drill."""
    return time(10) <= due.time() <= time(16)


def _hours_around(begins: datetime) -> dict[str, object]:
    ends = begins + DRILL
    return {
        "name": "Fire drill",
        "intervals": [["09:00", f"{begins:%H:%M}"], [f"{ends:%H:%M}", "17:00"]],
    }
