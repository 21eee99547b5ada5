"""Where messages of the company go besides people: a channel in Slack or Teams, or other software. Its address and secret lie sealed."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from smarketing import sealing


class ConnectionKind(models.TextChoices):
    SLACK = "SLACK", _("Slack")
    TEAMS = "TEAMS", _("Microsoft Teams")
    WEBHOOK = "WEBHOOK", _("Other software (signed webhook)")


class Connection(models.Model):
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=7, choices=ConnectionKind.choices)
    team = models.ForeignKey(
        "accounts.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )  # empty: of every team
    topics = models.JSONField(default=list)  # of Topic
    language = models.CharField(
        _("language"), max_length=5, choices=[("en", "English"), ("nl", "Nederlands")], default="en"
    )
    host = models.CharField(max_length=255)  # what may be shown of the address
    sealed_address = models.TextField()
    sealed_secret = models.TextField(blank=True)  # signs what a webhook gets
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)  # its log stays

    def __str__(self) -> str:
        return self.name

    # Verbs

    def pause(self, *, at: datetime) -> None:
        Connection.objects.filter(pk=self.pk, paused_at=None).update(paused_at=at)

    def go_on(self) -> None:
        Connection.objects.filter(pk=self.pk).update(paused_at=None)

    def remove(self, *, at: datetime) -> None:
        """Its address and secret are forgotten; its log stays."""
        Connection.objects.filter(pk=self.pk).update(removed_at=at, sealed_address="", sealed_secret="")

    # Questions

    @property
    def is_on(self) -> bool:
        return self.paused_at is None and self.removed_at is None

    @property
    def address(self) -> str:
        """Raises SealBroken."""
        return sealing.unseal(self.sealed_address)

    @property
    def secret(self) -> str:
        """Raises SealBroken."""
        return sealing.unseal(self.sealed_secret) if self.sealed_secret else ""
