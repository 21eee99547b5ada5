"""Working time that finished clocks took, for those that stopped before it was kept (`manage.py fill_worked_seconds`)."""

from __future__ import annotations

from sla.models import Clock, ClockState
from sla.stopping import worked

BATCH = 1_000


def fill(*, batch: int = BATCH) -> int:
    """How many were filled. In batches of their own, so that it may be ended and started again at any moment."""
    filled = 0
    while rows := _waiting(batch):
        for clock in rows:
            assert clock.stopped_at is not None
            clock.worked_seconds = worked(clock, clock.stopped_at)
        Clock.objects.bulk_update(rows, ["worked_seconds"])
        filled += len(rows)
    return filled


def _waiting(batch: int) -> list[Clock]:
    stopped = Clock.objects.filter(state=ClockState.STOPPED, worked_seconds=None)
    return list(stopped.select_related("calendar_version").prefetch_related("pauses").order_by("id")[:batch])
