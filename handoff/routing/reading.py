"""What routing reads about colleagues: load, month, absence, hours, shares. The same number of queries for two as for two hundred."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from handoff import presence
from handoff.models import OPEN_STATES, Handoff, HandoffEvent, HandoffRules, RoutingTally, State
from handoff.routing.ranking import Candidate
from leads.models import Lead
from smarketing.accounts.models import Absence, Role, Side, Team, User, person_name
from smarketing.prepared import Prepared
from smarketing.remembering import forget, remembered

TAKE_HANDOFFS = [Role.MEMBER, Role.TEAM_LEAD]
FULL_WEEK = 5
LOADS = "open-hand-offs"


def candidates(team: Team, *, at: datetime) -> list[tuple[int, str, int]]:
    """Present colleagues of the team who take hand-offs: number, name and open hand-offs, for a form to choose from."""
    loads = remembered(LOADS, lambda: dict(OPEN_BY_RECEIVER.rows()), seconds=settings.PLANNING_SECONDS)
    found = CANDIDATES.rows(team=team.pk, at=at)
    return [(number, person_name(*names), loads.get(number, 0)) for number, *names in found]


CANDIDATES = Prepared(
    lambda team, at: (
        User.objects.present(at)
        .filter(team=team, role__in=TAKE_HANDOFFS)
        .order_by("first_name", "id")
        .values_list("pk", "first_name", "last_name", "email")
    ),
    team=int,
    at=datetime,
)
OPEN_BY_RECEIVER = Prepared(
    lambda: (
        Handoff.objects.filter(receiver__isnull=False, state__in=OPEN_STATES)
        .order_by()
        .values_list("receiver")
        .annotate(number=Count("*"))
    )
)


@receiver(post_save, sender=HandoffEvent)
def count_loads_anew(**_about: Any) -> None:
    """Whatever becomes of a hand-off is recorded as an event."""
    transaction.on_commit(lambda: forget(LOADS))


RECEIVING = Prepared(lambda: Team.objects.filter(kind=Side.SALES).order_by("id")[:1])


def receiving_team(person: User | None = None) -> Team | None:
    """The sales team of this colleague, otherwise the first one."""
    if person and person.team and person.team.kind == Side.SALES:
        return person.team
    return RECEIVING.first()


def reps(at: datetime) -> list[Any]:
    """Everybody of sales who takes hand-offs, with `is_absent` at this moment."""
    away = Absence.objects.filter(user=OuterRef("pk"), starts_at__lte=at, ends_at__gt=at)
    people = User.objects.active().on_side(Side.SALES).filter(role__in=TAKE_HANDOFFS)
    return list(people.select_related("team").annotate(is_absent=Exists(away)).order_by("id"))


@dataclass(frozen=True)
class Staff:
    """The reps of sales and when they work: what no hand-off changes, so it is read before anybody has to wait."""

    people: list[Any]
    hours: dict[int, presence.Hours]


def staff(at: datetime) -> Staff:
    people = reps(at)
    return Staff(people, presence.hours_of(people))


def considered(
    rules: HandoffRules, staff: Staff, tallies: dict[int, RoutingTally], *, at: datetime
) -> list[Candidate]:
    """Every rep of sales as he stands at `at`."""
    people, hours = staff.people, staff.hours
    ids = [person.pk for person in people]
    loads = dict(
        Handoff.objects.filter(receiver__in=ids, state__in=OPEN_STATES)
        .values_list("receiver")
        .annotate(number=Count("*"))
        .order_by()
    )
    received = received_in_month(ids, at=at)
    capacities = capacities_of(people, rules, sum(row["month"] for row in received.values()))
    return [
        Candidate(
            id=person.pk,
            name=str(person),
            team_id=person.team_id,
            is_absent=person.is_absent,
            starts_on=starts_on(hours.get(person.pk), at),
            open_handoffs=loads.get(person.pk, 0),
            received_today=row["today"],
            received_this_month=row["month"],
            capacity=capacities.get(person.pk),
            share=share_of(person.pk, rules),
            credit=tallies[person.pk].credit if person.pk in tallies else 0,
            last_received_at=row["latest"],
        )
        for person in people
        for row in [received.get(person.pk, {"today": 0, "month": 0, "latest": None})]
    ]


def received_in_month(ids: Iterable[int], *, at: datetime) -> dict[int, dict[str, Any]]:
    """What each received this month and today, by the company's days. What he gave back does not count in the month."""
    today = start_of_day(at)
    month = today.replace(day=1)
    rows = (
        Handoff.objects.filter(receiver__in=list(ids), received_at__gte=month, received_at__lte=at)
        .values("receiver")
        .annotate(
            today=Count("pk", filter=Q(received_at__gte=today)),
            month=Count("pk", filter=~Q(state=State.RETURNED)),
            latest=Max("received_at"),
        )
        .order_by()
    )
    return {row["receiver"]: dict(row) for row in rows}


def capacities_of(people: Iterable[User], rules: HandoffRules, received: int) -> dict[int, int]:
    """Each one's part of what sales promised for the month: by agreed share, else by the days he works in a week.

    When the team together has received what it promised, nobody has room left.
    """
    promised, everybody = rules.capacity_per_month, list(people)
    if promised is None:
        return {}
    if received >= promised:
        return {person.pk: 0 for person in everybody}
    weights = {person.pk: share_of(person.pk, rules) for person in everybody}
    if not any(weights.values()):
        weights = {person.pk: len(person.own_week) or FULL_WEEK for person in everybody}
    total = sum(weights.values()) or 1
    return {who: ceil(promised * weight / total) for who, weight in weights.items()}


def share_of(person_id: int, rules: HandoffRules) -> int:
    """What was agreed for him, in percent; a share that cannot be read is none."""
    share = rules.routing_shares.get(str(person_id), 0)
    return int(share) if isinstance(share, int | float) and 0 < share <= 100 else 0


def starts_on(hours: presence.Hours | None, at: datetime) -> date | None:
    """None while he is at work, else the day on which he starts."""
    if hours is None or hours.is_open(at):
        return None
    try:
        return hours.local_date(hours.next_opening(at))
    except Exception:  # a calendar without open time: `sla` says so elsewhere, routing goes on
        return date.max


def start_of_day(at: datetime) -> datetime:
    """Midnight in the company's zone."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def earlier_rep(lead: Lead) -> int | None:
    """Who had this company's latest lead that sales accepted."""
    if lead.company_id is None:
        return None
    return (
        Handoff.objects.filter(
            lead__company=lead.company_id, receiver__isnull=False, accepted_at__isnull=False
        )
        .exclude(lead=lead.pk, state__in=OPEN_STATES)
        .order_by("-accepted_at", "-id")
        .values_list("receiver", flat=True)
        .first()
    )
