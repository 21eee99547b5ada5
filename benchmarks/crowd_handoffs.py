"""The crowd's hand-offs, briefs and clocks."""

from __future__ import annotations


def hand_over(*, as_of: str) -> None:
    """Each lead that was once sales-ready has the hand-off that belongs to its stage."""
