"""`python -m smarketing.embedded`: what `./run` calls once the Python environment is there."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

from smarketing import translations
from smarketing.embedded import places
from smarketing.embedded.children import dying_with_us
from smarketing.embedded.engines import Engines
from smarketing.embedded.errors import AlreadyRunning, CannotStart
from smarketing.embedded.lock import EnginesLock
from smarketing.embedded.stopping import StopRequested, heed_signals
from smarketing.embedded.supervisor import Supervisor
from smarketing.embedded.terminal import complain


def main(words: list[str]) -> int:
    command, *rest = words
    translations.compile_stale()
    try:
        match command:
            case "serve":
                return serve(rest)
            case "manage":
                return with_engines("./run manage", [sys.executable, "manage.py", *rest])
            case "bench":
                os.environ["SMARKETING_VAR"] = str(places.ROOT / "var" / "bench")
                return with_engines("./run bench", [sys.executable, "-m", "benchmarks", *rest])
    except CannotStart as problem:
        complain(str(problem))
        return 1
    except StopRequested:
        return 130
    raise SystemExit(f"There is no command {command}.")


def serve(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run", description="Starts Smarketing on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="default: 8000")
    parser.add_argument("--empty", action="store_true", help="no demo company on the first start")
    wishes = parser.parse_args(words)
    Supervisor(port=wishes.port, empty=wishes.empty).run()
    return 0


def with_engines(purpose: str, command: list[str]) -> int:
    """Runs one command on the engines of this checkout: those that run, or some for as long as it takes."""
    with _engines(purpose):
        process = subprocess.Popen(command, cwd=places.ROOT, preexec_fn=dying_with_us(signal.SIGTERM))
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the command's: it shares our terminal
        try:
            return process.wait()
        except StopRequested:
            process.terminate()
            return process.wait()


@contextlib.contextmanager
def _engines(purpose: str) -> Iterator[None]:
    lock = EnginesLock()
    try:
        lock.take(purpose)
    except AlreadyRunning:
        if purpose == "./run bench":
            raise
        with lock.lean_on_holder():
            yield
        return
    heed_signals()
    engines = Engines()
    try:
        engines.start()
        lock.note(ready=True)
        yield
        lock.wait_for_users()
    finally:
        engines.stop()
        lock.release()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
