"""Telling people: a row per person and channel, once for each key. In the product it is there at once; mail follows (`sla.mails`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from handoff.models import OPEN_STATES, State
from sla import ladder, wishing
from sla.models.agreement import Agreement
from sla.models.clock import ClockState
from sla.models.connection import Connection
from sla.models.notice import TO_ACT, ChannelKind, Notice, NoticeKind, Topic

if TYPE_CHECKING:
    from handoff.models import Handoff
    from leads.models import Lead
    from sla.models import Clock, ClockEvent
    from smarketing.accounts.models import User

COUNTED = 100


def announce(
    kind: str,
    *,
    recipients: Iterable[User | None],
    key: str,
    at: datetime,
    by: User | None = None,
    lead: Lead | None = None,
    handoff: Handoff | None = None,
    clock: Clock | None = None,
    text: str = "",
) -> int:
    """Each of them is told once of what `key` names ("handoff:7:returned"), in the product and by mail, in the caller's transaction.

    Nobody is told what he did himself, and nobody who left. `text` is shown as it is to everybody, whatever his language: a figure, a
    date, the name of a term; never a person's data and never somebody's own words, which stay where they were written. Returns how many people.
    """
    kind, handoff = NoticeKind(kind), handoff or (clock.handoff if clock else None)
    people = {person.pk for person in recipients if person and person.is_active} - {by.pk if by else None}
    if not people:
        return 0
    common = {
        "kind": kind,
        "key": key,
        "clock": clock,
        "handoff": handoff,
        "lead": None if handoff else lead,
        "by": by,
        "text": text[:300],
        "created_at": at,
    }
    team = handoff.receiving_team_id if handoff else None
    rows = [
        *(Notice(**common, recipient_id=person, channel=ChannelKind.IN_APP, sent_at=at) for person in people),
        *(
            Notice(**common, recipient_id=person, channel=ChannelKind.MAIL, next_attempt_at=at)
            for person in people.difference(wishing.without_mail(kind.topic))
        ),
        *(
            Notice(**common, connection_id=connection, channel=ChannelKind.POST, next_attempt_at=at)
            for connection, of_team in connections_for(kind.topic)
            if of_team in (None, team)
        ),
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(people)


def connections_for(topic: str) -> list[tuple[int, int | None]]:
    """Which connections hear of this topic, and of which team only."""
    on = Connection.objects.filter(paused_at=None, removed_at=None, topics__contains=[topic])
    return list(on.order_by("id").values_list("pk", "team_id"))


def outlets_of_promises() -> dict[str, list[Any]]:
    """Who wants no mail of promises, and which connections hear of them; as columns for sweep.sql."""
    connections = connections_for(Topic.PROMISES)
    return {
        "no_mail": wishing.without_mail(Topic.PROMISES),
        "connections": [connection for connection, _ in connections],
        "connection_teams": [team for _, team in connections],
    }


def tell_in_product(event: ClockEvent, clock: Clock, *, at: datetime) -> None:
    """The holder, or whoever stands in for him, reads it in the product; no mail, because somebody has just acted."""
    tell(event, clock, ladder.audience(at).told_first(clock), at=at, channels=[ChannelKind.IN_APP])


def tell(
    event: ClockEvent,
    clock: Clock,
    people: Iterable[int],
    *,
    at: datetime,
    channels: Sequence[str] = (ChannelKind.IN_APP, ChannelKind.MAIL),
) -> None:
    """Of one event of a clock, as the sweep does for many."""
    common = {
        "kind": event.kind,
        "key": f"event:{event.pk}",
        "event": event,
        "clock": clock,
        "handoff_id": clock.handoff_id,
        "created_at": at,
    }
    no_mail = wishing.without_mail(Topic.PROMISES) if ChannelKind.MAIL in channels else []
    rows = [
        Notice(
            **common,
            recipient_id=person,
            channel=channel,
            sent_at=at if channel == ChannelKind.IN_APP else None,
            next_attempt_at=at if channel == ChannelKind.MAIL else None,
        )
        for person in people
        for channel in channels
        if channel != ChannelKind.MAIL or person not in no_mail
    ]
    rows += [
        Notice(**common, connection_id=connection, channel=ChannelKind.POST, next_attempt_at=at)
        for connection, of_team in connections_for(Topic.PROMISES)
        if of_team in (None, clock.team_id)
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def with_what_they_are_about(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """All that a line about a notice shows, in a fixed number of queries."""
    return notices.select_related(
        "by", "lead__contact", "lead__company", "handoff__lead__contact", "handoff__lead__company", "event"
    ).prefetch_related("clock__pauses", "clock__calendar_version", "clock__holder", "clock__team")


def of(user: User) -> QuerySet[Notice]:
    """What this person was told in the product, the newest first."""
    mine = Notice.objects.filter(recipient=user, channel=ChannelKind.IN_APP)
    return with_what_they_are_about(mine).order_by("-created_at", "-id")


@dataclass(frozen=True)
class View:
    """One way to narrow the list; `empty` is what stands there when nothing is left."""

    label: Any
    empty: Any
    pick: Callable[[QuerySet[Notice], User], QuerySet[Notice]]


def _to_act(notices: QuerySet[Notice], user: User) -> QuerySet[Notice]:
    """Somebody waits for the reader still: a promise that is open, a hand-off that is, a signature, a word that he has not read."""
    to_sign = [asked_to_sign(proposal) for proposal in Agreement.objects.waiting_for(user)]
    unsigned = Q(kind=NoticeKind.TO_SIGN, key__in=to_sign)
    open_clock = Q(clock__state__in=[ClockState.RUNNING, ClockState.PAUSED])
    open_handoff = Q(clock=None, handoff__state__in=[*OPEN_STATES, State.RETURNED])
    others = Q(clock=None, handoff=None, read_at=None) & ~Q(kind=NoticeKind.TO_SIGN)
    return notices.filter(open_clock | open_handoff | unsigned | others, kind__in=TO_ACT)


VIEWS: dict[str, View] = {
    "": View(
        _("All"),
        _("When something you hold is due soon or late, it stands here and comes by mail."),
        lambda rows, user: rows,
    ),
    "unread": View(_("New"), _("You have read everything."), lambda rows, user: rows.filter(read_at=None)),
    "act": View(_("For me to act"), _("Nobody waits for you."), _to_act),
}


def unread(user: User) -> int:
    """How many notices in the product this person has not read; at most a hundred are counted."""
    return Notice.objects.filter(recipient=user, channel=ChannelKind.IN_APP, read_at=None)[:COUNTED].count()


def read_all(user: User, *, at: datetime) -> int:
    return Notice.objects.filter(
        recipient=user, channel=ChannelKind.IN_APP, read_at=None, created_at__lte=at
    ).update(read_at=at)


def set_aside() -> QuerySet[Notice]:
    """What failed three times, for an administrator."""
    return (
        Notice.objects.filter(sent_at=None, quarantined_at__isnull=False)
        .exclude(kind=NoticeKind.TRIAL)
        .select_related("recipient", "connection", "clock")
        .order_by("-quarantined_at", "-id")
    )


WITHOUT_A_LEAD = {
    NoticeKind.REVIEW_DATE: "sla:agreement",
    NoticeKind.OWN_VALUE: "sla:agreement",
    NoticeKind.RECOMPUTED: "sla:agreement",
    NoticeKind.NIGHTLY: "dashboard:dashboard",
    NoticeKind.CAPACITY: "dashboard:dashboard",
    NoticeKind.OUTCOMES: "handoff:sent",
}


def asked_to_sign(proposal: Agreement) -> str:
    """The key of the request to sign it."""
    return f"agreement:{proposal.pk}:proposed"


ABOUT_AN_AGREEMENT = re.compile(r"agreement:(\d+):")


def address_of(notice: Notice) -> str:
    """Where what it is about can be seen and done."""
    if notice.handoff_id:
        return reverse("handoff:detail", args=[notice.handoff_id])
    if notice.lead_id:
        return reverse("leads:detail", args=[notice.lead_id])
    if version := ABOUT_AN_AGREEMENT.match(notice.key):
        return reverse("sla:version", args=[int(version[1])])
    return reverse(WITHOUT_A_LEAD.get(NoticeKind(notice.kind), "handoff:list"))
