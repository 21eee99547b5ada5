"""The rules of handing over: those that an agreement installs, and those that count at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handoff.models.rules import ContactCounts, HandoffRules, Overflow
from handoff.usual_brief import USUAL_BRIEF


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
