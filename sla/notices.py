"""Telling people: a row per person, channel and event. In the product it is there at once; mail follows (`sla.mails`)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sla import ladder
from sla.models.notice import ChannelKind, Notice

if TYPE_CHECKING:
    from sla.models import Clock, ClockEvent
    from smarketing.accounts.models import User


def tell_in_product(event: ClockEvent, clock: Clock, *, at: datetime) -> None:
    """The holder, or whoever stands in for him, reads it in the product; no mail, because somebody has just acted."""
    for recipient in ladder.told_first(clock.team_id, clock.holder_id, at):
        Notice.objects.get_or_create(
            event=event,
            recipient_id=recipient,
            channel=ChannelKind.IN_APP,
            defaults={"created_at": at, "sent_at": at},
        )


def unread(user: User) -> int:
    """How many notices in the product this person has not read."""
    return Notice.objects.filter(recipient=user, channel=ChannelKind.IN_APP, read_at=None)[:100].count()
