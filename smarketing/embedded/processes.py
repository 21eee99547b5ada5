"""The three processes of the product on one machine, and what each is started with."""

import os
import signal
import socket
import sys
import urllib.error
import urllib.request

from smarketing.embedded import places
from smarketing.embedded.children import Child
from smarketing.embedded.errors import CannotStart


def manage(*words: str) -> Child:
    return _child(f"manage.py {words[0]}", [sys.executable, "manage.py", *words], log="manage")


def web(listener: socket.socket) -> Child:
    """Serves on a socket that we hold: the port stays ours while it restarts."""
    command = [
        *(sys.executable, "-m", "gunicorn", "smarketing.wsgi", "--bind", f"fd://{listener.fileno()}"),
        *("--workers", "2", "--threads", "4", "--preload", "--no-control-socket"),
        *("--access-logfile", "-", "--graceful-timeout", "5"),
    ]
    return _child("web", command, keep_open=[listener.fileno()])


def worker() -> Child:
    celery = [sys.executable, "-m", "celery", "-A", "smarketing", "worker"]
    quiet = ["--without-gossip", "--without-mingle"]
    # SIGQUIT hands unfinished tasks back to the queue; SIGTERM would wait for them.
    return _child("worker", [*celery, "-c", "2", "-l", "info", *quiet], env={"REMAP_SIGTERM": "SIGQUIT"})


def beat() -> Child:
    schedule = str(places.var() / "beat-schedule")
    celery = [sys.executable, "-m", "celery", "-A", "smarketing", "beat"]
    return _child("beat", [*celery, "-l", "info", "--pidfile=", "--schedule", schedule])


def sweeper() -> Child:
    """The second trigger of the sweep: it needs the database and nothing else."""
    return _child("sweeper", [sys.executable, "manage.py", "sweeper"])


def reserve_port(port: int) -> socket.socket:
    """Ours from now on; nobody is let in before the web process listens."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except PermissionError:
        raise CannotStart(
            f"Port {port} is reserved for root. Choose one above 1023: ./run --port 8080"
        ) from None
    except (OSError, OverflowError):
        raise CannotStart(f"Port {port} is taken. Choose another: ./run --port {port + 1}") from None
    return listener


def answers(address: str) -> bool:
    """Whether the web process is alive: it need not be pleased with the question."""
    try:
        with urllib.request.urlopen(f"{address}healthz", timeout=2):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return error.code < 500
    except OSError:
        return False


def _child(
    name: str,
    command: list[str],
    *,
    log: str = "",
    env: dict[str, str] | None = None,
    keep_open: list[int] | None = None,
) -> Child:
    return Child(
        name,
        command,
        log=places.logs() / f"{log or name}.log",
        env=os.environ | {"PYTHONUNBUFFERED": "1"} | (env or {}),
        cwd=places.ROOT,
        # Without us Redis goes too, and a worker that stops politely would wait for it.
        death_signal=signal.SIGKILL,
        keep_open=keep_open or [],
    )
