"""Who hears of a broken promise: the holder; then, rung by rung, those above. When each rung hears stands in `sla.planning.LADDER`.

Somebody always hears. Who is away or gone is passed over; a team without a lead is spoken for by the managers, and a company
without managers by its administrators.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from smarketing.accounts.models import Role, Team, User


@dataclass(frozen=True)
class Audience:
    """Whom the rungs reach at one moment; read once per sweep, because there are few colleagues and many clocks."""

    present: frozenset[int]
    rungs: list[dict[int, list[int]]]  # per rung: team -> people

    def rows(self) -> list[tuple[int, int, int]]:
        """(rung, team, person); the first rung is 1."""
        return [
            (rung, team, person)
            for rung, people_of in enumerate(self.rungs, start=1)
            for team, people in people_of.items()
            for person in people
        ]


def audience(at: datetime) -> Audience:
    present = frozenset(User.objects.present(at).values_list("pk", flat=True))
    people = list(User.objects.active().filter(role__in=[Role.TEAM_LEAD, Role.MANAGER, Role.ADMINISTRATOR]))
    teams = list(Team.objects.all())
    return Audience(present, [{team.pk: rung(team, people, present) for team in teams} for rung in RUNGS])


def told_first(team_id: int, holder_id: int | None, at: datetime) -> list[int]:
    """The holder when he is there, else the first rung."""
    heard = audience(at)
    if holder_id in heard.present:
        return [holder_id]
    return heard.rungs[0][team_id]


def team_leads(team: Team, people: list[User], present: frozenset[int]) -> list[int]:
    choices = [
        [user for user in people if user.role == Role.TEAM_LEAD and user.team_id == team.pk],
        [user for user in people if user.decides_for(team.kind)],
        [user for user in people if user.role == Role.MANAGER],
        [user for user in people if user.role == Role.ADMINISTRATOR],
    ]
    return _first_with_somebody_present(choices, present)


Rung = Callable[[Team, list[User], frozenset[int]], list[int]]
RUNGS: list[Rung] = [team_leads]


def _first_with_somebody_present(choices: Iterable[list[User]], present: frozenset[int]) -> list[int]:
    """When all are away, those of the first group hear of it when they are back."""
    fallback: list[int] = []
    for group in choices:
        ids = [user.pk for user in group]
        fallback = fallback or ids
        if there := [pk for pk in ids if pk in present]:
            return there
    return fallback
