"""Who held a clock from when to when: a breach belongs to whoever held it at the due moment."""

from __future__ import annotations

from django.db import models


class Segment(models.Model):
    clock = models.ForeignKey("sla.Clock", on_delete=models.PROTECT, related_name="segments")
    holder = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    answers_for_breach = models.BooleanField(
        default=True
    )  # he got it with the agreed minimum left; otherwise a breach is the team's

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=models.Q(to_at__isnull=True), name="uq_once_open_segment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.holder_id}"
