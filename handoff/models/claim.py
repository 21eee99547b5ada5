"""What sales found out about a claim of marketing, once it had spoken with the lead."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from handoff.models.handoff import Handoff
from leads.append_only import Fact


class ClaimKind(models.TextChoices):
    CRITERION = "CRITERION", _("Criterion")  # a soft criterion that marketing answered with yes
    BRIEF = "BRIEF", _("Brief")  # an item of the brief that has a text


class Finding(models.TextChoices):
    CONFIRMED = "CONFIRMED", _("Yes, so it is")
    DENIED = "DENIED", _("No, it is not")
    UNKNOWN = "UNKNOWN", _("Did not come up")


class ClaimCheck(Fact):
    """The newest per claim counts. `key` is that of the criterion or of the item of the brief."""

    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="claim_checks")
    kind = models.CharField(max_length=9, choices=ClaimKind.choices)
    key = models.CharField(max_length=60)
    label = models.CharField(max_length=200)  # as it was called then
    finding = models.CharField(max_length=9, choices=Finding.choices)
    checked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["handoff", "kind", "key", "-id"], name="claim_check_by_claim"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.finding}"
