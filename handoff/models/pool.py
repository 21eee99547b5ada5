"""What happens in the pool: who was offered what, who took it in turn, who picked another, who let one pass and why."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from handoff.models.handoff import Handoff
from leads.append_only import Fact


class TurnKind(models.TextChoices):
    OFFERED = "OFFERED", _("Offered as the next")
    SKIPPED = "SKIPPED", _("Let pass")
    CLAIMED = "CLAIMED", _("Claimed")


class SkipReason(models.TextChoices):
    """Why somebody lets the next one pass."""

    LANGUAGE = "LANGUAGE", _("I do not speak the language")
    REGION = "REGION", _("Another region or field")
    CONFLICT = "CONFLICT", _("I cannot be neutral here")
    NO_TIME = "NO_TIME", _("I cannot call in time")
    OTHER = "OTHER", _("Other")


class PoolTurn(Fact):
    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="turns")
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=TurnKind.choices)
    happened_at = models.DateTimeField()
    reason = models.CharField(max_length=10, choices=SkipReason.choices, blank=True)
    note = models.CharField(max_length=200, blank=True)
    in_turn = models.BooleanField(null=True)  # of a claim: it was the next in line, or what was offered

    class Meta:
        indexes = [
            models.Index(fields=["kind", "happened_at"], name="pool_turn_by_kind"),
            models.Index(fields=["handoff", "person"], name="pool_turn_by_handoff"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
