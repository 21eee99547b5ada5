"""A message to one person through one channel about one event: a row first, sent afterwards."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from sla.models.clock import ClockEvent


class ChannelKind(models.TextChoices):
    IN_APP = "IN_APP", _("In the product")
    MAIL = "MAIL", _("E-mail")


class Notice(models.Model):
    event = models.ForeignKey(ClockEvent, on_delete=models.PROTECT, related_name="notices")
    recipient = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="notices")
    channel = models.CharField(max_length=6, choices=ChannelKind.choices)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # in the product: at once
    read_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # counted and committed before the try
    next_attempt_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)  # three tries failed; an administrator sees it
    failure = models.CharField(max_length=200, blank=True)  # why the latest try failed
    mail_key = models.UUIDField(null=True)  # the mail that carries it; the same at every try

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient", "channel"], name="uq_once_notice")
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="notice_to_send",
                condition=models.Q(sent_at__isnull=True, quarantined_at__isnull=True),
            ),
            models.Index(
                fields=["recipient", "-created_at"],
                name="notice_by_recipient",
                condition=models.Q(channel="IN_APP"),
            ),
            models.Index(
                fields=["recipient"],
                name="notice_unread",
                condition=models.Q(channel="IN_APP", read_at__isnull=True),
            ),
            models.Index(
                fields=["-quarantined_at"],
                name="notice_set_aside",
                condition=models.Q(sent_at__isnull=True, quarantined_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.event_id}"

    # Verbs

    def mark_read(self, *, at: datetime) -> None:
        """The first reading counts."""
        Notice.objects.filter(pk=self.pk, read_at=None).update(read_at=at)
