"""A clock measures one promise on one hand-off. `due_at` is stored; the state that people see is a function of now and these columns."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from handoff.models import Handoff
from leads.append_only import Fact
from sla.models.agreement import Agreement
from sla.models.calendar import CalendarVersion
from sla.models.term import Term
from smarketing.accounts.models import Side


class Measure(models.TextChoices):
    """What is measured; the term says how long it may take."""

    ANSWER = "ANSWER", _("Answer to the hand-off")
    FIRST_CONTACT = "FIRST_CONTACT", _("First contact")


class ClockState(models.TextChoices):
    RUNNING = "RUNNING", _("Running")
    PAUSED = "PAUSED", _("Paused")
    STOPPED = "STOPPED", _("Stopped")
    CANCELLED = "CANCELLED", _("Cancelled")  # it no longer applies; measured nowhere


class Clock(models.Model):
    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="clocks")
    measure = models.CharField(max_length=14, choices=Measure.choices)
    side = models.CharField(max_length=10, choices=Side.choices)  # who owes it
    holder = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )  # empty: the pool
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="clocks")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="clocks")
    calendar_version = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="+")

    state = models.CharField(max_length=9, choices=ClockState.choices, default=ClockState.RUNNING)
    target_seconds = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(
        null=True
    )  # empty: the calendar has no open time ("needs calendar"), or paused
    warn_at = models.DateTimeField(null=True)
    remaining_seconds = models.PositiveIntegerField(null=True)  # while paused
    stopped_at = models.DateTimeField(null=True)  # when what was promised occurred
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)  # equals due_at; stays, also when cleared
    breach_holder = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )  # empty: the team
    cleared_at = models.DateTimeField(null=True)  # a contact logged late turned out to have been in time
    next_check_at = models.DateTimeField(null=True)  # when the sweep looks next; empty: never again

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handoff", "measure"], name="uq_once_clock_per_handoff_and_measure"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_check_at", "id"],
                name="clock_to_check",
                condition=models.Q(next_check_at__isnull=False),
            ),
            models.Index(
                fields=["holder", "due_at"],
                name="clock_by_holder",
                condition=models.Q(state__in=["RUNNING", "PAUSED"]),
            ),
            models.Index(
                fields=["team", "due_at"],
                name="clock_by_team",
                condition=models.Q(state__in=["RUNNING", "PAUSED"]),
            ),
            models.Index(fields=["term", "started_at"], name="clock_by_term"),
            models.Index(fields=["measure", "started_at"], name="clock_by_measure"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.handoff_id}"


class ClockEventKind(models.TextChoices):
    STARTED = "STARTED", _("Started")
    WARNED = "WARNED", _("Due soon")
    BREACHED = "BREACHED", _("Late")
    CLEARED = "CLEARED", _("Was in time after all")
    STOPPED = "STOPPED", _("Stopped")
    PAUSED = "PAUSED", _("Paused")
    RESUMED = "RESUMED", _("Resumed")
    REASSIGNED = "REASSIGNED", _("Passed on")
    ESCALATED = "ESCALATED", _("Told the team lead")
    CANCELLED = "CANCELLED", _("Cancelled")


class ClockEvent(Fact):
    """What happened to a clock. The unique key makes everything that must happen once happen once."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=ClockEventKind.choices)
    step = models.PositiveIntegerField(default=0)  # counts where one kind may occur more than once
    happened_at = models.DateTimeField()
    detected_at = models.DateTimeField()
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clock", "kind", "step"], name="uq_once_clock_event")]

    def __str__(self) -> str:
        return f"{self.kind} {self.clock_id}"


class Segment(models.Model):
    """Who held the clock from when to when."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="segments")
    holder = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=models.Q(to_at__isnull=True), name="uq_once_open_segment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.holder_id}"


class PauseReason(models.TextChoices):
    MARKETING_ANSWERS = "MARKETING_ANSWERS", _("Marketing owes an answer")


class Pause(models.Model):
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=20, choices=PauseReason.choices)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=models.Q(to_at__isnull=True), name="uq_once_open_pause"
            ),
            models.CheckConstraint(
                condition=models.Q(to_at__isnull=True) | models.Q(to_at__gte=models.F("from_at")),
                name="pause_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.reason}"
