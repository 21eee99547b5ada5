"""A clock measures one promise on one hand-off. `due_at` is stored; the state that people see is a function of now and these columns.

Starting clocks is `sla.clocks`, finding broken promises `sla.sweeps`; here are the verbs on one clock. Each locks its row, so
that a contact and the sweep at the same moment come one after the other.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from handoff.models import Handoff
from leads.append_only import Fact
from sla.business_time import BusinessCalendar
from sla.business_time import Pause as Span
from sla.clock_status import Status, status_of
from sla.models.agreement import Agreement
from sla.models.calendar import CalendarVersion
from sla.models.term import Term
from sla.planning import plan
from sla.querysets import ClockQuerySet
from smarketing.accounts.models import Side

if TYPE_CHECKING:
    from smarketing.accounts.models import User


class Measure(models.TextChoices):
    """What is measured; the term says how long it may take."""

    ANSWER = "ANSWER", _("Answer to the hand-off")
    FIRST_CONTACT = "FIRST_CONTACT", _("First contact")


class ClockState(models.TextChoices):
    RUNNING = "RUNNING", _("Running")
    PAUSED = "PAUSED", _("Paused")
    STOPPED = "STOPPED", _("Stopped")
    CANCELLED = "CANCELLED", _("Cancelled")  # it no longer applies; measured nowhere


OPEN_STATES = [ClockState.RUNNING, ClockState.PAUSED]


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
    warn_seconds = models.PositiveIntegerField(default=0)  # before due, from which it is soon
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
    ladder_at = ArrayField(
        models.DateTimeField(), default=list
    )  # when each rung of sla.ladder hears of a breach
    ladder_step = models.PositiveSmallIntegerField(default=0)  # how many rungs have
    next_check_at = models.DateTimeField(null=True)  # when the sweep looks next; empty: never again

    objects = ClockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handoff", "measure"], name="uq_once_clock_per_handoff_and_measure"
            ),
            models.CheckConstraint(
                condition=models.Q(next_check_at__isnull=True) | models.Q(state=ClockState.RUNNING),
                name="clock_is_checked_only_while_running",
            ),
            models.CheckConstraint(
                condition=models.Q(stopped_at__isnull=True) ^ models.Q(state=ClockState.STOPPED),
                name="clock_stopped_exactly_when_it_says_so",
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

    # Verbs

    @transaction.atomic
    def stop(self, *, occurred_at: datetime, by: User | None, at: datetime) -> ClockEvent | None:
        """What was promised occurred at `occurred_at`. The earliest such moment counts, in whatever order they are told.

        Logged later than the agreement allows, it counts as occurred when it was logged. A breach that was recorded
        although it occurred in time is cleared with a reason; the flag itself stays.
        """
        self._lock()
        counted = max(self._counted_moment(occurred_at, at), self.started_at)
        if self.state == ClockState.CANCELLED or (self.stopped_at and counted >= self.stopped_at):
            return None
        self._end_pause(counted)
        self._set(state=ClockState.STOPPED, stopped_at=counted, remaining_seconds=None, next_check_at=None)
        self._end_segment(at)
        event = self._tell(
            ClockEventKind.STOPPED, happened_at=counted, at=at, by=by, note=self._late_note(occurred_at, at)
        )
        if self.due_at and counted > self.due_at:
            self._breach(at)
        elif self.breached_at and not self.cleared_at:
            self._clear(by, at)
        return event

    @transaction.atomic
    def pause(self, reason: str, *, by: User | None, at: datetime) -> ClockEvent | None:
        """No working time counts until `resume`. What is late stays late: a pause after the due moment changes nothing."""
        self._lock()
        if self.state != ClockState.RUNNING or self.due_at is None:
            return None
        if at > self.due_at:
            self._breach(at)
            return None
        remaining = self.calendar.elapsed_between(at, self.due_at)
        self.pauses.create(reason=reason, from_at=at)
        self._set(
            state=ClockState.PAUSED,
            remaining_seconds=remaining,
            due_at=None,
            warn_at=None,
            ladder_at=[],
            next_check_at=None,
        )
        return self._tell(ClockEventKind.PAUSED, happened_at=at, at=at, by=by)

    @transaction.atomic
    def resume(self, *, by: User | None, at: datetime) -> ClockEvent | None:
        """The working time that was left when it paused is left again from now on."""
        self._lock()
        if self.state != ClockState.PAUSED:
            return None
        self._close_pause(at)
        self._set(state=ClockState.RUNNING, remaining_seconds=None, **self._moments())
        self._set(next_check_at=self.due_at if self.warned_at else self.warn_at)
        return self._tell(ClockEventKind.RESUMED, happened_at=at, at=at, by=by)

    @transaction.atomic
    def reassign(self, holder: User | None, *, by: User | None, at: datetime) -> ClockEvent | None:
        """It runs on for another holder. He answers for a breach only if he got it with the agreed minimum left."""
        self._lock()
        if self.state not in OPEN_STATES or self.holder_id == (holder and holder.pk):
            return None
        if self.is_overdue(at):
            self._breach(at)
        self._end_segment(at)
        left = self.remaining_seconds or 0 if self.state == ClockState.PAUSED else self._left(at)
        self.segments.create(
            holder=holder,
            from_at=at,
            answers_for_breach=left >= self.agreement.minimum_left_minutes * 60,
        )
        self._set(holder=holder)
        return self._tell(ClockEventKind.REASSIGNED, happened_at=at, at=at, by=by)

    @transaction.atomic
    def cancel(self, reason: str = "", *, by: User | None, at: datetime) -> ClockEvent | None:
        """It no longer applies and is measured nowhere; a breach that happened before stays one."""
        self._lock()
        if self.state not in OPEN_STATES:
            return None
        if self.is_overdue(at):
            self._breach(at)
        self._end_pause(at)
        self._set(state=ClockState.CANCELLED, remaining_seconds=None, next_check_at=None)
        self._end_segment(at)
        return self._tell(ClockEventKind.CANCELLED, happened_at=at, at=at, by=by, note=reason)

    def catch_up(self, *, at: datetime) -> None:
        """The hand-off knows of an answer or a contact that nobody told this clock; it stops, or no longer applies."""
        handoff = self.handoff
        answers = [handoff.accepted_at, handoff.returned_at]
        moments = answers if self.measure == Measure.ANSWER else [handoff.first_contact_at]
        occurred = [moment for moment in moments if moment]
        if occurred:
            self.stop(occurred_at=min(occurred), by=None, at=at)
        else:
            self.cancel(by=None, at=at)

    # Questions

    @property
    def calendar(self) -> BusinessCalendar:
        return self.calendar_version.business_calendar()

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_met(self) -> bool:
        return bool(self.stopped_at and self.due_at and self.stopped_at <= self.due_at)

    def is_overdue(self, at: datetime) -> bool:
        """Unmet past its due moment. A contact exactly at that moment would still be in time."""
        return self.state == ClockState.RUNNING and self.due_at is not None and at > self.due_at

    def status(self, now: datetime) -> Status:
        """What people see: a function of now and the columns, right also when every worker is down."""
        return status_of(self, now)

    def spans_paused(self) -> list[Span]:
        """The pauses that have ended, as the walk takes them."""
        return [(pause.from_at, pause.to_at) for pause in self.pauses.all() if pause.to_at]

    # Mechanics

    def _lock(self) -> None:
        """Others wait until we commit; our columns are what was committed. Loaded relations stay: they never change."""
        columns = [field.attname for field in self._meta.concrete_fields if not field.primary_key]
        for name, value in Clock.objects.select_for_update().values(*columns).get(pk=self.pk).items():
            setattr(self, name, value)
        self._prefetched_objects_cache: dict[str, Any] = {}

    def _set(self, **columns: Any) -> None:
        for name, value in columns.items():
            setattr(self, name, value)
        self.save(update_fields=list(columns))

    def _tell(
        self,
        kind: ClockEventKind,
        *,
        happened_at: datetime,
        at: datetime,
        by: User | None = None,
        note: str = "",
    ) -> ClockEvent:
        """A kind that may occur more than once counts its steps; the row lock keeps them apart."""
        return self.events.create(
            kind=kind,
            step=self.events.filter(kind=kind).count(),
            happened_at=happened_at,
            detected_at=at,
            actor=by,
            note=note,
        )

    def _counted_moment(self, occurred_at: datetime, at: datetime) -> datetime:
        return at if self._is_logged_too_late(occurred_at, at) else occurred_at

    def _is_logged_too_late(self, occurred_at: datetime, at: datetime) -> bool:
        return at - occurred_at > timedelta(hours=self.agreement.late_logging_hours)

    def _late_note(self, occurred_at: datetime, at: datetime) -> str:
        return EventNote.LOGGED_TOO_LATE if self._is_logged_too_late(occurred_at, at) else ""

    def _left(self, at: datetime) -> int:
        return self.calendar.elapsed_between(at, self.due_at) if self.due_at else 0

    def _moments(self) -> dict[str, Any]:
        planned = plan(
            self.calendar, self.started_at, self.target_seconds, self.warn_seconds, self.spans_paused()
        )
        return {"due_at": planned.due_at, "warn_at": planned.warn_at, "ladder_at": list(planned.ladder_at)}

    def _end_pause(self, moment: datetime) -> None:
        """Stopping from a pause closes the pause first; from then on the clock has its due moment again."""
        if self.state != ClockState.PAUSED:
            return
        self._close_pause(moment)
        self._set(**self._moments())

    def _close_pause(self, moment: datetime) -> None:
        """What is told later may have occurred before the pause began; such a pause took nothing."""
        pause = self.pauses.get(to_at=None)
        pause.to_at = max(moment, pause.from_at)
        pause.save(update_fields=["to_at"])

    def _end_segment(self, at: datetime) -> None:
        self.segments.filter(to_at=None).update(to_at=at)

    def _breach(self, at: datetime) -> None:
        """Found late by a person's act before the sweep came by: the same event, once, with a notice in the product."""
        from sla import notices

        if self.breached_at or self.due_at is None:
            return
        held = self.segments.filter(from_at__lte=self.due_at).order_by("-from_at", "-id").first()
        answers = held.holder_id if held and held.answers_for_breach else None
        event = self._tell(ClockEventKind.BREACHED, happened_at=self.due_at, at=at)
        self._set(breached_at=self.due_at, breach_holder_id=answers)
        if self.state == ClockState.RUNNING:
            self._set(next_check_at=self.ladder_at[0] if self.ladder_at else None)
        notices.tell_in_product(event, self, at=at)

    def _clear(self, by: User | None, at: datetime) -> None:
        assert self.stopped_at is not None
        self._set(cleared_at=at)
        self._tell(
            ClockEventKind.CLEARED,
            happened_at=self.stopped_at,
            at=at,
            by=by,
            note=EventNote.IN_TIME_AFTER_ALL,
        )


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


class EventNote(models.TextChoices):
    """Why, where the kind alone does not say it. Other notes are somebody's own words."""

    LOGGED_TOO_LATE = (
        "LOGGED_TOO_LATE",
        _("Logged later than the agreement allows: it counts from when it was logged."),
    )
    IN_TIME_AFTER_ALL = "IN_TIME_AFTER_ALL", _("It occurred in time and was logged later.")


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

    @property
    def reason(self) -> str:
        """The note in words."""
        return str(EventNote(self.note).label) if self.note in EventNote.values else self.note


class Segment(models.Model):
    """Who held the clock from when to when."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="segments")
    holder = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    answers_for_breach = models.BooleanField(
        default=True
    )  # he got it with the agreed minimum left; otherwise a breach is the team's

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
