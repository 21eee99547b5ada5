"""Telling people: a row per person, channel and event. In the product it is there at once; mail follows (`sla.mails`)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from sla import ladder
from sla.models.notice import ChannelKind, Notice

if TYPE_CHECKING:
    from sla.models import Clock, ClockEvent
    from smarketing.accounts.models import User

COUNTED = 100


def tell_in_product(event: ClockEvent, clock: Clock, *, at: datetime) -> None:
    """The holder, or whoever stands in for him, reads it in the product; no mail, because somebody has just acted."""
    for recipient in ladder.told_first(clock.team_id, clock.holder_id, at):
        Notice.objects.get_or_create(
            event=event,
            recipient_id=recipient,
            channel=ChannelKind.IN_APP,
            defaults={"created_at": at, "sent_at": at},
        )


def of(user: User) -> QuerySet[Notice]:
    """What this person was told in the product, the newest first."""
    return (
        Notice.objects.filter(recipient=user, channel=ChannelKind.IN_APP)
        .select_related("event__clock__handoff__lead__contact", "event__clock__handoff__lead__company")
        .select_related("event__clock__calendar_version", "event__clock__holder", "event__clock__team")
        .prefetch_related("event__clock__pauses")
        .order_by("-created_at", "-id")
    )


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
        .select_related("recipient", "event__clock")
        .order_by("-quarantined_at", "-id")
    )
