"""What was worked out a moment ago and need not be worked out again. Without Redis everything is worked out each time.

Only for what is allowed to be some seconds old. Nothing here is the truth: it may be gone at any moment.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache, caches

T = TypeVar("T")
log = logging.getLogger("smarketing.remembering")
REST = 5  # seconds; a Redis that does not answer is left alone so long, else every page would wait for it
_resting_until = 0.0


def remembered(key: str, make: Callable[[], T], *, seconds: float) -> T:
    """What `make` says, or said at most `seconds` ago. It must not be None."""
    if seconds <= 0:
        return make()
    known: T | None = _safely(lambda: cache.get(key))
    if known is not None:
        return known
    made = make()
    _safely(lambda: cache.set(key, made, seconds))
    return made


def remembered_if_slow(key: str, make: Callable[[], T], *, seconds: float, slower_than: float) -> T:
    """The same within this process, for what took so many seconds to make: a small company sees everything as it is now."""
    shelf = caches["process"]
    known: T | None = shelf.get(key) if seconds > 0 else None
    if known is not None:
        return known
    started = time.monotonic()
    made = make()
    if seconds > 0 and time.monotonic() - started > slower_than:
        shelf.set(key, made, seconds)
    return made


def forget(key: str) -> None:
    _safely(lambda: cache.delete(key))


def _safely(ask: Callable[[], T]) -> T | None:
    global _resting_until
    if time.monotonic() < _resting_until:
        return None
    try:
        return ask()
    except Exception as error:
        from redis.exceptions import (
            RedisError,
        )  # here: half a second of every start, also of what asks nothing

        if not isinstance(error, RedisError | OSError):
            raise
        log.warning("Redis does not answer (%s): nothing is remembered for %s s", type(error).__name__, REST)
        _resting_until = time.monotonic() + REST
        return None
