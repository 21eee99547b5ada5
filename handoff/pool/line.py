"""Who stands where in the pool, as one colleague sees it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from handoff.models import Handoff, PoolTurn, State, TurnKind
from handoff.querysets import HandoffQuerySet

if TYPE_CHECKING:
    from smarketing.accounts.models import User

ORDER = ("-hot", "sent_at", "id")


def waiting(person: User) -> HandoffQuerySet:
    """The pool of this person's team, or of all teams for who has none; hot ones first, then the longest waiting."""
    rows: HandoffQuerySet = Handoff.objects.in_pool()
    if person.team_id and person.is_sales:
        rows = rows.filter(receiving_team=person.team_id)
    return rows.order_by(*ORDER)


def in_line_for(person: User, *, at: datetime) -> HandoffQuerySet:
    """What can be offered to this person: nobody else looks at it, marketing owes no answer, and he did not let it pass."""
    passed = PoolTurn.objects.filter(handoff=OuterRef("pk"), person=person, kind=TurnKind.SKIPPED)
    return waiting(person).filter(is_free_for(person, at=at), ~Exists(passed), state=State.SENT)


def first_in_line(person: User, *, at: datetime) -> int | None:
    """What he would be offered now: what he looks at already, else the first in line."""
    own = Handoff.objects.in_pool().filter(reserved_by=person, reserved_until__gt=at)
    return (
        own.values_list("pk", flat=True).first()
        or in_line_for(person, at=at).values_list("pk", flat=True).first()
    )


def is_in_turn(handoff: Handoff, person: User, *, at: datetime) -> bool:
    """Whether taking this one is taking the next, and not picking another."""
    return first_in_line(person, at=at) == handoff.pk


def is_free_for(person: User, *, at: datetime) -> Q:
    """Nobody else looks at it now."""
    return Q(reserved_by=None) | Q(reserved_until__lte=at) | Q(reserved_by=person)
