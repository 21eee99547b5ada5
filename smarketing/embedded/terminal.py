"""How the commands speak to the person at the terminal."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator

CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}


def styled(words: str, style: str) -> str:
    plain = not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return words if plain else f"\033[{CODES[style]}m{words}\033[0m"


def say(words: str = "", style: str = "") -> None:
    """Never fails: the terminal may have been closed under us."""
    with contextlib.suppress(OSError, ValueError):
        print(styled(words, style) if style else words, flush=True)


def complain(words: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        print(styled(words, "red"), file=sys.stderr, flush=True)


class Step:
    """What a step of the start found out, for the end of its line."""

    outcome = "ready"


@contextlib.contextmanager
def step(name: str) -> Iterator[Step]:
    """One line: what was done, how it ended, how long it took."""
    began = time.monotonic()
    current = Step()
    with contextlib.suppress(OSError):
        print(f"  {name:<10}", end="", flush=True)
    try:
        yield current
    except Exception:
        say("failed", "red")
        raise
    except BaseException:
        say("interrupted", "yellow")
        raise
    say(f"{current.outcome:<42}{styled(f'{time.monotonic() - began:5.1f} s', 'dim')}")
