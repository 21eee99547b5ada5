"""Assertions in our words, for every room."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sla import mails
from smarketing.invariants import violations


def assert_invariants_hold(as_of: datetime | None = None) -> None:
    """Nothing that must always be true is broken, as seen at `as_of`. What waits to be sent goes out first, as it does every minute."""
    mails.deliver(as_of or timezone.now())
    broken = {
        f"{invariant.code} {invariant.says}": rows
        for invariant, rows in violations(as_of or timezone.now())
        if rows
    }
    assert not broken, broken


def assert_queries_do_not_grow(few: Callable[[], Any], more: Callable[[], Any]) -> None:
    """`more` asks the database no more often than `few`, which has been run once before to fill caches."""
    few()
    with CaptureQueriesContext(connection) as with_few:
        few()
    with CaptureQueriesContext(connection) as with_more:
        more()
    assert len(with_more) <= len(with_few), [query["sql"] for query in with_more.captured_queries]
