"""Open clocks counted anew: a row of work that first says what would move, and then moves it; and the very clocks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RecomputeScope(models.TextChoices):
    HOURS = "HOURS", _("The working hours as they are now")
    AGREEMENT = "AGREEMENT", _("The working hours and the targets of the agreement in force")


class RecomputeState(models.TextChoices):
    COUNTING = "COUNTING", _("Being counted")
    COUNTED = "COUNTED", _("Waits for your yes")
    MOVING = "MOVING", _("Being moved")
    DONE = "DONE", _("Done")
    FAILED = "FAILED", _("Failed")


class Effect(models.TextChoices):
    """What a move does to a clock; the worst first."""

    LATE = "LATE", _("becomes late")
    NOT_LATE = "NOT_LATE", _("is no longer late")
    MOVES = "MOVES", _("moves")
    UNMEASURED = "UNMEASURED", _("needs working hours")


class Recompute(models.Model):
    scope = models.CharField(max_length=9, choices=RecomputeScope.choices)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()  # what is late is judged as of this moment
    state = models.CharField(max_length=8, choices=RecomputeState.choices, default=RecomputeState.COUNTING)
    total = models.PositiveIntegerField(default=0)  # open clocks to look at
    looked_at = models.PositiveIntegerField(default=0)
    last_clock_id = models.BigIntegerField(default=0)  # up to which clock it was counted
    reason = models.CharField(_("why"), max_length=300, blank=True)
    confirmed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    moved = models.PositiveIntegerField(default=0)
    passed_over = models.PositiveIntegerField(default=0)  # finished meanwhile, or moved already
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # since the last batch that was finished
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="MOVING"), name="uq_once_recompute_under_way"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["COUNTING", "COUNTED", "FAILED"])
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(reason=""),
                name="recompute_moves_with_a_reason_and_a_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.pk}"

    # Questions

    @property
    def is_under_way(self) -> bool:
        return self.state in (RecomputeState.COUNTING, RecomputeState.MOVING)

    @property
    def waits(self) -> bool:
        return self.state == RecomputeState.COUNTED

    @property
    def is_done(self) -> bool:
        return self.state == RecomputeState.DONE


class RecomputedClock(models.Model):
    """One clock that would move, or did."""

    recompute = models.ForeignKey(Recompute, on_delete=models.CASCADE, related_name="clocks")
    clock = models.ForeignKey("sla.Clock", on_delete=models.PROTECT, related_name="+")
    effect = models.CharField(max_length=10, choices=Effect.choices)
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recompute", "clock"], name="uq_once_clock_per_recompute")
        ]
        indexes = [
            models.Index(
                fields=["recompute", "id"],
                name="recomputed_clock_to_move",
                condition=Q(done_at__isnull=True),
            ),
            models.Index(fields=["recompute", "effect", "id"], name="recomputed_clock_by_effect"),
        ]

    def __str__(self) -> str:
        return f"{self.recompute_id} {self.clock_id}"
