"""A lead becomes hot, or no longer is, after it was handed over: the same start, the pauses kept, another target."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from sla import clocks, moving
from sla.models.clock import OPEN_STATES, Clock
from sla.models.clock_event import ClockEvent, ClockEventKind
from sla.models.term import Term

if TYPE_CHECKING:
    from handoff.models import Handoff
    from smarketing.accounts.models import User


@transaction.atomic
def reclass(clock: Clock, term: Term, reason: str, *, by: User | None, at: datetime) -> ClockEvent | None:
    """It measures another promise of the same agreement from now on. None when it is finished, or measures that one already."""
    clock.lock(at)
    if clock.state not in OPEN_STATES or clock.term_id == term.pk:
        return None
    return moving.move(
        clock,
        ClockEventKind.RECLASSED,
        reason,
        by=by,
        at=at,
        term=term,
        target_seconds=term.target_seconds,
    )


def reclass_for(handoff: Handoff, reason: str, *, by: User | None, at: datetime) -> list[ClockEvent]:
    """Every open clock of the hand-off measures what the agreement promises for its class as it is now."""
    moved = []
    running = Clock.objects.filter(handoff=handoff).open().select_related("agreement", "calendar_version")
    for clock in running.order_by("id"):
        promised = dict(clocks.measured_terms(clock.agreement.terms.all(), hot=handoff.hot))
        term = promised.get(clocks.Measure(clock.measure))
        event = reclass(clock, term, reason, by=by, at=at) if term else None
        if event:
            moved.append(event)
    return moved
