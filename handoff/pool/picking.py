"""Who takes what from the pool: claims, how many of them were not the next in line, and what was let pass. Both teams see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from handoff.models import PoolTurn, TurnKind
from smarketing.accounts.models import User

PERIOD = timedelta(days=90)
ENOUGH = 20  # under so many cases a share says little


@dataclass(frozen=True)
class Picks:
    """Of one colleague over the last 90 days."""

    person: User
    claims: int
    picked: int  # another than the first in line
    skips: int
    offered: int

    @property
    def index(self) -> int | None:
        """The cherry-pick index: of a hundred claims, how many were not the next. None without claims."""
        return round(100 * self.picked / self.claims) if self.claims else None

    @property
    def is_few(self) -> bool:
        return self.claims < ENOUGH


def of_everybody(*, at: datetime) -> list[Picks]:
    """Most claims first. Two queries."""
    rows = (
        PoolTurn.objects.filter(happened_at__gt=at - PERIOD, happened_at__lte=at)
        .values("person")
        .annotate(
            claims=Count("pk", filter=Q(kind=TurnKind.CLAIMED)),
            picked=Count("pk", filter=Q(kind=TurnKind.CLAIMED, in_turn=False)),
            skips=Count("pk", filter=Q(kind=TurnKind.SKIPPED)),
            offered=Count("pk", filter=Q(kind=TurnKind.OFFERED)),
        )
        .order_by("-claims", "person")
    )
    found = list(rows)
    people = User.objects.in_bulk([row["person"] for row in found])
    return [
        Picks(people[row["person"]], row["claims"], row["picked"], row["skips"], row["offered"])
        for row in found
    ]


def latest_skips(handoffs: Iterable[int]) -> dict[int, list[PoolTurn]]:
    """What was let pass of these hand-offs, by whom and why."""
    turns = PoolTurn.objects.filter(handoff__in=list(handoffs), kind=TurnKind.SKIPPED)
    found: dict[int, list[PoolTurn]] = {}
    for turn in turns.select_related("person").order_by("-id"):
        found.setdefault(turn.handoff_id, []).append(turn)
    return found
