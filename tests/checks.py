"""`./run check`: everything a machine can say about the code without running it as a person would.

All checks run, also when one fails; the end says which did.
"""

import contextlib
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from smarketing.embedded import places
from smarketing.embedded.engines import Engines
from smarketing.embedded.errors import AlreadyRunning, CannotStart
from smarketing.embedded.lock import EnginesLock
from smarketing.embedded.terminal import complain, say, styled

APPS = ["smarketing", "leads", "handoff", "sla", "dashboard"]


@dataclass(frozen=True)
class Check:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    needs_database: bool = False

    def run(self) -> bool:
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, *self.command],
            cwd=places.ROOT,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        good = done.returncode == 0
        verdict = styled("ok", "green") if good else styled("failed", "red")
        say(f"  {self.name:<14}{time.monotonic() - began:5.1f} s  {verdict}")
        if not good:
            say(done.stdout.rstrip() + "\n")
        return good


def tool(name: str, *words: str) -> Check:
    return Check(name, ["-m", *words])


def manage(name: str, *words: str, **more: Any) -> Check:
    return Check(name, ["manage.py", *words], **more)


def like_production() -> dict[str, str]:
    """An environment in which the settings must be strict."""
    return {
        "SMARKETING_PRODUCTION": "1",
        "SMARKETING_SECRET_KEY": secrets.token_urlsafe(64),
        "SMARKETING_ALLOWED_HOSTS": "smarketing.example",
        "SMARKETING_SITE_URL": "https://smarketing.example",
        "DATABASE_URL": "postgres://nobody@localhost/nothing",
        "REDIS_URL": "redis://localhost",
    }


CHECKS = [
    tool("format", "ruff", "format", "--check", "."),
    tool("lint", "ruff", "check", "."),
    tool("templates", "djlint", "--lint", "--quiet", "templates"),
    tool("types", "mypy", *APPS),
    Check("layers", ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]),
    manage("migrations", "makemigrations", "--check", "--dry-run", needs_database=True),
    Check("migrationlint", ["-m", "tests.migration_lint"], needs_database=True),
    manage("deploy", "check", "--deploy", "--fail-level", "WARNING", environment=like_production()),
    manage("messages", "messages", "--check"),
    manage("api schema", "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull),
]


def main(wanted: list[str]) -> int:
    known = {check.name for check in CHECKS}
    if unknown := set(wanted) - known:
        complain(f"There is no check {', '.join(sorted(unknown))}. There are: {', '.join(sorted(known))}.")
        return 2
    os.environ["DJANGO_SETTINGS_MODULE"] = "smarketing.settings"
    chosen = [check for check in CHECKS if not wanted or check.name in wanted]
    with contextlib.ExitStack() as ending:
        if any(check.needs_database for check in chosen):
            start_engines(ending.callback)
        failed = [check.name for check in chosen if not check.run()]
    if failed:
        complain(f"\nFailed: {', '.join(failed)}.")
        return 1
    say("\nAll checks passed.", "green")
    return 0


def start_engines(at_the_end: Callable[[Callable[[], None]], object]) -> None:
    """Those of a place of their own: checks run beside everything else."""
    os.environ["SMARKETING_VAR"] = str(places.ROOT / "var" / "check")
    lock = EnginesLock()
    lock.take("./run check")
    at_the_end(lock.release)
    engines = Engines(durable=False)
    engines.start()
    at_the_end(engines.stop)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (AlreadyRunning, CannotStart) as problem:
        complain(str(problem))
        sys.exit(1)
