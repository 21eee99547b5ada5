"""One act on many leads of the queue: a single fact that names what was done with each, so that it can be taken back as one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.append_only import Fact


class BulkKind(models.TextChoices):
    SNOOZE = "SNOOZE", _("Snooze")
    REASSIGN = "REASSIGN", _("Reassign")


class BulkAct(Fact):
    """`items`: per lead {"lead": id, "handoff": id or null, "before": what stood there}. Nothing personal."""

    kind = models.CharField(max_length=8, choices=BulkKind.choices)
    acted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    acted_at = models.DateTimeField()
    items = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["acted_by", "-acted_at"], name="bulk_act_by_person")]

    def __str__(self) -> str:
        return f"{self.kind} {len(self.items)}"
