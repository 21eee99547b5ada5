"""Who hears of a broken promise: the holder; then, rung by rung as the agreement says, those above, until the lead is in the pool again.

Somebody always hears. For who is away his deputy hears; without one, and for who is gone, the next that can. A team without a lead is
spoken for by the managers, and a company without managers by its administrators. For a clock that nobody holds the intake seat hears.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sla.models.agreement import Agreement
from sla.models.agreement_state import AgreementState, Rung
from smarketing.accounts.models import Absence, Role, Team, User

if TYPE_CHECKING:
    from sla.models import Clock

STEPS_OF_A_LIFT = 100  # a breach that was lifted begins a new ladder; the steps of its events count on from the next hundred


@dataclass(frozen=True)
class Step:
    """One rung above the breach itself, which the holder hears of at once."""

    who: str
    after_minutes: int


def steps(ladder: Iterable[dict[str, Any]]) -> list[Step]:
    """The rungs above the holder in the order of time; that he hears when it is due needs no step of its own."""
    rungs = [Step(rung["who"], rung["after_minutes"]) for rung in ladder]
    above = [rung for rung in rungs if rung != Step(Rung.HOLDER, 0)]
    return sorted(above, key=lambda rung: rung.after_minutes)


@dataclass(frozen=True)
class Audience:
    """Whom the rungs reach at one moment; read once per sweep, because there are few colleagues and many clocks."""

    present: frozenset[int]
    stand_ins: dict[int, int]  # who is away: who stands in
    people: dict[str, dict[int, list[int]]]  # who (a Rung): team: people
    seats: dict[int, int]  # agreement: who hears of what nobody holds
    steps: dict[int, list[Step]]  # agreement: rungs

    def hearer(self, holder_id: int | None, agreement_id: int) -> int | None:
        """The holder, his deputy while he is away, the intake seat where nobody holds it; None when none of them is there."""
        if holder_id is None:
            return self.seats.get(agreement_id)
        return holder_id if holder_id in self.present else self.stand_ins.get(holder_id)

    def told_first(self, clock: Clock) -> list[int]:
        hearer = self.hearer(clock.holder_id, clock.agreement_id)
        return [hearer] if hearer else self.people[Rung.TEAM_LEAD][clock.team_id]

    @cached_property
    def columns(self) -> dict[str, list[Any]]:
        """For sweep.sql."""
        people = [
            (who, team, person)
            for who, teams in self.people.items()
            for team, ids in teams.items()
            for person in ids
        ]
        rungs = [
            (agreement, number, step.who)
            for agreement, found in self.steps.items()
            for number, step in enumerate(found, 1)
        ]
        return {
            "present": list(self.present),
            "away": list(self.stand_ins.keys()),
            "stand_ins": list(self.stand_ins.values()),
            "seat_agreements": list(self.seats.keys()),
            "seats": list(self.seats.values()),
            "whos": [who for who, _, _ in people],
            "teams": [team for _, team, _ in people],
            "people": [person for _, _, person in people],
            "rung_agreements": [agreement for agreement, _, _ in rungs],
            "rung_steps": [step for _, step, _ in rungs],
            "rung_whos": [who for _, _, who in rungs],
        }


def audience(at: datetime) -> Audience:
    present = frozenset(User.objects.present(at).values_list("pk", flat=True))
    stand_ins = deputies(present, at)
    above = list(
        User.objects.active()
        .filter(role__in=[Role.TEAM_LEAD, Role.MANAGER, Role.ADMINISTRATOR])
        .select_related("team")
        .order_by("id")
    )
    teams = list(Team.objects.all())
    agreements = Agreement.objects.exclude(
        state__in=[AgreementState.DRAFT, AgreementState.PROPOSED, AgreementState.WITHDRAWN]
    )
    found = list(agreements.values_list("pk", "intake_seat_id", "ladder"))

    def there(person: int) -> int | None:
        return person if person in present else stand_ins.get(person)

    return Audience(
        present,
        stand_ins,
        {
            Rung.TEAM_LEAD: {team.pk: _first_with_somebody(team_leads(team, above), there) for team in teams},
            Rung.MANAGERS: {team.pk: _first_with_somebody(managers(above), there) for team in teams},
        },
        {pk: seated for pk, seat, _ in found if seat and (seated := there(seat))},
        {pk: steps(ladder) for pk, _, ladder in found},
    )


def deputies(present: frozenset[int], at: datetime) -> dict[int, int]:
    """Who is away now, and who of those present stands in; a deputy who is away himself is stood in for by his own."""
    named = dict(
        Absence.objects.filter(starts_at__lte=at, ends_at__gt=at, deputy__isnull=False)
        .order_by("ends_at", "id")
        .values_list("user_id", "deputy_id")
    )
    found = {}
    for person in named:
        deputy, seen = named[person], {person}
        while deputy not in present and deputy in named and deputy not in seen:
            seen.add(deputy)
            deputy = named[deputy]
        if deputy in present:
            found[person] = deputy
    return found


def team_leads(team: Team, people: list[User]) -> list[list[User]]:
    """The groups that speak for a team, the nearest first."""
    return [
        [user for user in people if user.role == Role.TEAM_LEAD and user.team_id == team.pk],
        [user for user in people if user.decides_for(team.kind)],
        *managers(people),
    ]


def managers(people: list[User]) -> list[list[User]]:
    """Of both teams."""
    return [
        [user for user in people if user.role == Role.MANAGER],
        [user for user in people if user.role == Role.TEAM_LEAD],
        [user for user in people if user.role == Role.ADMINISTRATOR],
    ]


def _first_with_somebody(groups: Sequence[list[User]], there: Any) -> list[int]:
    """When all are away, those of the first group hear of it when they are back."""
    fallback: list[int] = []
    for group in groups:
        fallback = fallback or [user.pk for user in group]
        if found := list(dict.fromkeys(person for user in group if (person := there(user.pk)))):
            return found
    return fallback
