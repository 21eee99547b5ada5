"""The items of information that the agreement demands at hand-off. Written once, with the hand-off."""

from __future__ import annotations

from django.db import models

from handoff.models.handoff import Handoff
from leads.append_only import Fact


class BriefItem(Fact):
    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="brief_items")
    key = models.CharField(max_length=60)
    label = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    required = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handoff", "key"], name="uq_once_brief_item")]

    def __str__(self) -> str:
        return self.label
