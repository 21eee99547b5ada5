"""The decision itself, one at a time per team: who reads the loads and shares is the only one who changes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from handoff.models import HandoffRules, Overflow, RoutingTally
from handoff.routing import matching, reading
from handoff.routing.deciding import Decision, Match, decide
from handoff.routing.ranking import credits_after
from handoff.routing.wording import because, recorded
from smarketing.accounts.models import Team, User

if TYPE_CHECKING:
    from leads.models import Lead


@dataclass(frozen=True)
class Choice:
    """The colleague that routing found, or None for the pool; why, in words; and everybody who was considered."""

    user: User | None
    because: str
    team: Team
    decision: Decision

    def candidates(self) -> list[dict[str, object]]:
        return recorded(self.decision)


@transaction.atomic(savepoint=False)
def choose_receiver(
    team: Team,
    *,
    at: datetime,
    lead: Lead | None = None,
    rules: HandoffRules | None = None,
    staff: reading.Staff | None = None,
) -> Choice:
    """Who receives this lead. Nobody free: the pool, or over capacity, as the agreement says.

    The rows of the teams stay locked until the hand-off is committed, so that a thousand at once get exactly their
    shares. Call it late: what can be read before is read before.
    """
    rules = rules or HandoffRules.objects.in_force(at)
    fitting = matching.matches(lead, matching.rules_in_order()) if lead else []
    earlier = reading.earlier_rep(lead) if lead else None
    staff = staff or reading.staff(at)
    teams = _lock(team, fitting, earlier, staff)
    tallies = {tally.receiver_id: tally for tally in RoutingTally.objects.filter(rules=rules)}
    decision = decide(
        reading.considered(rules, staff, tallies, at=at),
        team=team.pk,
        matches=fitting,
        earlier_rep=earlier,
        anyway=rules.overflow == Overflow.ANYWAY,
    )
    chosen = decision.chosen
    if chosen and decision.ranking.by_share:
        _count(rules, decision, tallies)
    receiver = next((person for person in staff.people if chosen and person.pk == chosen.id), None)
    return Choice(
        user=receiver,
        because=because(decision, team=team, lead=lead, rules=rules),
        team=teams.get(receiver.team_id, team) if receiver else team,
        decision=decision,
    )


def _lock(
    team: Team, fitting: list[Match], earlier: int | None, staff: reading.Staff
) -> dict[int | None, Team]:
    """Every team whose people may be chosen, always in the same order, so that two never wait for each other."""
    people = {person for match in fitting for person in match.people} | ({earlier} if earlier else set())
    ids = {team.pk} | {person.team_id for person in staff.people if person.pk in people}
    return {
        row.pk: row for row in Team.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("id")
    }


def _count(rules: HandoffRules, decision: Decision, tallies: dict[int, RoutingTally]) -> None:
    """One statement: each competitor's credit, and one more received for the first."""
    assert decision.chosen is not None
    competing = decision.ranking.order
    after = credits_after(competing, decision.chosen.id)
    received = {who: tally.received for who, tally in tallies.items()}
    RoutingTally.objects.bulk_create(
        [
            RoutingTally(
                rules=rules,
                receiver_id=who,
                credit=credit,
                received=received.get(who, 0) + (who == decision.chosen.id),
            )
            for who, credit in after.items()
        ],
        update_conflicts=True,
        unique_fields=["rules", "receiver"],
        update_fields=["credit", "received"],
    )
