"""What happened to a hand-off: one row per verb, read by the timeline, by conflicts ("who did what when") and by reports."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from handoff.models.handoff import Handoff
from leads.append_only import Fact


class EventKind(models.TextChoices):
    SENT = "SENT", _("Handed over")
    CLAIMED = "CLAIMED", _("Claimed from the pool")
    REASSIGNED = "REASSIGNED", _("Reassigned")
    PUT_BACK = "PUT_BACK", _("Back to the pool: nobody called")
    ASKED = "ASKED", _("Asked for information")
    REPLIED = "REPLIED", _("Answered the question")
    ACCEPTED = "ACCEPTED", _("Accepted")
    RETURNED = "RETURNED", _("Returned")
    SENT_AGAIN = "SENT_AGAIN", _("Sent again after the return")
    CONTESTED = "CONTESTED", _("Contested the return")
    UPHELD = "UPHELD", _("Contest upheld: back with sales")
    REJECTED = "REJECTED", _("Contest rejected: with marketing")
    LET_GO = "LET_GO", _("Closed by marketing after the return")
    PREPARED = "PREPARED", _("Opened the call sheet")
    CONTACTED = "CONTACTED", _("First contact")
    HOT = "HOT", _("Became hot")
    NOT_HOT = "NOT_HOT", _("Not hot any more")
    CLOSED = "CLOSED", _("Closed")
    JOINED = "JOINED", _("A duplicate was joined to it")
    WITHDRAWN = "WITHDRAWN", _("Taken back")
    UNDONE = "UNDONE", _("Undone")


class HandoffEvent(Fact):
    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=EventKind.choices)
    happened_at = models.DateTimeField()
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    receiver = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )  # who had it afterwards
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["handoff", "happened_at"], name="handoff_event_by_handoff")]

    def __str__(self) -> str:
        return self.get_kind_display()
