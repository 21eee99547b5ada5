"""Telling people: a row per person and channel, once for each key. In the product it is there at once; mail follows (`sla.mails`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse

from sla import ladder
from sla.models.notice import ChannelKind, Notice, NoticeKind

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
    people = {person.pk for person in recipients if person and person.is_active} - {by.pk if by else None}
    rows = [
        Notice(
            kind=NoticeKind(kind),
            key=key,
            clock=clock,
            handoff=handoff or (clock.handoff if clock else None),
            lead=None if handoff or clock else lead,
            by=by,
            text=text[:300],
            recipient_id=person,
            channel=channel,
            created_at=at,
            sent_at=at if channel == ChannelKind.IN_APP else None,
            next_attempt_at=at if channel == ChannelKind.MAIL else None,
        )
        for person in sorted(people)
        for channel in (ChannelKind.IN_APP, ChannelKind.MAIL)
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(people)


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
    Notice.objects.bulk_create(
        [
            Notice(
                kind=event.kind,
                key=f"event:{event.pk}",
                event=event,
                clock=clock,
                handoff_id=clock.handoff_id,
                recipient_id=person,
                channel=channel,
                created_at=at,
                sent_at=at if channel == ChannelKind.IN_APP else None,
                next_attempt_at=at if channel == ChannelKind.MAIL else None,
            )
            for person in people
            for channel in channels
        ],
        ignore_conflicts=True,
    )


def with_what_they_are_about(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """All that a line about a notice shows, in a fixed number of queries."""
    return notices.select_related(
        "by", "lead__contact", "lead__company", "handoff__lead__contact", "handoff__lead__company", "event"
    ).prefetch_related("clock__pauses", "clock__calendar_version", "clock__holder", "clock__team")


def of(user: User) -> QuerySet[Notice]:
    """What this person was told in the product, the newest first."""
    mine = Notice.objects.filter(recipient=user, channel=ChannelKind.IN_APP)
    return with_what_they_are_about(mine).order_by("-created_at", "-id")


def unread(user: User) -> int:
    """How many notices in the product this person has not read; at most a hundred are counted."""
    return Notice.objects.filter(recipient=user, channel=ChannelKind.IN_APP, read_at=None)[:COUNTED].count()


def read_all(user: User, *, at: datetime) -> int:
    return Notice.objects.filter(
        recipient=user, channel=ChannelKind.IN_APP, read_at=None, created_at__lte=at
    ).update(read_at=at)


def set_aside() -> QuerySet[Notice]:
    """Mails that failed three times, for an administrator."""
    return (
        Notice.objects.filter(channel=ChannelKind.MAIL, sent_at=None, quarantined_at__isnull=False)
        .select_related("recipient", "clock")
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


def address_of(notice: Notice) -> str:
    """Where what it is about can be seen and done."""
    if notice.handoff_id:
        return reverse("handoff:detail", args=[notice.handoff_id])
    if notice.lead_id:
        return reverse("leads:detail", args=[notice.lead_id])
    return reverse(WITHOUT_A_LEAD.get(NoticeKind(notice.kind), "handoff:list"))
