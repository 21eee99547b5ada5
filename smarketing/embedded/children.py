"""Processes in the foreground that never outlive the one that started them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
LARGE_LOG = 5_000_000


class Child:
    """One process: a session of its own (Ctrl-C reaches us, not it), a log file, and a signal if we die."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        death_signal: signal.Signals | None = None,
        keep_open: Sequence[int] = (),
    ):
        self.name = name
        self.command = list(command)
        self.log = log
        self.env = env
        self.cwd = cwd
        self.stop_signal = stop_signal
        self.death_signal = death_signal or stop_signal
        self.keep_open = tuple(keep_open)
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0

    # Verbs

    def start(self) -> None:
        self._begin_log()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.cwd,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=self.keep_open,
                preexec_fn=dying_with_us(self.death_signal),
            )
        self.started_at = time.monotonic()

    def ask_to_stop(self) -> None:
        if self.process and self.is_alive:
            self.process.send_signal(self.stop_signal)

    def stop(self, *, patience: float = 15) -> None:
        """Gone afterwards, politely if possible, with whatever it had started itself."""
        if self.process is None:
            return
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        self.kill()

    def kill(self) -> None:
        """Gone afterwards, at once, with whatever it had started itself."""
        self.sweep()
        if self.process:
            self.process.wait()

    def sweep(self) -> None:
        """Ends what is left of its session: a process killed with -9 leaves its own children behind."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    # Questions

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def ended_well(self) -> bool:
        return self.process is not None and self.process.poll() == 0

    @property
    def age(self) -> float:
        return time.monotonic() - self.started_at

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        code = self.process.poll() if self.process else None
        return "still running" if code is None else explain(code)

    # Mechanics

    def _begin_log(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGE_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))


def explain(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def dying_with_us(death_signal: signal.Signals = signal.SIGKILL) -> Callable[[], None] | None:
    """The `preexec_fn` of a process that Linux is to signal when we die, however we die.

    We are the thread that starts it: a process started by a thread that ends soon, ends with that thread.
    """
    if sys.platform != "linux":
        return None
    parent, prctl = os.getpid(), ctypes.CDLL(None).prctl

    def between_fork_and_exec() -> None:
        prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before we could ask
            os.kill(os.getpid(), signal.SIGKILL)

    return between_fork_and_exec
