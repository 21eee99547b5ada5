"""What can go wrong at the start, each with a message for the person at the terminal."""

from pathlib import Path


class CannotStart(Exception):
    """The message says what is the matter and what to do about it."""


class ChildFailed(CannotStart):
    """A process of ours ended although it should not have."""

    def __init__(self, what: str, log: Path | None = None):
        self.log = log
        super().__init__(what + _last_words(log))


class AlreadyRunning(CannotStart):
    """Somebody else holds the engines of this checkout."""


def _last_words(log: Path | None, lines: int = 15) -> str:
    if log is None or not log.exists():
        return ""
    said = log.read_text(errors="replace").splitlines()[-lines:]
    return "\n".join([f"\nThe end of {log}:", *(f"  {line}" for line in said)])
