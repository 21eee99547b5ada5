"""What a killed start has left behind, and what only looks like it.

A process counts as ours when it is an engine that works in our data directory, never because a file
names its number: numbers are given out again, and the new bearer is innocent.
"""

import contextlib
import os
import signal
import time
from pathlib import Path

import psutil

from smarketing.embedded.errors import CannotStart

ENGINES = {"postgres", "redis-server", "valkey-server"}


def stop_engines_in(directory: Path, *, patience: float = 20) -> None:
    """Afterwards no engine works in this directory. Most are on their way out already: they are given time."""
    for insist in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if _gone_within(0.5 if insist == signal.SIGINT else patience / 2, directory):
            return
        for process in _working_in(directory):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(insist)
                process.resume()  # one that was suspended hears nothing
    if not _gone_within(patience, directory):
        raise CannotStart(f"Processes that work in {directory} do not end.")


def _gone_within(seconds: float, directory: Path) -> bool:
    deadline = time.monotonic() + seconds
    while _working_in(directory):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _working_in(directory: Path) -> list[psutil.Process]:
    here = os.path.realpath(directory)
    found = []
    for process in psutil.process_iter():
        try:
            if (
                process.name() in ENGINES
                and process.cwd() == here
                and process.status() != psutil.STATUS_ZOMBIE
            ):
                found.append(process)
        except psutil.Error:
            continue  # ended meanwhile, or a stranger's: what we may not look into, we did not start
    return found
