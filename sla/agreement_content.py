"""The text of an agreement that both sides sign, and its fingerprint. A signature covers what it covered when it was given."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sla.models.agreement import Agreement

FORMAT = 2  # of the content that is signed; 1 until version 0.1

# What a new draft takes over from the version before.
COPIED = [
    "review_on",
    "criteria_set",
    "marketing_calendar",
    "sales_calendar",
    "brief_items",
    "hot_rule",
    "contact_counts",
    "warn_points",
    "late_logging_hours",
    "minimum_left_minutes",
    "ladder",
    "acknowledgement_minutes",
    "pause_limits",
    "intake_seat",
    "overflow",
    "routing_shares",
    "signers",
]


def of(agreement: Agreement) -> dict[str, Any]:
    """Everything that the two sides sign."""
    if agreement.content_format == 1:
        return _until_0_1(agreement)
    return {
        "version": agreement.version,
        **_columns(agreement, [*COPIED, "note"]),
        "starts_on": agreement.starts_on.isoformat(),
        "terms": [term.content() for term in agreement.terms_in_order()],
    }


def fingerprint(agreement: Agreement) -> str:
    """SHA-256 of the content, chained to the version that was proposed before."""
    text = json.dumps(of(agreement), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{agreement.previous_hash}\n{text}".encode()).hexdigest()


def _until_0_1(agreement: Agreement) -> dict[str, Any]:
    """What the fingerprint covered until 0.1: those signatures stay good."""
    names = [*COPIED[: COPIED.index("warn_points")], "late_logging_hours", "minimum_left_minutes"]
    return {
        "version": agreement.version,
        **_columns(agreement, names),
        "warn_share": agreement.warn_points[0]["share_left"],
        "starts_on": agreement.starts_on.isoformat(),
        "terms": [term.content(content_format=1) for term in agreement.terms_in_order()],
    }


def _columns(agreement: Agreement, names: list[str]) -> dict[str, Any]:
    return {name: _plain(getattr(agreement, f"{name}_id", getattr(agreement, name))) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
