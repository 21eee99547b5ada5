"""What the agreement in force demands of a hand-off. `sla` installs a row here when an agreement comes into force; nothing here asks `sla`."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContactCounts(models.TextChoices):
    """Which first contact keeps the promise."""

    ATTEMPT = "ATTEMPT", _("An attempt counts")
    CONVERSATION = "CONVERSATION", _("Only a conversation counts")


class HandoffRules(models.Model):
    """One installed version. The one with the latest `in_force_at` counts; a hand-off keeps the one under which it was sent."""

    agreement_version = models.PositiveIntegerField(
        null=True, unique=True
    )  # empty: the rules before any agreement
    brief_items = models.JSONField(
        default=list
    )  # [{key, label, hint, required, max_length}], in the order of the form
    hot_rule = models.JSONField(
        null=True, blank=True
    )  # a rule of leads/criteria/rules.py; empty: nothing is hot
    contact_counts = models.CharField(
        max_length=12, choices=ContactCounts.choices, default=ContactCounts.ATTEMPT
    )
    capacity_per_month = models.PositiveIntegerField(
        null=True, blank=True
    )  # hand-offs that sales promised to handle
    in_force_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "hand-off rules"

    def __str__(self) -> str:
        return f"v{self.agreement_version or 0}"
