"""Who receives a hand-off when nobody is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handoff.models import OPEN_STATES, Handoff
from smarketing.accounts.models import Role, Side, Team, User


@dataclass(frozen=True)
class Choice:
    """The colleague that routing found, or None for the pool, and why, in words."""

    user: User | None
    because: str


@transaction.atomic
def choose_receiver(team: Team, *, at: datetime) -> Choice:
    """The present member with the fewest open hand-offs; of several, the one who has waited longest for one.

    The team's row stays locked until the hand-off is committed, so that two at once do not choose the same colleague.
    """
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    rep = (
        candidates(team, at=at)
        .order_by("open_handoffs", F("last_received_at").asc(nulls_first=True), "id")
        .first()
    )
    if rep is None:
        return Choice(None, _("Nobody of %(team)s is present: it waits in the pool.") % {"team": team})
    words = ngettext(
        "Fewest open hand-offs of those present: %(number)s.",
        "Fewest open hand-offs of those present: %(number)s.",
        rep.open_handoffs,
    )
    return Choice(rep, words % {"number": rep.open_handoffs})


def candidates(team: Team, *, at: datetime) -> QuerySet[Any]:
    """Present colleagues of the team who take hand-offs, with `open_handoffs` and `last_received_at`."""
    theirs = Handoff.objects.filter(receiver=OuterRef("pk")).order_by()
    load = (
        theirs.filter(state__in=OPEN_STATES).values("receiver").annotate(number=Count("pk")).values("number")
    )
    latest = theirs.order_by("-sent_at").values("received_at")[:1]
    return (
        User.objects.present(at)
        .filter(team=team, role__in=[Role.MEMBER, Role.TEAM_LEAD])
        .annotate(
            open_handoffs=Coalesce(Subquery(load, output_field=IntegerField()), 0),
            last_received_at=Subquery(latest),
        )
    )


def receiving_team(person: User | None = None) -> Team | None:
    """The sales team of this colleague, otherwise the first one."""
    if person and person.team and person.team.kind == Side.SALES:
        return person.team
    return Team.objects.filter(kind=Side.SALES).order_by("id").first()
