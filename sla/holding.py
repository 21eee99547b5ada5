"""Sales holds the clocks of a hand-off for a reason, and lets them go on; the other team is told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from sla import pausing
from sla.announcing import tell_of_the_pause
from sla.models.clock import Clock
from sla.models.clock_event import ClockEvent
from sla.models.pause import PauseReason
from smarketing.accounts.models import Side

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from handoff.models import Handoff
    from smarketing.accounts.models import User

# Marketing's answer holds them by itself; these two are somebody's act.
CHOSEN = [PauseReason.LEAD_ASKED_FOR_DATE, PauseReason.DUPLICATE_REVIEW]


class CannotPause(Exception):
    """Nothing runs, it is late already, or the time for this reason is used up."""


@transaction.atomic
def hold(
    handoff: Handoff, reason: str, *, until: datetime | None, by: User, at: datetime
) -> list[ClockEvent]:
    """Every clock of sales stands still, until then at the latest. Raises CannotPause."""
    running = list(clocks_of_sales(handoff))
    events = [clock.pause(reason, until=until, by=by, at=at) for clock in running]
    paused = [event for event in events if event]
    if not paused:
        raise CannotPause(_why_not(running, reason, at))
    tell_of_the_pause(handoff, paused[0], by=by, at=at)
    return paused


@transaction.atomic
def go_on(handoff: Handoff, *, by: User, at: datetime) -> list[ClockEvent]:
    """What somebody paused runs again; what waits for marketing goes on waiting. Raises CannotPause when nothing stood still."""
    events = [clock.resume(reason, by=by, at=at) for clock in clocks_of_sales(handoff) for reason in CHOSEN]
    resumed = [event for event in events if event]
    if not resumed:
        raise CannotPause(_("It runs already."))
    return resumed


def clocks_of_sales(handoff: Handoff) -> QuerySet[Clock]:
    return (
        Clock.objects.filter(handoff=handoff, side=Side.SALES)
        .open()
        .select_related("agreement", "calendar_version")
        .order_by("id")
    )


# Questions


def can_be_held(clock: Clock, at: datetime) -> bool:
    """Open, of sales, not due yet, and with time left for one of the reasons."""
    if not clock.is_open or clock.owes_marketing or clock.due_at is None or at >= clock.due_at:
        return False
    return any(pausing.latest_end(clock, reason, at=at) for reason in CHOSEN)


def is_held_by_somebody(clock: Clock, at: datetime) -> bool:
    return clock.is_held_at(at) and any(pause.reason in CHOSEN for pause in clock.open_pauses())


def _why_not(running: list[Clock], reason: str, at: datetime) -> str:
    if not running:
        return _("No clock of sales runs any more.")
    if any(clock.due_at is None for clock in running):
        return _("These working hours have no open time, so nothing is due.")
    if any(at < clock.due_at for clock in running if clock.due_at) and not any(
        pausing.latest_end(clock, reason, at=at) for clock in running
    ):
        return _("The time that the agreement allows for this reason is used up.")
    return _("It is due already: a pause changes nothing any more.")
