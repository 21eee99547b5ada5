"""A clock measures one promise on one hand-off. `due_at` is stored; the state that people see is a function of now and these columns.

Here are the facts of a clock and the names of its verbs; what each does stands in the module of that activity. Each locks the
row first, so that a contact and the sweep at the same moment come one after the other.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from handoff.models import Handoff
from sla.business_time import BusinessCalendar
from sla.business_time import Pause as Span
from sla.clock_status import Status, status_of
from sla.models.agreement import Agreement
from sla.models.calendar import CalendarVersion
from sla.models.clock_event import ClockEvent
from sla.models.term import Term
from sla.planning import plan, warnings
from sla.querysets import ClockQuerySet
from smarketing.accounts.models import Side

if TYPE_CHECKING:
    from sla.models.pause import Pause
    from smarketing.accounts.models import User


class Measure(models.TextChoices):
    """What is measured; the term says how long it may take."""

    ANSWER = "ANSWER", _("Answer to the hand-off")
    FIRST_CONTACT = "FIRST_CONTACT", _("First contact")
    QUESTION = "QUESTION", _("Answer to a question")
    RETURN = "RETURN", _("Dealing with a return")


class ClockState(models.TextChoices):
    RUNNING = "RUNNING", _("Running")
    PAUSED = "PAUSED", _("Paused")
    STOPPED = "STOPPED", _("Stopped")
    CANCELLED = "CANCELLED", _("Cancelled")  # it no longer applies; measured nowhere
    VOID = "VOID", _("Void")  # it counts for neither side, with a reason and names; shown apart


OPEN_STATES = [ClockState.RUNNING, ClockState.PAUSED]


class Clock(models.Model):
    _prefetched_objects_cache: dict[str, Any]  # Django's
    handoff = models.ForeignKey(
        Handoff, on_delete=models.PROTECT, related_name="clocks", db_index=False
    )  # uq_once_clock_per_handoff_measure_and_round begins with it
    measure = models.CharField(max_length=14, choices=Measure.choices)
    round = models.PositiveSmallIntegerField(default=1, db_default=1)  # the how-manieth of this measure
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
    )  # while paused: if every pause runs out by itself. Empty: the calendar has no open time ("needs calendar")
    warn_at = models.DateTimeField(null=True)
    warn_later_at = ArrayField(models.DateTimeField(), default=list, db_default=[])  # further warning points
    warn_step = models.PositiveSmallIntegerField(default=0, db_default=0)  # how many points have passed
    remaining_seconds = models.PositiveIntegerField(null=True)  # while paused
    resumes_at = models.DateTimeField(null=True)  # while paused: when the last pause runs out by itself
    stopped_at = models.DateTimeField(null=True)  # when what was promised occurred
    worked_seconds = models.PositiveIntegerField(null=True)  # working time from start to stop, without pauses
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)  # the due moment that passed; stays, also when cleared
    breach_holder = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )  # empty: the team
    cleared_at = models.DateTimeField(null=True)  # it turned out to have been in time
    disputed_at = models.DateTimeField(null=True)  # while a dispute waits for the other side's answer
    ladder_at = ArrayField(
        models.DateTimeField(), default=list
    )  # when each rung of sla.ladder hears of a breach
    ladder_step = models.PositiveSmallIntegerField(default=0)  # how many rungs have
    next_check_at = models.DateTimeField(null=True)  # when the sweep looks next; empty: never again

    objects = ClockQuerySet.as_manager()

    in_hand: ClockEvent | None = None  # who takes care, where a list has loaded it
    may_take_up: bool = False

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handoff", "measure", "round"], name="uq_once_clock_per_handoff_measure_and_round"
            ),
            models.CheckConstraint(
                condition=models.Q(next_check_at__isnull=True) | models.Q(state__in=["RUNNING", "PAUSED"]),
                name="clock_is_checked_only_while_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state="STOPPED", stopped_at__isnull=False)
                | models.Q(state="VOID")
                | models.Q(state__in=["RUNNING", "PAUSED", "CANCELLED"], stopped_at__isnull=True),
                name="clock_that_stopped_says_when",
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
            models.Index(  # which runs out first is asked for each line of a queue
                fields=["handoff", "due_at"], name="clock_first_due", condition=models.Q(state="RUNNING")
            ),
            models.Index(
                fields=["disputed_at"],
                name="clock_disputed",
                condition=models.Q(disputed_at__isnull=False),
            ),
            models.Index(fields=["term", "started_at"], name="clock_by_term"),
            models.Index(  # a month of promises is counted from the index alone
                fields=["started_at"],
                name="clock_for_scorecard",
                include=["term", "state", "due_at", "stopped_at", "breached_at", "cleared_at", "disputed_at"],
            ),
            models.Index(fields=["measure", "started_at"], name="clock_by_measure"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.handoff_id}"

    # Verbs

    def stop(self, *, occurred_at: datetime, by: User | None, at: datetime) -> ClockEvent | None:
        """What was promised occurred at `occurred_at`. The earliest such moment counts, in whatever order they are told.

        Logged later than the agreement allows, it counts as occurred when it was logged. A breach that was recorded
        although it occurred in time is cleared with a reason; the flag itself stays.
        """
        from sla import stopping

        return stopping.stop(self, occurred_at=occurred_at, by=by, at=at)

    def cancel(self, reason: str = "", *, by: User | None, at: datetime) -> ClockEvent | None:
        """It no longer applies and is measured nowhere; a breach that happened before stays one."""
        from sla import stopping

        return stopping.cancel(self, reason, by=by, at=at)

    def reopen(self, *, by: User | None, at: datetime) -> ClockEvent | None:
        """What stopped or cancelled it was undone: it runs again as if it never had been."""
        from sla import reopening

        return reopening.reopen(self, by=by, at=at)

    def pause(
        self, reason: str, *, until: datetime | None = None, by: User | None, at: datetime
    ) -> ClockEvent | None:
        """No working time counts until `resume`, `until`, or the most that the agreement allows for this reason.

        What is late stays late: a pause from the due moment on changes nothing.
        """
        from sla import pausing

        return pausing.pause(self, reason, until=until, by=by, at=at)

    def resume(self, reason: str = "", *, by: User | None, at: datetime) -> ClockEvent | None:
        """The pause for this reason ends, or every pause. The working time that was left is left again from the last end on."""
        from sla import pausing

        return pausing.resume(self, reason, by=by, at=at)

    def reassign(self, holder: User | None, *, by: User | None, at: datetime) -> ClockEvent | None:
        """It runs on for another holder. He answers for a breach only if he got it with the agreed minimum left."""
        from sla import passing_on

        return passing_on.reassign(self, holder, by=by, at=at)

    def void(self, reason: str, *, by: User, at: datetime) -> ClockEvent:
        """It counts for nobody, with a reason and a name. Raises CannotVoid."""
        from sla import voiding

        return voiding.void(self, reason, by=by, at=at)

    def reclass(self, term: Term, reason: str, *, by: User | None, at: datetime) -> ClockEvent | None:
        """Another promise of the same agreement counts: the same start, the pauses kept, its target."""
        from sla import reclassing

        return reclassing.reclass(self, term, reason, by=by, at=at)

    def catch_up(self, *, at: datetime) -> None:
        """The hand-off knows of an act that nobody told this clock; it stops, or no longer applies."""
        from sla import stopping

        stopping.catch_up(self, at=at)

    # Questions

    def get_measure_display(self) -> str:  # type: ignore[no-redef,unused-ignore]  # the plugin knows Django's; with a cache of before it forgets
        """As Django says it, without going through all choices: pages ask often."""
        return str(Measure(self.measure).label)

    def get_side_display(self) -> str:  # type: ignore[no-redef,unused-ignore]  # the plugin knows Django's; with a cache of before it forgets
        """As Django says it, without going through all choices: pages ask often."""
        return str(Side(self.side).label)

    @property
    def calendar(self) -> BusinessCalendar:
        return self.calendar_version.business_calendar()

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_met(self) -> bool:
        if self.state != ClockState.STOPPED or self.stopped_at is None:
            return False
        return bool(self.cleared_at or (self.due_at and self.stopped_at <= self.due_at))

    @property
    def owes_marketing(self) -> bool:
        return self.side == Side.MARKETING

    @property
    def asks_for_pauses(self) -> bool:
        """Whether its status is worked out from them: it waits, or nobody noted yet how long it took."""
        return self.state == ClockState.PAUSED or (
            self.state == ClockState.STOPPED and self.worked_seconds is None
        )

    def is_overdue(self, at: datetime) -> bool:
        """Unmet past its due moment. A contact exactly at that moment would still be in time. (It lies after every pause.)"""
        return self.is_open and self.due_at is not None and at > self.due_at

    def is_held_at(self, at: datetime) -> bool:
        """Paused, and not run out by itself yet."""
        return self.state == ClockState.PAUSED and (self.resumes_at is None or at < self.resumes_at)

    def status(self, now: datetime) -> Status:
        """What people see: a function of now and the columns, right also when every worker is down."""
        return status_of(self, now)

    def spans_paused(self) -> list[Span]:
        """The pauses as the walk takes them; those that still run, as if they run out by themselves."""
        return [(pause.from_at, pause.ends_at) for pause in self.all_pauses() if pause.ends_at]

    @property
    def is_looked_at_as_a_duplicate(self) -> bool:
        return self.state == ClockState.PAUSED and any(
            pause.reason == "DUPLICATE_REVIEW" for pause in self.open_pauses()
        )

    def open_pauses(self) -> list[Pause]:
        return [pause for pause in self.all_pauses() if pause.to_at is None]

    def all_pauses(self) -> list[Pause]:
        """None before it is saved."""
        return list(self.pauses.all()) if self.pk else []

    def know_pauses(self, pauses: list[Pause]) -> None:
        """`all_pauses()` says these without asking, until one of them changes: Django keeps what it prefetched here, and the verbs drop it."""
        self._prefetched_objects_cache = {"pauses": pauses}

    def working_seconds_left(self, at: datetime) -> int:
        if self.is_held_at(at):
            return self.remaining_seconds or 0
        return self.calendar.elapsed_between(at, self.due_at) if self.due_at else 0

    # Mechanics: for the modules of the verbs

    def lock(self, at: datetime) -> None:
        """Others wait until we commit; our columns are what was committed, and a pause that has run out by `at` has ended.

        Loaded relations stay: they never change, or are read anew.
        """
        from sla import pausing

        columns = [field.attname for field in self._meta.concrete_fields if not field.primary_key]
        for name, value in Clock.objects.select_for_update().values(*columns).get(pk=self.pk).items():
            setattr(self, name, value)
        self._prefetched_objects_cache = {}
        if self.state == ClockState.PAUSED and not self.is_held_at(at):
            pausing.let_run_out(self, at=at)

    def write(self, **columns: Any) -> None:
        for name, value in columns.items():
            setattr(self, name, value)
        self._prefetched_objects_cache = {}
        self.save(update_fields=list(columns))

    def record(
        self,
        kind: str,
        *,
        happened_at: datetime,
        at: datetime,
        by: User | None = None,
        note: str = "",
        due_before: datetime | None = None,
        due_after: datetime | None = None,
        step: int | None = None,
    ) -> ClockEvent:
        """A kind that may occur more than once counts its steps; the row lock keeps them apart."""
        event: ClockEvent = self.events.create(
            kind=kind,
            step=self.events.filter(kind=kind).count() if step is None else step,
            happened_at=happened_at,
            detected_at=at,
            actor=by,
            note=note,
            due_before=due_before,
            due_after=due_after,
        )
        return event

    def planned_moments(self) -> dict[str, Any]:
        """What the start, the target, the hours and the pauses make of it."""
        from sla.ladder import steps

        warns = warnings(self.target_seconds, self.agreement.warn_points)
        rungs = [rung.after_minutes * 60 for rung in steps(self.agreement.ladder)]
        planned = plan(self.calendar, self.started_at, self.target_seconds, warns, rungs, self.spans_paused())
        return {
            "due_at": planned.due_at,
            "warn_seconds": max(warns, default=0),
            "warn_at": planned.warn_at,
            "warn_later_at": list(planned.warn_later_at),
            "ladder_at": list(planned.ladder_at),
        }

    def next_moment(self) -> datetime | None:
        """When the sweep has something to say next."""
        if self.state == ClockState.PAUSED:
            return self.resumes_at
        if self.state != ClockState.RUNNING or self.due_at is None:
            return None
        if self.breached_at:
            return self.ladder_at[self.ladder_step] if self.ladder_step < len(self.ladder_at) else None
        points = [self.warn_at, *self.warn_later_at]
        return points[self.warn_step] if self.warn_step < len(points) else self.due_at
