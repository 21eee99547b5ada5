"""The last rung: a lead that nobody called, although everybody was told, goes back to the pool."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handoff.models import Handoff
from sla import notices
from sla.ladder import STEPS_OF_A_LIFT, audience, steps
from sla.models import Clock, ClockEventKind, EventNote, Rung


@transaction.atomic
def give_to_pool(clock_id: int, *, at: datetime) -> int:
    """The rung is climbed, once, and the hand-off is in the pool; 0 when somebody was faster. Lead, hand-off and clock in the usual order."""
    handoff = Handoff.objects.select_related("receiver").get(clocks=clock_id)
    handoff._lock_lead()
    clock = Clock.objects.select_related("agreement", "calendar_version").get(pk=clock_id)
    clock.lock(at)
    if not _is_at_the_pool(clock, at):
        return 0
    step, moment = clock.ladder_step + 1, clock.ladder_at[clock.ladder_step]
    moved = handoff.put_back(by=None, at=at)
    clock.lock(at)
    lifted = clock.events.filter(kind=ClockEventKind.LIFTED).count()
    event = clock.record(
        ClockEventKind.ESCALATED,
        happened_at=moment,
        at=at,
        note=EventNote.TO_THE_POOL if moved else EventNote.NOT_TO_THE_POOL,
        step=STEPS_OF_A_LIFT * lifted + step,
    )
    clock.write(ladder_step=step)
    clock.write(next_check_at=clock.next_moment())
    if moved:
        notices.tell(event, clock, audience(at).people[Rung.TEAM_LEAD][clock.team_id], at=at)
    return 1


def _is_at_the_pool(clock: Clock, at: datetime) -> bool:
    rungs, step = steps(clock.agreement.ladder), clock.ladder_step
    return bool(
        clock.is_overdue(at)
        and clock.breached_at
        and step < min(len(rungs), len(clock.ladder_at))
        and rungs[step].who == Rung.POOL
        and clock.ladder_at[step] < at
    )
