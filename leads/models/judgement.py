"""What was known, answered and decided about a lead's sales-readiness. All of it append-only."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.append_only import Fact
from leads.models.criteria import CriteriaSet
from leads.models.lead import Lead


class Answer(models.TextChoices):
    YES = "YES", _("Yes")
    NO = "NO", _("No")
    UNKNOWN = "UNKNOWN", _("Unknown")


class LeadFact(Fact):
    """A named value with its source and moment. The newest per key is also in `Lead.facts`."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="fact_history", db_index=False)
    key = models.CharField(max_length=80)
    value = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    origin = models.CharField(max_length=120, blank=True)  # "form", "import 12", "api", "person"
    known_at = models.DateTimeField()
    known_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["lead", "key", "-known_at"], name="lead_fact_by_key")]

    def __str__(self) -> str:
        return self.key


class Judgement(Fact):
    """A person's answer to a soft criterion, or his correction of an automatic one, with evidence. The newest per key is also in `Lead.answers`."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="judgements")
    key = models.CharField(max_length=60)
    answer = models.CharField(max_length=7, choices=Answer.choices)
    evidence = models.CharField(max_length=500, blank=True)
    judged_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["lead", "key", "-id"], name="judgement_by_key")]

    def __str__(self) -> str:
        return f"{self.key}: {self.answer}"


class Qualification(Fact):
    """The verdict with which a lead was marked sales-ready, and under which version; an override says why and by whom."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="qualifications")
    criteria_set = models.ForeignKey(
        CriteriaSet, on_delete=models.PROTECT, null=True, related_name="qualifications"
    )
    sales_ready = models.BooleanField()
    points = models.PositiveIntegerField()
    points_needed = models.PositiveIntegerField()
    verdict = models.JSONField(
        encoder=DjangoJSONEncoder
    )  # Verdict.as_json(): {criteria: [per criterion: key, label, kind, required, points, answer, evidence], ...}
    override_reason = models.CharField(max_length=300, blank=True)
    marked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["lead", "-id"], name="qualification_by_lead")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sales_ready=True) | ~models.Q(override_reason=""),
                name="qualification_override_has_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.marked_at:%Y-%m-%d}"

    @property
    def lines(self) -> list[dict[str, Any]]:
        """One per criterion, in their order."""
        lines: list[dict[str, Any]] = (self.verdict or {}).get("criteria", [])
        return lines
