"""What a person did to a lead and may still take back: the columns that it changed, before and after.

No log: what happened stands in the facts. An act is forgotten when it can no longer be undone.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models

from leads.models.lead import Lead

UNDO_WITHIN = timedelta(hours=24)


class ActQuerySet(models.QuerySet["Act"]):
    def standing(self) -> ActQuerySet:
        return self.filter(undone_at=None)

    def recent(self, at: datetime) -> ActQuerySet:
        """Those that could still be undone by their age."""
        return self.filter(at__gte=at - UNDO_WITHIN)

    def too_old(self, at: datetime) -> ActQuerySet:
        return self.filter(at__lt=at - UNDO_WITHIN)


class Act(models.Model):
    key = models.UUIDField(default=uuid.uuid4)  # the acts of one click on many leads share it
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="acts", db_index=False)
    kind = models.CharField(max_length=30)  # a name of leads.undoing.WORDS
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    changes = models.JSONField(default=dict)  # {table: {key: {column: [before, after]}}}
    made = models.JSONField(default=dict)  # {table: [key]}: rows that there were not before
    undone_at = models.DateTimeField(null=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["key"], name="act_by_key"),
            models.Index(fields=["lead", "-id"], name="act_by_lead"),
            models.Index(fields=["by", "-id"], name="act_by_person"),
            models.Index(fields=["at"], name="act_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.lead_id}"

    @property
    def undo_before(self) -> datetime:
        return self.at + UNDO_WITHIN

    @property
    def words(self) -> str:
        """What was done."""
        from leads.undoing import WORDS

        return str(WORDS[self.kind])
