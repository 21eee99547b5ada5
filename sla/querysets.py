"""Which clocks are late, soon, calm, paused or met at a moment: the same definition as `Clock.status`, for lists and counts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When

from sla.clock_status import CALM, CANCELLED, LATE, MET, PAUSED, SOON, VOID

if TYPE_CHECKING:
    from smarketing.accounts.models import User


OPEN = ["RUNNING", "PAUSED"]
OVERDUE = Q(state__in=OPEN)  # and due before now
STOPPED_LATE = Q(state="STOPPED", stopped_at__gt=F("due_at"), cleared_at=None)
GONE_LATE = Q(state="CANCELLED", breached_at__isnull=False, cleared_at=None)
MET_OR_CLEARED = Q(state="STOPPED") & (
    Q(stopped_at__lte=F("due_at")) | Q(due_at=None) | Q(cleared_at__isnull=False)
)
COUNTED = Q(disputed_at=None) & ~Q(state="VOID")


class ClockQuerySet(models.QuerySet[Any]):
    def open(self) -> ClockQuerySet:
        """Neither met nor missed for good nor cancelled."""
        return self.filter(state__in=["RUNNING", "PAUSED"])

    def held_by(self, user: User) -> ClockQuerySet:
        return self.filter(holder=user)

    def of_first_contact(self) -> ClockQuerySet:
        return self.filter(measure="FIRST_CONTACT")

    def of_side(self, side: str) -> ClockQuerySet:
        """Owed by this side."""
        return self.filter(side=side)

    def overdue(self, now: datetime) -> ClockQuerySet:
        """Unmet and past due. (The due moment of a paused clock lies after its pauses.)"""
        return self.filter(OVERDUE, due_at__lt=now)

    def due_soon(self, now: datetime) -> ClockQuerySet:
        """Running within working hours, not late, with no more left than the warning."""
        return self._counting(now).filter(warn_at__lte=now)

    def calm(self, now: datetime) -> ClockQuerySet:
        return self._counting(now).filter(Q(warn_at__gt=now) | Q(warn_at=None))

    def paused(self, now: datetime) -> ClockQuerySet:
        """Held for a reason, or waiting for opening time or for a calendar with open time."""
        asleep = Q(due_at__gte=now, calendar_version__in=self._closed_calendars(now))
        return self.filter(_held(now) | Q(state__in=OPEN) & (asleep | Q(due_at=None)))

    def met(self) -> ClockQuerySet:
        """Stopped in time, or cleared."""
        return self.filter(MET_OR_CLEARED)

    def stopped_late(self) -> ClockQuerySet:
        return self.filter(STOPPED_LATE)

    def late(self, now: datetime) -> ClockQuerySet:
        """What shows as late: overdue, or stopped after it was due."""
        return self.filter(OVERDUE & Q(due_at__lt=now) | STOPPED_LATE)

    def missed(self, now: datetime) -> ClockQuerySet:
        """Broken promises: overdue now, stopped late, or cancelled after it had been late already."""
        return self.filter(_missed(now))

    def counted(self) -> ClockQuerySet:
        """What figures count as kept or broken: `counted().met()`, `counted().missed(now)`. Void and disputed stand apart."""
        return self.filter(COUNTED)

    def with_outcome(self, now: datetime) -> ClockQuerySet:
        """`outcome` is what the figures count it as: KEPT, MISSED, or nothing."""
        outcome = Case(
            When(COUNTED & MET_OR_CLEARED, then=Value("KEPT")),
            When(COUNTED & _missed(now), then=Value("MISSED")),
            default=Value(""),
            output_field=CharField(),
        )
        return self.annotate(outcome=outcome)

    def disputed(self) -> ClockQuerySet:
        """A dispute waits for the other side's answer."""
        return self.filter(disputed_at__isnull=False)

    def void(self) -> ClockQuerySet:
        return self.filter(state="VOID")

    def in_state(self, state: str, now: datetime) -> ClockQuerySet:
        """The clocks whose `status(now).state` is this one."""
        match state:
            case "late":
                return self.late(now)
            case "soon":
                return self.due_soon(now)
            case "calm":
                return self.calm(now)
            case "paused":
                return self.paused(now)
            case "met":
                return self.met()
            case "cancelled":
                return self.filter(state="CANCELLED")
            case "void":
                return self.void()
        return self.none()

    def with_all_for_chips(self) -> ClockQuerySet:
        """Everything that `clock_chip` reads."""
        return self.select_related("calendar_version", "term").prefetch_related("pauses")

    # Mechanics

    def _counting(self, now: datetime) -> ClockQuerySet:
        return (
            self.filter(state__in=OPEN, due_at__gte=now)
            .exclude(_held(now))
            .exclude(calendar_version__in=self._closed_calendars(now))
        )

    def _closed_calendars(self, now: datetime) -> list[int]:
        """There are few versions of few calendars, and each remembers its days."""
        from sla.models.calendar import CalendarVersion

        return [
            version.pk
            for version in CalendarVersion.objects.all()
            if not version.business_calendar().is_open(now)
        ]


STATES = [LATE, SOON, CALM, PAUSED, MET, CANCELLED, VOID]


def _missed(now: datetime) -> Q:
    return OVERDUE & Q(due_at__lt=now) | STOPPED_LATE | GONE_LATE


def _held(now: datetime) -> Q:
    """Paused, and not run out by itself yet."""
    return Q(state="PAUSED") & (Q(resumes_at__isnull=True) | Q(resumes_at__gt=now))
