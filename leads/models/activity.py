"""What people read on the timeline."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.append_only import Fact
from leads.models.lead import Lead


class ActivityKind(models.TextChoices):
    VISIT = "VISIT", _("Site visit")
    FORM = "FORM", _("Form")
    DOWNLOAD = "DOWNLOAD", _("Download")
    EMAIL = "EMAIL", _("E-mail")
    CALL = "CALL", _("Call")
    MEETING = "MEETING", _("Meeting")
    NOTE = "NOTE", _("Note")
    EDIT = "EDIT", _("Edit")  # details: {"fields": [names]}, never the values
    NEXT_STEP = "NEXT_STEP", _("Next step")


class Activity(Fact):
    """One entry on a lead's timeline. `title` and `body` are words for people; a report never reads them."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="activities", db_index=False)
    kind = models.CharField(max_length=10, choices=ActivityKind.choices)
    occurred_at = models.DateTimeField()
    actor = models.ForeignKey(  # empty: the lead itself, or the system
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,  # nobody asks what somebody did, and each import would write it
        related_name="+",
    )
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    details = models.JSONField(default=dict, blank=True)  # wording only

    class Meta:
        verbose_name_plural = "activities"
        indexes = [models.Index(fields=["lead", "-occurred_at", "-id"], name="activity_by_lead")]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()
