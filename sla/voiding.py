"""A clock that counts for nobody: with a reason and a name, and everything that happened to it stays to be read."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from sla import breaching, pausing
from sla.announcing import tell_of_the_answer
from sla.models.clock import OPEN_STATES, Clock, ClockState
from sla.models.clock_event import ClockEvent, ClockEventKind
from sla.models.dispute import Decision
from sla.stopping import end_segment
from smarketing.accounts.models import Side

if TYPE_CHECKING:
    from smarketing.accounts.models import User


class CannotVoid(Exception):
    """Nothing was measured, or it is void already."""


@transaction.atomic
def void(clock: Clock, reason: str, *, by: User, at: datetime) -> ClockEvent:
    """It counts neither as kept nor as broken, nothing more is owed, and who disputed it is answered. Raises CannotVoid."""
    clock.lock(at)
    if clock.state == ClockState.VOID:
        made = clock.events.filter(kind=ClockEventKind.VOIDED).select_related("actor").latest("id")
        raise CannotVoid(_("%(who)s declared it void already.") % {"who": made.actor})
    if not can_be_void(clock):
        raise CannotVoid(_("It was cancelled in time and is measured nowhere."))
    if clock.is_overdue(at):
        breaching.breach(clock, at=at)
    if clock.state in OPEN_STATES:
        pausing.end_all(clock, at, at=at)
        end_segment(clock, at)
    clock.write(state=ClockState.VOID, next_check_at=None)
    _answer_its_dispute(clock, reason, by=by, at=at)
    return clock.record(ClockEventKind.VOIDED, happened_at=at, at=at, by=by, note=reason.strip())


def can_be_void(clock: Clock) -> bool:
    if clock.state == ClockState.CANCELLED:
        return bool(clock.breached_at)
    return clock.state != ClockState.VOID


def _answer_its_dispute(clock: Clock, reason: str, *, by: User, at: datetime) -> None:
    """Nothing is left to be decided. His own dispute somebody else answers."""
    raised = clock.disputes.filter(answered_at=None).exclude(raised_by=by).first()
    if raised:
        raised.settle(Decision.VOID, reason, by=by, at=at)
        clock.write(disputed_at=None)
        tell_of_the_answer(raised, at=at)


def may_decide(person: User, clock: Clock) -> bool:
    """Those who decide for the other side than the one that owes it: nobody lets himself off."""
    return person.decides_for(Side.SALES if clock.owes_marketing else Side.MARKETING)
