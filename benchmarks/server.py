"""The product as it is served for real: gunicorn, two processes, four threads each."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from smarketing.embedded.children import dying_with_us


@contextmanager
def serving(settings: str = "benchmarks.settings") -> Iterator[int]:
    """A server answers on the port that is given."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", "smarketing.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--workers", "2", "--threads", "4", "--preload", "--no-control-socket", "--log-level", "error"),
    ]
    server = subprocess.Popen(
        command,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": settings},
        preexec_fn=dying_with_us(signal.SIGTERM),  # its master ends the processes that answer
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not start.")
