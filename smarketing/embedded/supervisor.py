"""`./run`: brings everything up, keeps it up, and takes all of it along when it goes."""

import contextlib
import os
import socket
import time

from smarketing.embedded import places, processes, tables
from smarketing.embedded.children import Child
from smarketing.embedded.engines import Engines
from smarketing.embedded.errors import ChildFailed
from smarketing.embedded.lock import EnginesLock
from smarketing.embedded.stopping import StopRequested, heed_signals, raise_if_requested
from smarketing.embedded.terminal import say, step, styled

LONG_ENOUGH = 60  # a child that lived this long is trusted again
LONGEST_WAIT = 30.0


class Supervisor:
    """The foreground process: parent of the engines, web, worker, beat and sweeper."""

    def __init__(self, *, port: int, empty: bool):
        self.port = port
        self.empty = empty
        self.lock = EnginesLock()
        self.engines = Engines()
        self.watched: list[Watched] = []

    # Verbs

    def run(self) -> None:
        """Returns when asked to stop; no process of ours is left then."""
        heed_signals()
        self.lock.take("./run")
        try:
            with contextlib.closing(processes.reserve_port(self.port)) as listener:
                self._bring_up(listener)
                self._watch()
        except StopRequested:
            say("\nStopping ...")
        finally:
            self._take_down()

    # Mechanics

    def _bring_up(self, listener: socket.socket) -> None:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        os.environ.setdefault("SMARKETING_SITE_URL", address)  # where mails and calendar entries lead
        say("Smarketing", "bold")
        with step("engines") as engines:
            self.engines.start()
            engines.outcome = self.engines.description
            self.lock.note(ready=True, address=address)
        with step("database") as database:
            _make_tables()
            database.outcome = "up to date"
        self._greet_newcomer()
        with step("product") as product:
            self._start_processes(listener, address)
            product.outcome = "web, worker, beat and sweeper"
        _invite(address)

    def _greet_newcomer(self) -> None:
        """The demo company moves in on the first start, and only into a database of our own."""
        greeted = places.var() / "first-start"
        if greeted.exists() or os.environ.get("DATABASE_URL"):
            return
        if not self.empty:
            with step("demo") as demo:
                demo.outcome = _seed_demo()
        greeted.touch()

    def _start_processes(self, listener: socket.socket, address: str) -> None:
        for child in (processes.web(listener), processes.worker(), processes.beat(), processes.sweeper()):
            child.start()
            self.watched.append(Watched(child))
        web = self.watched[0].child
        while not processes.answers(address):
            raise_if_requested()
            if not web.is_alive:
                raise ChildFailed(f"The web process did not start ({web.ending}).", web.log)
            time.sleep(0.05)

    def _watch(self) -> None:
        while True:
            raise_if_requested()
            for engine in self.engines.running:
                if not engine.child.is_alive:
                    say(f"{engine.child.name} ended ({engine.child.ending}); starting it again.", "yellow")
                    engine.start()
            for each in self.watched:
                each.look_after()
            time.sleep(0.2)

    def _take_down(self) -> None:
        for each in self.watched:
            each.child.ask_to_stop()
        for each in self.watched:
            each.child.stop()
        self.engines.stop()
        self.lock.release()


class Watched:
    """A child that is started again when it ends, each time a little later."""

    def __init__(self, child: Child):
        self.child = child
        self.wait = 0.5
        self.start_again_at: float | None = None

    def look_after(self) -> None:
        if self.child.is_alive:
            if self.child.age > LONG_ENOUGH:
                self.wait = 0.5
        elif self.start_again_at is None:
            self._mourn()
        elif time.monotonic() >= self.start_again_at:
            self.child.start()
            self.start_again_at = None

    def _mourn(self) -> None:
        self.child.sweep()
        self.wait = min(self.wait * 2, LONGEST_WAIT)
        self.start_again_at = time.monotonic() + self.wait
        name, log = self.child.name, self.child.log
        say(
            f"{name} ended ({self.child.ending}); starting it again in {self.wait:.0f} s. See {log}", "yellow"
        )


def _run_to_end(child: Child) -> None:
    try:
        child.start()
        while child.is_alive:
            raise_if_requested()
            time.sleep(0.02)
    except StopRequested:
        child.stop(patience=2)
        raise
    if not child.ended_well:
        raise ChildFailed(f"{child.name} failed ({child.ending}).", child.log)


def _make_tables() -> None:
    """What else is in a database of somebody else we cannot know: there `migrate` always looks."""
    is_ours = not os.environ.get("DATABASE_URL")
    if is_ours and tables.are_up_to_date():
        return
    _run_to_end(processes.manage("migrate", "--no-input", "--verbosity", "0"))
    if is_ours:
        tables.remember()


def _seed_demo() -> str:
    """It is a courtesy: the product starts without it too."""
    try:
        _run_to_end(processes.manage("seed_demo"))
    except ChildFailed as problem:
        return f"stayed away, see {problem.log}"
    return "the demo company has moved in"


def _invite(address: str) -> None:
    say(f"\n  {styled(address, 'bold')}\n")
    sign_in = places.var() / "demo-signin.txt"
    if sign_in.exists():
        for line in sign_in.read_text().splitlines():
            say(f"  {line}")
    else:
        say("  Nobody can sign in yet: ./run manage createsuperuser makes the first account.")
    say(f"\n  {styled(f'Logs in {places.logs()}. Ctrl-C stops everything.', 'dim')}")
