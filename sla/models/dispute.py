"""One side says that a clock is wrong; the other side answers. While it is open the clock counts apart."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from smarketing.accounts.models import Side

if TYPE_CHECKING:
    from smarketing.accounts.models import User


class Decision(models.TextChoices):
    VOID = "VOID", _("You are right: it counts for nobody")
    CLEARED = "CLEARED", _("You are right: it counts as in time")
    REJECTED = "REJECTED", _("No: it stays as it is")


class Dispute(models.Model):
    clock = models.ForeignKey("sla.Clock", on_delete=models.PROTECT, related_name="disputes")
    side = models.CharField(max_length=10, choices=Side.choices)  # who disputes; the other side answers
    reason = models.CharField(_("what is wrong"), max_length=300)
    raised_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    answer = models.CharField(_("your answer"), max_length=300, blank=True)
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(answered_at__isnull=True), name="uq_once_open_dispute"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, decision="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(decision="") & ~Q(answer=""),
                name="dispute_is_answered_by_somebody_in_words",
            ),
        ]
        indexes = [
            models.Index(fields=["raised_at"], name="dispute_open", condition=Q(answered_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.side}"

    def settle(self, decision: str, words: str, *, by: User, at: datetime) -> None:
        """Answered, by somebody and in words."""
        self.decision, self.answer = Decision(decision), words.strip()[:300]
        self.answered_by, self.answered_at = by, at
        self.save(update_fields=["decision", "answer", "answered_by", "answered_at"])

    # Questions

    @property
    def is_open(self) -> bool:
        return self.answered_at is None

    @property
    def answering_side(self) -> str:
        return Side.SALES if self.side == Side.MARKETING else Side.MARKETING
