"""A clock runs on for another holder; each has a segment."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from sla import breaching
from sla.models.clock import OPEN_STATES, Clock
from sla.models.clock_event import ClockEvent, ClockEventKind
from sla.stopping import end_segment

if TYPE_CHECKING:
    from smarketing.accounts.models import User


@transaction.atomic
def reassign(clock: Clock, holder: User | None, *, by: User | None, at: datetime) -> ClockEvent | None:
    """See `Clock.reassign`. Nobody is the pool: then the team answers."""
    clock.lock(at)
    if clock.state not in OPEN_STATES or clock.holder_id == (holder and holder.pk):
        return None
    if clock.is_overdue(at):
        breaching.breach(clock, at=at)
    end_segment(clock, at)
    clock.segments.create(
        holder=holder, from_at=at, answers_for_breach=clock.working_seconds_left(at) >= enough(clock)
    )
    clock.write(holder=holder)
    return clock.record(ClockEventKind.REASSIGNED, happened_at=at, at=at, by=by)


def enough(clock: Clock) -> int:
    """With this much left a new holder answers for a breach; of a shorter promise, with all of it."""
    return min(clock.agreement.minimum_left_minutes * 60, clock.target_seconds)
