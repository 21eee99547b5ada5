"""Who signed which text of the agreement for which side."""

from __future__ import annotations

from django.db import models

from leads.append_only import Fact
from sla.models.agreement import Agreement
from smarketing.accounts.models import Side


class Signature(Fact):
    """One authorised person of one side signed exactly this content."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side.choices)
    signed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "side"], name="uq_once_signature_per_side"),
            models.UniqueConstraint(fields=["agreement", "signed_by"], name="uq_once_signature_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.side}"
