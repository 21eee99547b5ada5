"""What `handoff` keeps. One file per subject; import from here."""

from handoff.models.attempt import AttemptTakenBack, Channel, ContactAttempt, Result
from handoff.models.brief import LONGEST_WAIVER, BriefDraft, BriefItem, BriefTemplate
from handoff.models.claim import ClaimCheck, ClaimKind, Finding
from handoff.models.coffee import Coffee, CoffeeState, Invitation, Method
from handoff.models.event import EventKind, HandoffEvent
from handoff.models.handoff import Handoff
from handoff.models.message import LONGEST_MESSAGE, Message
from handoff.models.pool import PoolTurn, SkipReason, TurnKind
from handoff.models.returning import (
    UNSETTLED,
    WITH_MARKETING,
    ContestDecision,
    Return,
    ReturnState,
    Settlement,
)
from handoff.models.routing import IfNobody, RoutingDecision, RoutingRule, RoutingTally, Way
from handoff.models.rules import ContactCounts, HandoffRules, Overflow
from handoff.models.state import (
    BEFORE_CONTACT,
    NEED_A_NOTE,
    OPEN_STATES,
    UNANSWERED_STATES,
    Outcome,
    ReturnReason,
    State,
)

__all__ = [
    "AttemptTakenBack",
    "BEFORE_CONTACT",
    "LONGEST_MESSAGE",
    "LONGEST_WAIVER",
    "NEED_A_NOTE",
    "OPEN_STATES",
    "UNANSWERED_STATES",
    "UNSETTLED",
    "WITH_MARKETING",
    "BriefDraft",
    "BriefItem",
    "BriefTemplate",
    "Channel",
    "ClaimCheck",
    "ClaimKind",
    "Coffee",
    "CoffeeState",
    "ContactAttempt",
    "ContactCounts",
    "ContestDecision",
    "EventKind",
    "Finding",
    "Handoff",
    "HandoffEvent",
    "HandoffRules",
    "IfNobody",
    "Invitation",
    "Message",
    "Method",
    "Outcome",
    "Overflow",
    "PoolTurn",
    "Result",
    "Return",
    "ReturnReason",
    "ReturnState",
    "RoutingDecision",
    "RoutingRule",
    "RoutingTally",
    "Settlement",
    "SkipReason",
    "State",
    "TurnKind",
    "Way",
]
