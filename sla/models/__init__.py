"""What `sla` keeps. One file per subject; import from here."""

from sla.models.agreement import Agreement, AgreementState, Signature
from sla.models.calendar import Calendar, CalendarVersion
from sla.models.clock import (
    Clock,
    ClockEvent,
    ClockEventKind,
    ClockState,
    Measure,
    Pause,
    PauseReason,
    Segment,
)
from sla.models.notice import ChannelKind, Notice
from sla.models.sweep import SweepRun
from sla.models.term import OwnValue, Term, TermKind, TermSide

__all__ = [
    "Agreement",
    "AgreementState",
    "Calendar",
    "CalendarVersion",
    "ChannelKind",
    "Clock",
    "ClockEvent",
    "ClockEventKind",
    "ClockState",
    "Measure",
    "Notice",
    "OwnValue",
    "Pause",
    "PauseReason",
    "Segment",
    "Signature",
    "SweepRun",
    "Term",
    "TermKind",
    "TermSide",
]
