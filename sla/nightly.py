"""The day in short, both ways, in the evening: how marketing keeps pace with what it promised, and which leads wait too long with whom.

One mail per person and evening, to those who lead either team and whoever wants it; none when there is nothing to say. It is written
when it is sent, from the facts of that moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone

from sla.chips import chip
from sla.models import ChannelKind, Clock, Notice, NoticeKind, Pace, TermSide, Topic, Wishes
from sla.models.wishes import USUAL
from sla.scorecard import measuring
from sla.scorecard.measuring import Kept
from smarketing.accounts.models import Role, Side, User
from smarketing.periods import month_of

EVENING = time(19)
LISTED = 15  # leads by name; the mail says how many more there are


@dataclass(frozen=True)
class Waiting:
    """One late lead as the mail names it."""

    lead: str
    holder: str
    words: str
    handoff_id: int


@dataclass(frozen=True)
class Day:
    """What there is to say: promises of marketing behind their pace, and late leads at sales."""

    behind: list[Kept]
    paces: list[Kept]
    waiting: list[Waiting]
    late: int

    @property
    def more(self) -> int:
        return max(0, self.late - len(self.waiting))

    @property
    def is_quiet(self) -> bool:
        return not self.late and not self.behind


def prepare(at: datetime) -> int:
    """From the evening on everybody concerned has one mail waiting for this day; returns how many new ones. Safe to run twice, and late."""
    local = timezone.localtime(at)
    key = f"nightly:{local.date().isoformat()}"
    if local.time() < EVENING or Notice.objects.filter(key=key).exists() or day(at).is_quiet:
        return 0
    rows = [
        Notice(
            kind=NoticeKind.NIGHTLY,
            key=key,
            recipient=person,
            channel=ChannelKind.MAIL,
            created_at=at,
            next_attempt_at=at,
        )
        for person in readers()
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def day(at: datetime) -> Day:
    paces = [
        kept
        for kept in measuring.of_month(month_of(timezone.localdate(at)), at=at)
        if kept.owner == TermSide.MARKETING and kept.pace is not None and kept.actual is not None
    ]
    late = Clock.objects.of_side(Side.SALES).overdue(at)
    shown = (
        late.with_all_for_chips()
        .select_related("holder", "team", "handoff__lead__contact", "handoff__lead__company")
        .order_by("due_at", "id")[: 2 * LISTED]
    )
    waiting: dict[int, Waiting] = {}
    for clock in shown:  # both clocks of one hand-off may be late: the older one speaks
        found = chip(clock, at)
        waiting.setdefault(
            clock.handoff_id,
            Waiting(
                str(clock.handoff.lead),
                str(clock.holder or clock.team),
                str(found.words) if found else "",
                clock.handoff_id,
            ),
        )
    return Day(
        behind=[kept for kept in paces if kept.state in ("late", "soon")],
        paces=paces,
        waiting=list(waiting.values())[:LISTED],
        late=late.values("handoff").distinct().count(),
    )


def readers() -> list[User]:
    """Who leads either team, unless he does not want it; and whoever wants it."""
    people = User.objects.active().exclude(role__in=[Role.FINANCE, Role.ADMINISTRATOR]).order_by("id")
    wishes = {wish.user_id: wish for wish in Wishes.objects.filter(paces__has_key=Topic.NIGHTLY)}
    return [
        person
        for person in people
        if (
            wishes[person.pk].pace(Topic.NIGHTLY)
            if person.pk in wishes
            else usual_pace(person, Topic.NIGHTLY)
        )
        != Pace.NEVER
    ]


def usual_pace(person: User, topic: str) -> str:
    """What counts for somebody who has said nothing: the day in short is for those who lead."""
    if topic == Topic.NIGHTLY:
        return Pace.AT_ONCE if person.leads_a_team else Pace.NEVER
    return USUAL[Topic(topic)]
