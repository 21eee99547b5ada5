"""One start per checkout: the lock on its engines, and a note about who holds it."""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from smarketing.embedded import places
from smarketing.embedded.errors import AlreadyRunning, CannotStart


class EnginesLock:
    """Held by the process whose children the engines are; the kernel lets go of it when that process dies."""

    def __init__(self, var: Path | None = None) -> None:
        self.path = (var or places.var()) / "engines.lock"
        self._file: IO[str] | None = None

    # Verbs

    def take(self, purpose: str) -> None:
        """Ours afterwards, or AlreadyRunning."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = _open(self.path)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise AlreadyRunning(self._describe_holder()) from None
        self._file = file
        self.note(purpose=purpose, pid=os.getpid(), ready=False)

    def note(self, **facts: object) -> None:
        """Adds to what others may read about us."""
        assert self._file is not None
        known = {} if "purpose" in facts else self.holder
        self._file.truncate(0)
        self._file.write(json.dumps(known | facts))
        self._file.flush()

    def release(self) -> None:
        if self._file:
            self._file.truncate(0)
            self._file.close()
            self._file = None

    def wait_until_ready(self, patience: float = 120) -> None:
        """Returns when the holder's engines answer."""
        deadline = time.monotonic() + patience
        while not self.holder.get("ready"):
            if time.monotonic() > deadline:
                raise CannotStart(f"The engines of this checkout do not get ready. {self._describe_holder()}")
            time.sleep(0.05)

    @contextlib.contextmanager
    def lean_on_holder(self) -> Iterator[None]:
        """Inside, the engines that somebody else holds answer, and that somebody waits for us."""
        self.wait_until_ready()
        with _open(self._users()) as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            yield

    def wait_for_users(self) -> None:
        """Returns when nobody leans on us any more."""
        with _open(self._users()) as users:
            fcntl.flock(users, fcntl.LOCK_EX)

    # Questions

    @property
    def holder(self) -> dict[str, object]:
        try:
            return dict(json.loads(self.path.read_text() or "{}"))
        except (FileNotFoundError, ValueError):
            return {}

    # Mechanics

    def _users(self) -> Path:
        return self.path.with_name("engines.users")

    def _describe_holder(self) -> str:
        holder = self.holder
        where = f", {holder['address']}" if holder.get("address") else ""
        what = f"{holder.get('purpose', 'another process')} (process {holder.get('pid', 'unknown')}{where})"
        return f"Already running in this checkout: {what}."


def _open(path: Path) -> IO[str]:
    try:
        return path.open("a+")
    except PermissionError:
        raise CannotStart(
            f"{path} belongs to another user of this machine: somebody started Smarketing here under another name.\n"
            f'Start it under that name, or make it yours: sudo chown -R "$USER" "{path.parent}"'
        ) from None
