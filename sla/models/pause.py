"""A time that does not count, for one of the agreed reasons. Each has its end; it runs out by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class PauseReason(models.TextChoices):
    MARKETING_ANSWERS = "MARKETING_ANSWERS", _("Marketing owes an answer")
    LEAD_ASKED_FOR_DATE = "LEAD_ASKED_FOR_DATE", _("The lead asked for a date")
    DUPLICATE_REVIEW = "DUPLICATE_REVIEW", _("A possible duplicate is looked at")


# Working minutes for which a reason may hold one clock, all its pauses together, where the agreement says nothing.
USUAL_PAUSES: dict[str, int] = {
    PauseReason.MARKETING_ANSWERS: 2 * 8 * 60,
    PauseReason.LEAD_ASKED_FOR_DATE: 20 * 8 * 60,
    PauseReason.DUPLICATE_REVIEW: 8 * 60,
}


class Pause(models.Model):
    clock = models.ForeignKey("sla.Clock", on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=20, choices=PauseReason.choices)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)  # when it runs out by itself
    to_at = models.DateTimeField(null=True)  # when it ended
    was_cut = models.BooleanField(default=False, db_default=False)  # the end of the clock ended it early
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "reason"],
                condition=models.Q(to_at__isnull=True),
                name="uq_once_open_pause_per_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(to_at__isnull=True) | models.Q(to_at__gte=models.F("from_at")),
                name="pause_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(until_at__isnull=True) | models.Q(until_at__gte=models.F("from_at")),
                name="pause_runs_out_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.reason}"

    @property
    def ends_at(self) -> datetime | None:
        """When it ended, or will by itself."""
        return self.to_at or self.until_at
