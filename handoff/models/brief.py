"""The brief: the items of information that the agreement demands at hand-off, what is kept of it while somebody writes, and texts to start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from handoff.models.handoff import Handoff
from leads.append_only import Fact
from leads.models import Campaign, Lead, Source

if TYPE_CHECKING:
    from datetime import datetime

    from smarketing.accounts.models import User

LONGEST_WAIVER = 300


class BriefItem(Fact):
    """Written once, with the hand-off. A demanded item without a text has a reason why it was sent without."""

    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="brief_items")
    key = models.CharField(max_length=60)
    label = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    required = models.BooleanField(default=True)
    waived_reason = models.CharField(max_length=LONGEST_WAIVER, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handoff", "key"], name="uq_once_brief_item"),
            models.CheckConstraint(
                condition=Q(waived_reason="") | Q(text="", required=True),
                name="brief_item_waived_only_when_demanded_and_empty",
            ),
        ]
        indexes = [
            models.Index(fields=["handoff"], name="brief_item_waived", condition=~Q(waived_reason="")),
            models.Index(fields=["handoff"], name="brief_item_lacking", condition=Q(required=True, text="")),
        ]

    def __str__(self) -> str:
        return self.label


class BriefDraft(models.Model):
    """What one person typed into the brief of one lead and did not send yet. It goes when the lead is handed over."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="brief_drafts")
    person = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    texts = models.JSONField(default=dict)  # {item key: text}
    waived = models.JSONField(default=dict)  # {item key: why it is sent without}
    prefilled = models.JSONField(default=dict)  # {item key: the text that nobody has edited}
    to = models.CharField(max_length=20, blank=True)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lead", "person"], name="uq_once_brief_draft")]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.person_id}"


class BriefTemplate(models.Model):
    """Texts to start from, for leads of one source or one campaign; without either, for all others."""

    name = models.CharField(_("name"), max_length=80)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source")
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("campaign"),
    )
    texts = models.JSONField(default=dict)  # {item key: text}
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "campaign"],
                condition=Q(retired_at__isnull=True),
                nulls_distinct=False,
                name="uq_once_brief_template",
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | Q(campaign__isnull=True),
                name="brief_template_for_source_or_campaign",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    # Verbs

    def retire(self, *, by: User, at: datetime) -> bool:
        """It is offered no more. False when it was retired before."""
        return bool(
            BriefTemplate.objects.filter(pk=self.pk, retired_at=None).update(
                retired_at=at, changed_by=by, changed_at=at
            )
        )
