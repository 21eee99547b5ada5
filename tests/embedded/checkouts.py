"""Copies of the product elsewhere on the machine, started the way a stranger would, by whom we like."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import psutil
import psycopg2

from smarketing.embedded import places
from smarketing.embedded.children import dying_with_us

LEFT_OUT = shutil.ignore_patterns(".*", "var", "__pycache__", "tests", "docs", "benchmarks", "*.mo")
OURS = ("SMARKETING_", "PYTEST_", "DATABASE_URL", "REDIS_URL", "DJANGO_", "PORT", "CI")

HOLD_ENGINES = """
import signal
from smarketing.embedded import places
from smarketing.embedded.engines import Engines
from smarketing.embedded.errors import CannotStart
from smarketing.embedded.lock import EnginesLock
from smarketing.embedded.stopping import StopRequested, heed_signals
heed_signals()
lock, engines = EnginesLock(), Engines()
try:
    lock.take("a test")
    engines.start()
    lock.note(ready=True)
    print("engines are up", flush=True)
    signal.pause()
except CannotStart as problem:
    print(problem, flush=True)
except StopRequested:
    engines.stop()
"""


class Checkout:
    """The product's source in a directory of its own; its packages are ours."""

    def __init__(self, root: Path, *, python: str = sys.executable, user: int | None = None):
        self.root = root
        self.python = python
        self.user = user
        self.running: Running | None = None
        if not root.exists():
            shutil.copytree(places.ROOT, root, ignore=LEFT_OUT)
        if user is not None:
            give_away(root, user)

    # Verbs

    def start_engines(self) -> "Running":
        running = self._start(["-c", HOLD_ENGINES])
        running.read_until("engines are up")
        return running

    def start_product(self, *words: str) -> "Running":
        return self._start(["-m", "smarketing.embedded", "serve", "--port", "0", "--empty", *words])

    def manage(self, *words: str) -> str:
        return self.start_manage(*words).read_to_end()

    def start_manage(self, *words: str) -> "Running":
        return self._start(["-m", "smarketing.embedded", "manage", *words])

    def kill_everything(self) -> None:
        for process in self.processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def remember(self, word: str) -> None:
        """Committed when this returns."""
        with self.session() as session, session.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS memory (word text)")
            cursor.execute("INSERT INTO memory VALUES (%s)", [word])
            session.commit()

    def clean_up(self) -> None:
        self.kill_everything()
        shutil.rmtree(self.sockets, ignore_errors=True)

    # Questions

    @cached_property
    def sockets(self) -> Path:
        return Path(self.python_says("from smarketing.embedded import places; print(places.sockets())"))

    def python_says(self, program: str) -> str:
        return self._start(["-c", program]).read_to_end().strip()

    def memory(self) -> list[str]:
        with self.session() as session, session.cursor() as cursor:
            cursor.execute("SELECT word FROM memory ORDER BY word")
            return [word for (word,) in cursor.fetchall()]

    @contextlib.contextmanager
    def session(self) -> Iterator["psycopg2.extensions.connection"]:
        session = psycopg2.connect(host=f"{self.sockets}/postgres", user="smarketing", dbname="smarketing")
        try:
            yield session
        finally:
            session.close()

    def processes(self) -> list[psutil.Process]:
        """All that work anywhere in this checkout."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()).is_relative_to(self.root):
                    found.append(process)
        return found

    def users(self) -> dict[str, set[int]]:
        """By name of the program, the users it runs as here."""
        found: dict[str, set[int]] = {}
        for process in self.processes():
            with contextlib.suppress(psutil.Error):  # ended while we looked
                found.setdefault(process.name(), set()).add(process.uids().real)
        return found

    def is_silent_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.processes():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    # Mechanics

    def _start(self, words: list[str]) -> "Running":
        return Running([*become(self.user), self.python, *words], self.root)


class Running:
    """A process we have started in a checkout, and what it says."""

    def __init__(self, command: list[str], root: Path):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.process = subprocess.Popen(
            command,
            cwd=root,
            env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=dying_with_us(),
        )
        self.said = ""
        self.address = ""

    # Verbs

    def read_until(self, words: str) -> str:
        """Returns the line with these words; fails when the process ends without them."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if words in line:
                return line
        raise AssertionError(f"It ended without saying {words!r}, but:\n{self.said}")

    def read_to_end(self) -> str:
        assert self.process.stdout
        self.said += self.process.stdout.read()
        self.process.wait()
        return self.said

    def signal(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)

    # Questions

    @property
    def is_up(self) -> bool:
        return self.process.poll() is None


def become(user: int | None) -> list[str]:
    """To be somebody else takes away the wish to die with us, so it is made again."""
    if user is None:
        return []
    return [
        "setpriv",
        f"--reuid={user}",
        f"--regid={user}",
        "--clear-groups",
        "--pdeathsig=KILL",
        "--",
    ]


def give_away(root: Path, user: int) -> None:
    for path in (root, *root.rglob("*")):
        os.chown(path, user, user, follow_symlinks=False)
