"""Ctrl-C, SIGTERM and a closed terminal, for processes that have children to take along.

The first signal raises StopRequested wherever we are; later ones do not disturb the cleaning up. Python loses
what a handler raises at a bad moment (in a hook around a fork, in a destructor), so it is also remembered:
whoever waits for long calls `raise_if_requested`.
"""

import signal
from types import FrameType

HEEDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_requested = False


class StopRequested(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal."""


def heed_signals() -> None:
    # Never by ignoring them: children would inherit that and be deaf to us.
    for each in HEEDED:
        signal.signal(each, _remember_and_raise)


def raise_if_requested() -> None:
    if _requested:
        raise StopRequested


def _remember_and_raise(number: int, frame: FrameType | None) -> None:
    global _requested
    is_first = not _requested
    _requested = True
    if is_first:
        raise StopRequested
