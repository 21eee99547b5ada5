"""What `handoff` keeps. One file per subject; import from here."""

from handoff.models.attempt import Channel, ContactAttempt, Result
from handoff.models.brief import BriefItem
from handoff.models.coffee import Coffee, CoffeeState, Invitation, Method
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
from handoff.models.message import LONGEST_MESSAGE, Message
from handoff.models.pool import PoolTurn, SkipReason, TurnKind
from handoff.models.routing import IfNobody, RoutingDecision, RoutingRule, RoutingTally, Way
from handoff.models.rules import ContactCounts, HandoffRules, Overflow

__all__ = [
    "BEFORE_CONTACT",
    "BriefItem",
    "Channel",
    "Coffee",
    "CoffeeState",
    "ContactAttempt",
    "ContactCounts",
    "EventKind",
    "Handoff",
    "HandoffEvent",
    "HandoffRules",
    "IfNobody",
    "Invitation",
    "LONGEST_MESSAGE",
    "Message",
    "Method",
    "NEED_A_NOTE",
    "OPEN_STATES",
    "Outcome",
    "Overflow",
    "PoolTurn",
    "Result",
    "ReturnReason",
    "RoutingDecision",
    "RoutingRule",
    "RoutingTally",
    "SkipReason",
    "State",
    "TurnKind",
    "UNANSWERED_STATES",
    "Way",
]
