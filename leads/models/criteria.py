"""The agreed definition of sales-ready, in versions. How rules are evaluated is in `leads/criteria/`."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.append_only import Fact
from smarketing.accounts.models import Side


class CriteriaState(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    PROPOSED = "PROPOSED", _("Proposed")
    IN_FORCE = "IN_FORCE", _("In force")
    SUPERSEDED = "SUPERSEDED", _("Superseded")


class CriterionKind(models.TextChoices):
    HARD = "HARD", _("Rule over facts")
    SOFT = "SOFT", _("Judgement by a person")


class CriteriaSet(models.Model):
    """One version. At most one is in force; once proposed, its criteria never change."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=CriteriaState.choices, default=CriteriaState.DRAFT
    )
    points_needed = models.PositiveIntegerField(_("points needed"), default=0)
    note = models.CharField(_("what changed and why"), max_length=300, blank=True)
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    in_force_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state=CriteriaState.IN_FORCE),
                name="uq_once_criteria_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"


class Criterion(models.Model):
    """One line: hard (a rule over facts) or soft (a question that a person answers); a must-have, or worth points."""

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.CASCADE, related_name="criteria")
    key = models.SlugField(_("key"), max_length=60)  # the same criterion keeps its key through the versions
    label = models.CharField(_("label"), max_length=120)
    kind = models.CharField(_("kind"), max_length=4, choices=CriterionKind.choices)
    required = models.BooleanField(_("must have"), default=False)
    points = models.PositiveIntegerField(_("points"), default=0)
    rule = models.JSONField(null=True, blank=True)  # of a hard one: see leads/criteria/rules.py
    hint = models.CharField(_("how to find out"), max_length=200, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "key"], name="uq_once_criterion_key"),
            models.CheckConstraint(
                condition=models.Q(kind=CriterionKind.HARD, rule__isnull=False)
                | models.Q(kind=CriterionKind.SOFT, rule__isnull=True),
                name="criterion_hard_has_a_rule",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Approval(Fact):
    """One side's yes to a proposed version."""

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="approvals")
    side = models.CharField(max_length=10, choices=Side.choices)
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "side"], name="uq_once_approval_per_side")
        ]

    def __str__(self) -> str:
        return f"{self.criteria_set}: {self.side}"
