"""A lead that somebody has and does nothing with goes back to the pool, where a colleague can take it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from handoff import signals
from handoff.models import Handoff, State
from leads.models import Stage

if TYPE_CHECKING:
    from handoff.models import HandoffEvent
    from smarketing.accounts.models import User

CAN_GO_BACK = [State.SENT, State.ACCEPTED]
EVENT = "PUT_BACK"


@transaction.atomic
def put_back(handoff: Handoff, *, by: User | None, at: datetime) -> HandoffEvent | None:
    """It waits in the pool for an answer again, and the lead is nobody's in sales. Once per hand-off.

    None when nobody has it, when it was contacted or answered otherwise meanwhile, or went back before.
    """
    handoff._lock_lead()
    handoff.refresh_from_db()
    previous, state = handoff.receiver, handoff.state
    if previous is None or state not in CAN_GO_BACK or handoff.events.filter(kind=EVENT).exists():
        return None
    handoff._lock_lead()  # `refresh_from_db` forgot the lead that it had loaded
    if not handoff._update(
        Q(receiver=previous, state=state), state=State.SENT, receiver=None, received_at=None, accepted_at=None
    ):
        return None
    event = handoff._record(EVENT, by=by, at=at)
    if handoff.lead.stage == Stage.ACCEPTED:
        handoff.lead.mark_returned(str(event.get_kind_display()), by=by, at=at)
    signals.handoff_received.send(sender=Handoff, handoff=handoff, at=at, receiver=None, previous=previous)
    return event
