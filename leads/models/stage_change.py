"""The facts behind the stage of a lead: each move, once."""

from __future__ import annotations

from django.db import models

from leads.append_only import Fact
from leads.models.lead import Lead
from leads.models.stage import Stage


class StageChange(Fact):
    """One move of one lead. The first one of every lead is its capture: from nothing to NEW (or to the stage it came with)."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="stage_changes", db_index=False)
    from_stage = models.CharField(max_length=12, choices=Stage.choices, blank=True)
    to_stage = models.CharField(max_length=12, choices=Stage.choices)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,  # nobody asks what somebody moved, and each import would write it
        related_name="+",
    )
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["lead", "changed_at"], name="stage_change_by_lead")]

    def __str__(self) -> str:
        return f"{self.from_stage} → {self.to_stage}"
