"""The dry run: who would get the last hand-offs under the rules of now, beside who got them. Nothing is changed.

Each is decided as it would have been at its own moment: who was away then, what was open then. From there on the story goes its own way:
what the dry run gives to a colleague counts for him and not for the one who really got it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from handoff import presence
from handoff.models import OPEN_STATES, Handoff, HandoffRules, Overflow, State
from handoff.routing import matching, reading
from handoff.routing.deciding import Decision, decide
from handoff.routing.ranking import Candidate, credits_after
from handoff.routing.wording import because
from smarketing.accounts.models import Absence, Team, User

SHOWN = 50
LOOKED_BACK = timedelta(days=92)
MOST_READ = 20_000


@dataclass(frozen=True)
class Replayed:
    handoff: Handoff
    would: User | None
    because: str
    decision: Decision

    @property
    def is_same(self) -> bool:
        return (self.would.pk if self.would else None) == self.handoff.receiver_id


@dataclass(frozen=True)
class DryRun:
    rows: Sequence[Replayed]  # the latest first
    got: Counter[User | None]
    would: Counter[User | None]

    @property
    def different(self) -> int:
        return sum(not row.is_same for row in self.rows)

    @property
    def people(self) -> list[tuple[str, int, int, int]]:
        """Name, what each got, what he would get, and the difference."""
        everybody = sorted({*self.got, *self.would}, key=lambda person: (person is None, str(person)))
        return [
            (
                str(person) if person else _("the pool"),
                self.got[person],
                self.would[person],
                self.would[person] - self.got[person],
            )
            for person in everybody
        ]


@dataclass
class _Held:
    """One hand-off in somebody's hands, from `since` until `until`."""

    holder: int
    since: datetime
    until: datetime | None
    was_returned: bool


def dry_run(rules: HandoffRules, *, last: int = SHOWN) -> DryRun:
    """A fixed number of queries, however many hand-offs."""
    handoffs = list(
        Handoff.objects.for_list().select_related("lead__contact", "lead__company").latest_first()[:last]
    )[::-1]
    if not handoffs:
        return DryRun([], Counter(), Counter())
    begins = handoffs[0].sent_at
    people = reading.reps(handoffs[-1].sent_at)
    by_id = {person.pk: person for person in people}
    teams = {team.pk: team for team in Team.objects.all()}
    ours, held = matching.rules_in_order(), _held_before(handoffs, begins)
    absences, hours, earlier = _absences(people), presence.hours_of(people), _earlier_reps(handoffs)
    credits: dict[int, int] = {}
    rows = []
    for handoff in handoffs:
        at = handoff.sent_at
        everybody = _as_of(at, people, held, rules, absences, hours, credits)
        decision = decide(
            everybody,
            team=handoff.receiving_team_id,
            matches=matching.matches(handoff.lead, ours),
            earlier_rep=earlier.get(handoff.pk),
            anyway=rules.overflow == Overflow.ANYWAY,
        )
        chosen = by_id.get(decision.chosen.id) if decision.chosen else None
        if decision.chosen:
            if decision.ranking.by_share:
                credits |= credits_after(decision.ranking.order, decision.chosen.id)
            held.append(_Held(decision.chosen.id, at, handoff.closed_at, handoff.state == State.RETURNED))
        team = teams[handoff.receiving_team_id]
        words = because(decision, team=team, lead=handoff.lead, rules=rules)
        rows.append(Replayed(handoff, chosen, words, decision))
    return DryRun(
        rows[::-1], Counter(row.handoff.receiver for row in rows), Counter(row.would for row in rows)
    )


# Mechanics


def _held_before(handoffs: Sequence[Handoff], begins: datetime) -> list[_Held]:
    """What was in somebody's hands before the dry run begins; the replayed ones come in as they are decided."""
    rows = (
        Handoff.objects.filter(receiver__isnull=False, received_at__lt=begins)
        .filter(Q(state__in=OPEN_STATES) | Q(received_at__gte=begins - LOOKED_BACK))
        .exclude(pk__in=[handoff.pk for handoff in handoffs])
        .order_by("-received_at")
        .values_list("receiver", "received_at", "closed_at", "state")[:MOST_READ]
    )
    return [_Held(who, since, until, state == State.RETURNED) for who, since, until, state in rows if since]


def _absences(people: Iterable[User]) -> dict[int, list[tuple[datetime, datetime]]]:
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    rows = Absence.objects.filter(user__in=[person.pk for person in people])
    for user, starts, ends in rows.values_list("user", "starts_at", "ends_at"):
        found.setdefault(user, []).append((starts, ends))
    return found


def _earlier_reps(handoffs: Sequence[Handoff]) -> dict[int, int]:
    """Who had each one's company before, at the moment it was sent."""
    companies = {handoff.lead.company_id for handoff in handoffs} - {None}
    rows = list(
        Handoff.objects.filter(lead__company__in=companies, receiver__isnull=False, accepted_at__isnull=False)
        .order_by("accepted_at", "id")
        .values_list("pk", "lead__company", "receiver", "accepted_at")[:MOST_READ]
    )
    return {
        handoff.pk: who
        for handoff in handoffs
        for pk, company, who, accepted_at in rows
        if company == handoff.lead.company_id
        and accepted_at
        and accepted_at < handoff.sent_at
        and pk != handoff.pk
    }


def _as_of(
    at: datetime,
    people: Sequence[User],
    held: Sequence[_Held],
    rules: HandoffRules,
    absences: dict[int, list[tuple[datetime, datetime]]],
    hours: dict[int, presence.Hours],
    credits: dict[int, int],
) -> list[Candidate]:
    today = reading.start_of_day(at)
    month = today.replace(day=1)
    base = {person.pk: Candidate(id=person.pk, name=str(person), team_id=person.team_id) for person in people}
    for item in held:
        one = base.get(item.holder)
        if one is None:
            continue
        base[item.holder] = replace(
            one,
            open_handoffs=one.open_handoffs + (item.until is None or item.until > at),
            received_today=one.received_today + (item.since >= today),
            received_this_month=one.received_this_month + (item.since >= month and not item.was_returned),
            last_received_at=max(filter(None, [one.last_received_at, item.since])),
        )
    received = sum(one.received_this_month for one in base.values())
    capacities = reading.capacities_of(people, rules, received)
    return [
        replace(
            one,
            is_absent=any(starts <= at < ends for starts, ends in absences.get(who, [])),
            starts_on=reading.starts_on(hours.get(who), at),
            capacity=capacities.get(who),
            share=reading.share_of(who, rules),
            credit=credits.get(who, 0),
        )
        for who, one in base.items()
    ]
