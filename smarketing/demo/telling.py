"""How the demo company is told of things: a connection that was tried and stands still, wishes for mail, a mailbox that refused."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sla.connection_form import ConnectionForm
from sla.models import ChannelKind, ConnectionKind, Notice, Pace, Topic, Wishes
from smarketing.demo.cast import Cast


def connect(cast: Cast, now: datetime) -> None:
    """Other software would hear of late promises; it is paused, because nobody listens there."""
    form = ConnectionForm(
        {
            "name": "Reporting",
            "kind": ConnectionKind.WEBHOOK,
            "address": "https://bi.demo.example/smarketing",
            "topics": [Topic.PROMISES, Topic.HANDOFFS],
            "language": "en",
        }
    )
    assert form.is_valid(), form.errors
    connection, _secret = form.connection(by=cast.administrator, at=now - timedelta(days=5))
    connection.save()
    connection.pause(at=now - timedelta(days=4))


def wish(cast: Cast) -> None:
    """The rep who signs in has quiet evenings; the marketer hears together every hour, and of outcomes once a day."""
    Wishes.objects.create(user=cast.reps[0], quiet_from=time(18), quiet_to=time(8))
    Wishes.objects.create(
        user=cast.marketers[0], paces={Topic.HANDOFFS: Pace.HOURLY, Topic.OUTCOMES: Pace.DAILY}
    )


def set_one_aside(cast: Cast, now: datetime) -> None:
    """One mailbox refused three times: an administrator sees it, and may let it try again."""
    latest = Notice.objects.filter(channel=ChannelKind.MAIL, recipient=cast.reps[2]).order_by("-id").first()
    if latest:
        Notice.objects.filter(pk=latest.pk).update(
            sent_at=None,
            attempts=3,
            quarantined_at=now - timedelta(hours=1),
            failure="SMTPRecipientsRefused: mailbox full",
        )
