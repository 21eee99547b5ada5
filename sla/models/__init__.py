"""What `sla` keeps. One file per subject; import from here."""

from sla.models.agreement import Agreement
from sla.models.agreement_state import (
    ENDED_STATES,
    AgreementMoved,
    AgreementState,
    Incomplete,
    NotYoursToSign,
    Overflow,
    Rung,
)
from sla.models.calendar import Calendar, CalendarVersion, NeedsOpenTime
from sla.models.clock import OPEN_STATES, Clock, ClockState, Measure
from sla.models.clock_event import ClockEvent, ClockEventKind, EventNote
from sla.models.connection import Connection, ConnectionKind
from sla.models.dispute import Decision, Dispute
from sla.models.notice import ChannelKind, Notice, NoticeKind, Topic
from sla.models.pause import Pause, PauseReason
from sla.models.recompute import Effect, Recompute, RecomputedClock, RecomputeScope, RecomputeState
from sla.models.scorecard import (
    ResponseTime,
    RestatedCase,
    Restatement,
    RestatementKind,
    ScorecardMonth,
    ScorecardRow,
)
from sla.models.segment import Segment
from sla.models.signature import Signature
from sla.models.sweep import SignOfLife, SweepRun
from sla.models.term import OwnValue, Term, TermKind, TermPeriod, TermSide
from sla.models.what_if import Judgement, WhatIf, WhatIfCase, WhatIfState
from sla.models.wishes import Pace, Wishes

__all__ = [
    "ENDED_STATES",
    "OPEN_STATES",
    "Agreement",
    "AgreementMoved",
    "AgreementState",
    "Calendar",
    "CalendarVersion",
    "ChannelKind",
    "Clock",
    "ClockEvent",
    "ClockEventKind",
    "ClockState",
    "Connection",
    "ConnectionKind",
    "Decision",
    "Dispute",
    "Effect",
    "EventNote",
    "Recompute",
    "RecomputeScope",
    "RecomputeState",
    "RecomputedClock",
    "Incomplete",
    "Judgement",
    "Measure",
    "NeedsOpenTime",
    "NotYoursToSign",
    "Notice",
    "NoticeKind",
    "Overflow",
    "OwnValue",
    "Pace",
    "Pause",
    "PauseReason",
    "ResponseTime",
    "RestatedCase",
    "Restatement",
    "RestatementKind",
    "Rung",
    "ScorecardMonth",
    "ScorecardRow",
    "Segment",
    "SignOfLife",
    "Signature",
    "SweepRun",
    "Term",
    "TermKind",
    "TermPeriod",
    "TermSide",
    "Topic",
    "WhatIf",
    "WhatIfCase",
    "WhatIfState",
    "Wishes",
]
