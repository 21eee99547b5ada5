"""What must happen again and again, whoever is there to do it: Celery asks for one act at a time, the sweeper for all of them.

Each act may run twice, in parallel, late, and die half way: the rows say what is left to do. One that fails does not stop the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from sla import health, installing, mails, nightly, posts, sweeps
from sla.scorecard import freezing

logger = logging.getLogger("sla.rounds")


def look_at_the_clocks(at: datetime) -> sweeps.SweepResult:
    """The sweep, and a sign to the outside after it ended well."""
    result = sweeps.sweep(at)
    health.ping_outside(at)
    return result


def tell_people(at: datetime) -> int:
    """Mails and posts whose moment has come."""
    nightly.prepare(at)
    return mails.deliver(at) + posts.deliver(at)


ACTS: list[Callable[[datetime], object]] = [
    installing.start_what_is_due,
    look_at_the_clocks,
    tell_people,
    freezing.freeze_what_ended,
]


def do_all(who: str) -> int:
    """How many acts failed; the next round tries them again."""
    failed = 0
    for act in ACTS:
        try:
            act(timezone.now())
        except Exception:
            logger.exception("%s failed; the next round tries again.", act.__qualname__)
            failed += 1
    if not failed:
        health.sign_of_life(who, timezone.now())
    return failed
