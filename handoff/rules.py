"""The rules of handing over: those that an agreement installs, and the usual ones before any agreement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handoff.models.rules import ContactCounts, HandoffRules, Overflow

# Labels are content, as in an agreement: people edit them there in their own language.
USUAL_BRIEF: list[dict[str, Any]] = [
    {
        "key": "why_now",
        "label": "Why now",
        "hint": "What happened that makes this the moment to call",
        "required": True,
        "max_length": 600,
    },
    {
        "key": "wants",
        "label": "What they want",
        "hint": "In their own words",
        "required": True,
        "max_length": 600,
    },
    {
        "key": "decider",
        "label": "Who decides",
        "hint": "Name or role, and who else has a say",
        "required": False,
        "max_length": 300,
    },
    {
        "key": "best_moment",
        "label": "Best moment to call",
        "hint": "",
        "required": False,
        "max_length": 200,
    },
    {
        "key": "already_told",
        "label": "Already told",
        "hint": "What we sent or said, so that nobody repeats it",
        "required": False,
        "max_length": 600,
    },
    {
        "key": "careful",
        "label": "Careful with",
        "hint": "A complaint, a competitor, a sore point",
        "required": False,
        "max_length": 300,
    },
    {
        "key": "promise",
        "label": "Promise made",
        "hint": "What we said that sales would do",
        "required": False,
        "max_length": 300,
    },
]


def in_force(at: datetime) -> HandoffRules:
    return HandoffRules.objects.in_force(at)


def install(
    *,
    agreement_version: int,
    brief_items: Sequence[dict[str, Any]],
    hot_rule: dict[str, Any] | None,
    contact_counts: str = ContactCounts.ATTEMPT,
    capacity_per_month: int | None = None,
    routing_shares: dict[str, Any] | None = None,
    overflow: str = Overflow.ANYWAY,
    late_logging_hours: int = 24,
    at: datetime,
) -> HandoffRules:
    """From `at` these rules count for new hand-offs; those already sent keep theirs. Safe to run twice."""
    rules, _created = HandoffRules.objects.get_or_create(
        agreement_version=agreement_version,
        defaults={
            "brief_items": list(brief_items) or USUAL_BRIEF,
            "hot_rule": hot_rule,
            "contact_counts": contact_counts,
            "capacity_per_month": capacity_per_month,
            "routing_shares": routing_shares or {},
            "overflow": overflow,
            "late_logging_hours": late_logging_hours,
            "in_force_at": at,
        },
    )
    return rules
