"""The agreed definition of sales-ready, in versions. How rules are evaluated is in `leads/criteria/`."""

from __future__ import annotations

from copy import copy
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.append_only import Fact
from smarketing.accounts.models import Side
from smarketing.prepared import Prepared


class CriteriaState(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    PROPOSED = "PROPOSED", _("Proposed")
    IN_FORCE = "IN_FORCE", _("In force")
    SUPERSEDED = "SUPERSEDED", _("Superseded")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class CriterionKind(models.TextChoices):
    HARD = "HARD", _("Rule over facts")
    SOFT = "SOFT", _("Judgement by a person")


_read: dict[tuple[Any, ...], CriteriaSet] = {}  # the one in force, as this process read it


class CriteriaSetQuerySet(models.QuerySet[Any]):
    def with_criteria(self) -> CriteriaSetQuerySet:
        """With the criteria of each, in the order of the page."""
        ordered = Criterion.objects.order_by("-required", "position", "id")
        return self.prefetch_related(models.Prefetch("criteria", queryset=ordered))

    def with_approvals(self) -> CriteriaSetQuerySet:
        approvals = Approval.objects.select_related("approved_by").order_by("id")
        return self.select_related("created_by").prefetch_related(
            models.Prefetch("approvals", queryset=approvals)
        )

    def in_force(self) -> CriteriaSet | None:
        """What both teams agreed on and what counts now, with its criteria; None before the first agreement.

        Its criteria never change (the database sees to it), so that a process reads them once.
        """
        standing = next(iter(IN_FORCE.rows()), None)
        if standing is None:
            return None
        if standing not in _read:
            whole = self.model.objects.with_criteria().get(pk=standing[0])
            _read.clear()
            _read[standing] = whole
        return copy(_read[standing])

    def newest_first(self) -> CriteriaSetQuerySet:
        return self.order_by("-version")


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

    objects = CriteriaSetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state=CriteriaState.IN_FORCE),
                name="uq_once_criteria_in_force",
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state=CriteriaState.DRAFT),
                name="uq_once_criteria_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"

    # Questions

    @property
    def is_draft(self) -> bool:
        return self.state == CriteriaState.DRAFT

    @property
    def is_proposed(self) -> bool:
        return self.state == CriteriaState.PROPOSED

    @property
    def is_in_force(self) -> bool:
        return self.state == CriteriaState.IN_FORCE

    @property
    def must_haves(self) -> list[Criterion]:
        return [criterion for criterion in self.criteria.all() if criterion.required]

    @property
    def nice_to_haves(self) -> list[Criterion]:
        return [criterion for criterion in self.criteria.all() if not criterion.required]

    @property
    def points_to_get(self) -> int:
        """What a lead has that answers every question with yes."""
        return sum(criterion.points for criterion in self.criteria.all())


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

    # Questions

    @property
    def is_hard(self) -> bool:
        return self.kind == CriterionKind.HARD

    @cached_property
    def understood_rule(self) -> Any:
        """The rule as both executors take it; None for a question."""
        from leads.criteria.definition import parse

        return None if self.rule is None else parse(self.rule)


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


IN_FORCE = Prepared(
    lambda: CriteriaSet.objects.filter(state=CriteriaState.IN_FORCE).values_list(
        "pk", "in_force_at", "state"
    )[:1]
)
