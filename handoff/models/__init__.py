"""What `handoff` keeps. One file per subject; import from here."""

from handoff.models.attempt import Channel, ContactAttempt, Result
from handoff.models.brief import BriefItem
from handoff.models.event import EventKind, HandoffEvent
from handoff.models.handoff import (
    BEFORE_CONTACT,
    NEED_A_NOTE,
    OPEN_STATES,
    UNANSWERED_STATES,
    Handoff,
    Outcome,
    ReturnReason,
    State,
)
from handoff.models.rules import ContactCounts, HandoffRules

__all__ = [
    "BEFORE_CONTACT",
    "NEED_A_NOTE",
    "OPEN_STATES",
    "BriefItem",
    "Channel",
    "ContactAttempt",
    "ContactCounts",
    "EventKind",
    "Handoff",
    "HandoffEvent",
    "HandoffRules",
    "Outcome",
    "Result",
    "ReturnReason",
    "UNANSWERED_STATES",
    "State",
]
