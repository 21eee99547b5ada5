"""What happened to a clock, in rows that nobody changes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.append_only import Fact
from sla.models.dispute import Decision
from sla.models.pause import PauseReason


class ClockEventKind(models.TextChoices):
    STARTED = "STARTED", _("Started")
    WARNED = "WARNED", _("Due soon")
    BREACHED = "BREACHED", _("Late")
    CLEARED = "CLEARED", _("Was in time after all")
    STOPPED = "STOPPED", _("Stopped")
    PAUSED = "PAUSED", _("Paused")
    RESUMED = "RESUMED", _("Resumed")
    REASSIGNED = "REASSIGNED", _("Passed on")
    ESCALATED = "ESCALATED", _("Told further up")
    TAKEN_UP = "TAKEN_UP", _("Somebody has it in hand")  # holds the ladder; step is the rung that waits
    CANCELLED = "CANCELLED", _("Cancelled")
    REOPENED = "REOPENED", _("Runs again")
    RECLASSED = "RECLASSED", _("Another promise counts")
    MERGED = "MERGED", _("Merged with another lead")
    MOVED = "MOVED", _("Counted anew")
    LIFTED = "LIFTED", _("Being late is void")  # a breach that no longer holds; step is that of the breach
    VOIDED = "VOIDED", _("Void")
    DISPUTED = "DISPUTED", _("Disputed")
    ANSWERED = "ANSWERED", _("Dispute answered")


class EventNote(models.TextChoices):
    """Why, where the kind alone does not say it. Other notes are somebody's own words."""

    LOGGED_TOO_LATE = (
        "LOGGED_TOO_LATE",
        _("Logged later than the agreement allows: it counts from when it was logged."),
    )
    IN_TIME_AFTER_ALL = "IN_TIME_AFTER_ALL", _("It occurred in time and was logged later.")
    TO_THE_POOL = "TO_THE_POOL", _("The lead went back to the pool.")
    NOT_TO_THE_POOL = "NOT_TO_THE_POOL", _("The ladder ended; the lead stayed where it was.")
    RAN_OUT = "RAN_OUT", _("The pause had reached its end.")
    MERGED = "MERGED", _("The lead was merged with another one.")
    UNDONE = "UNDONE", _("What stopped it was undone.")
    HOT_RULE_HOLDS = "HOT_RULE_HOLDS", _("The facts changed: the hot rule holds now.")
    HOT_RULE_GONE = "HOT_RULE_GONE", _("The facts changed: the hot rule holds no longer.")


def in_words(note: str) -> str:
    """What the product noted, in the reader's language; what a person wrote, as it is."""
    for known in (EventNote, PauseReason):
        if note in known.values:
            return str(known(note).label)
    decision, _dot, answer = note.partition(". ")
    return f"{Decision(decision).label}. {answer}" if decision in Decision.values else note


class ClockEvent(Fact):
    """The unique key makes everything that must happen once happen once."""

    clock = models.ForeignKey("sla.Clock", on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=ClockEventKind.choices)
    step = models.PositiveIntegerField(default=0)  # counts where one kind may occur more than once
    happened_at = models.DateTimeField()
    detected_at = models.DateTimeField()
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    due_before = models.DateTimeField(null=True)  # where the event moved the due moment
    due_after = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clock", "kind", "step"], name="uq_once_clock_event")]

    def __str__(self) -> str:
        return f"{self.kind} {self.clock_id}"

    @property
    def reason(self) -> str:
        """The note in words."""
        return in_words(self.note)

    @property
    def moved_due(self) -> bool:
        return self.due_before != self.due_after
