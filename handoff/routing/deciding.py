"""From everybody to one: the company's earlier rep, then the rules in their order, then the whole team. Pure, like `ranking`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from handoff.routing.ranking import Candidate, Out, Ranking, rank


class Why(StrEnum):
    KNOWS_COMPANY = "KNOWS_COMPANY"
    BEHIND_SHARE = "BEHIND_SHARE"
    FEWEST_OPEN = "FEWEST_OPEN"
    NOT_AHEAD_TODAY = "NOT_AHEAD_TODAY"
    NOBODY_PRESENT = "NOBODY_PRESENT"
    ALL_AT_CAPACITY = "ALL_AT_CAPACITY"


@dataclass(frozen=True)
class Match:
    """A rule that fits the lead, without its words."""

    position: int
    people: frozenset[int]
    or_pool: bool = False
    sentence: str = ""


@dataclass(frozen=True)
class Decision:
    """`chosen` receives; None: the pool. `ranking` is the one that decided, `considered` everybody who was looked at."""

    chosen: Candidate | None
    why: Why
    ranking: Ranking
    considered: Sequence[Candidate]
    rule: Match | None = None
    passed: tuple[Match, ...] = field(default=())  # rules that fitted, but nobody of them could take it

    @property
    def went_over(self) -> bool:
        return self.chosen is not None and self.ranking.went_over

    def outs(self) -> dict[int, Out]:
        """Why each of the others did not compete."""
        shown = {person.id for person in self.ranking.order}
        return {
            person.id: self.ranking.out.get(person.id, Out.OTHERS_BY_RULE)
            for person in self.considered
            if person.id not in shown
        }


def decide(
    everybody: Sequence[Candidate],
    *,
    team: int | None,
    matches: Sequence[Match] = (),
    earlier_rep: int | None = None,
    anyway: bool = False,
) -> Decision:
    """The earlier rep goes before all rules when he is free and nobody would be at work sooner."""
    colleagues = [person for person in everybody if person.team_id == team]
    whole = rank(colleagues, anyway=anyway)
    known = _earlier_rep(everybody, earlier_rep)
    if known:
        return Decision(known, Why.KNOWS_COMPANY, _with(known, whole), everybody)
    passed: list[Match] = []
    for match in matches:
        ranking = rank([person for person in everybody if person.id in match.people], anyway=anyway)
        if ranking.first or match.or_pool:
            return _decision(ranking, everybody, match, passed)
        passed.append(match)
    return _decision(whole, everybody, None, passed)


def _earlier_rep(everybody: Sequence[Candidate], who: int | None) -> Candidate | None:
    person = next((person for person in everybody if person.id == who), None)
    if person is None:
        return None
    his_team = rank([other for other in everybody if other.team_id == person.team_id])
    is_soonest = any((other.starts_on or None) == person.starts_on for other in his_team.order)
    return person if his_team.out.get(person.id) in (None, Out.NO_SHARE) and is_soonest else None


def _with(known: Candidate, whole: Ranking) -> Ranking:
    """The ranking in which he competes: his share counts what he gets this way."""
    others = tuple(person for person in whole.order if person.id != known.id)
    out = {who: why for who, why in whole.out.items() if who != known.id}
    return Ranking((known, *others), out, by_share=whole.by_share)


def _decision(
    ranking: Ranking, everybody: Sequence[Candidate], rule: Match | None, passed: Sequence[Match]
) -> Decision:
    return Decision(ranking.first, _why(ranking), ranking, everybody, rule, tuple(passed))


def _why(ranking: Ranking) -> Why:
    first = ranking.first
    if first is None:
        return Why.ALL_AT_CAPACITY if Out.AT_CAPACITY in ranking.out.values() else Why.NOBODY_PRESENT
    if ranking.by_share:
        return Why.BEHIND_SHARE
    emptiest = min(person.open_handoffs for person in ranking.order)
    return Why.FEWEST_OPEN if first.open_handoffs == emptiest else Why.NOT_AHEAD_TODAY
