"""Assertions in our words, for every room."""

from datetime import datetime

from django.utils import timezone

from smarketing.invariants import violations


def assert_invariants_hold(as_of: datetime | None = None) -> None:
    """Nothing that must always be true is broken, as seen at `as_of`."""
    broken = {
        f"{invariant.code} {invariant.says}": rows
        for invariant, rows in violations(as_of or timezone.now())
        if rows
    }
    assert not broken, broken
