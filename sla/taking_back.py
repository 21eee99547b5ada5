"""An act on a lead was undone: the clocks of its hand-offs run as if it had not happened, and their events tell both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from handoff import signals
from handoff.models import Handoff
from leads.models import Act
from leads.signals import act_undone
from sla import pausing
from sla.models import Clock, Pause, PauseReason
from sla.reopening import reopen_for
from smarketing.accounts.models import Side, User


@receiver(act_undone)
def run_on(act: Act, by: User, at: datetime, **_: Any) -> None:
    touched = Clock.objects.filter(handoff__lead=act.lead_id, events__detected_at__gte=act.at)
    for handoff in Handoff.objects.standing().filter(pk__in=touched.values("handoff")).order_by("pk"):
        _forget_the_wait(handoff, act, by=by, at=at)
        for clock in reopen_for(handoff, since=act.at, by=by, at=at):
            if clock.side == Side.SALES:
                clock.reassign(handoff.receiver, by=by, at=at)
            if handoff.waits_for_marketing:
                pausing.take_up(clock, PauseReason.MARKETING_ANSWERS, since=act.at, by=by, at=at)


@receiver(signals.handoff_withdrawn)
def cancel_all(handoff: Handoff, at: datetime, by: User, **_: Any) -> None:
    for clock in Clock.objects.filter(handoff=handoff).order_by("id"):
        clock.cancel(by=by, at=at)


def _forget_the_wait(handoff: Handoff, act: Act, *, by: User, at: datetime) -> None:
    """A question that was undone took no time from anybody: the wait for its answer ended when it began."""
    waits = Pause.objects.filter(
        clock__handoff=handoff, reason=PauseReason.MARKETING_ANSWERS, from_at=act.at, to_at=None
    )
    for pause in waits.select_related("clock").order_by("clock_id"):
        pause.clock.resume(PauseReason.MARKETING_ANSWERS, by=by, at=act.at)
