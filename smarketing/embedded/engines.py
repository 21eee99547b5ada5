"""The engines this start has to bring along: those the environment does not name."""

import os
import shutil
import stat
from pathlib import Path

from smarketing.embedded import places
from smarketing.embedded.errors import CannotStart
from smarketing.embedded.postgres import Postgres
from smarketing.embedded.redis import Redis


class Engines:
    """PostgreSQL and Redis as children of this process. Whoever starts them holds the checkout's lock."""

    def __init__(self, *, durable: bool = True) -> None:
        self.durable = durable
        self.running: list[Postgres | Redis] = []

    # Verbs

    def start(self) -> None:
        """All answer afterwards, or none runs."""
        _make_private(places.sockets())
        try:
            if not os.environ.get("DATABASE_URL"):
                self._start(Postgres(durable=self.durable))
            if not os.environ.get("REDIS_URL"):
                self._start(Redis())
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        for engine in reversed(self.running):
            engine.child.ask_to_stop()
        while self.running:
            self.running.pop().stop()
        shutil.rmtree(places.sockets(), ignore_errors=True)

    # Questions

    @property
    def postgres(self) -> Postgres | None:
        return next((engine for engine in self.running if isinstance(engine, Postgres)), None)

    @property
    def description(self) -> str:
        named = [f"{engine.child.name} {engine.version}" for engine in self.running]
        return ", ".join(named) or "from DATABASE_URL and REDIS_URL"

    # Mechanics

    def _start(self, engine: Postgres | Redis) -> None:
        self.running.append(engine)
        engine.start()


def _make_private(directory: Path) -> None:
    directory.mkdir(mode=0o700, exist_ok=True)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise CannotStart(f"{directory} should be ours and belongs to somebody else: remove it.")
    directory.chmod(0o700)
