"""What the verbs that take a hand-off from the pool need: whether it is free for this person, whether it is his turn, and the record of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from handoff.models import Handoff, PoolTurn, TurnKind
from handoff.pool.line import is_free_for as free_for
from handoff.pool.line import is_in_turn

if TYPE_CHECKING:
    from smarketing.accounts.models import User


def record(handoff: Handoff, *, in_turn: bool, by: User, at: datetime) -> PoolTurn:
    return PoolTurn.objects.create(
        handoff=handoff, person=by, kind=TurnKind.CLAIMED, happened_at=at, in_turn=in_turn
    )


__all__ = ["free_for", "is_in_turn", "record"]
