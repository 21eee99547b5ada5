"""A pytest plugin: PostgreSQL and Redis of this test run's own, also while the product or other tests run.

The environment is prepared when this module is imported, because pytest-django reads the settings before
any hook of ours could run. Each run takes the first free place among var/test-1, var/test-2 and so on;
each parallel process of a run has its own database (pytest-django names it) and its own Redis databases.
"""

import os
import shutil
from itertools import count

import pytest
from django.conf import settings

from smarketing import translations
from smarketing.embedded import places
from smarketing.embedded.engines import Engines
from smarketing.embedded.errors import AlreadyRunning, CannotStart
from smarketing.embedded.lock import EnginesLock
from tests import template

REDIS_DATABASES_EACH = 4
TEMPLATE = "SMARKETING_TEST_TEMPLATE"

process = os.environ.get("PYTEST_XDIST_WORKER", "")  # empty in the process that leads the others


def take_free_place() -> EnginesLock:
    for number in count(1):
        place = places.ROOT / "var" / f"test-{number}"
        lock = EnginesLock(place)
        try:
            lock.take("./run test")
        except AlreadyRunning:
            continue
        os.environ["SMARKETING_VAR"] = str(place)
        return lock
    raise AssertionError("unreachable")


if process:
    number = int(process.removeprefix("gw"))
    os.environ["SMARKETING_REDIS_OFFSET"] = str((number + 1) * REDIS_DATABASES_EACH)
else:
    lock = take_free_place()
    engines = Engines(durable=False)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    if not process and not session.config.option.collectonly:
        _start_engines()
    if TEMPLATE in os.environ:
        settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = os.environ[TEMPLATE]


def pytest_unconfigure() -> None:
    if not process:
        engines.stop()
        lock.release()


def _start_engines() -> None:
    translations.compile_stale()
    shutil.rmtree(places.var() / "redis", ignore_errors=True)  # no task of an earlier run may ring
    try:
        engines.start()
        if engines.postgres:
            os.environ[TEMPLATE] = template.prepare(engines.postgres)
    except CannotStart as problem:
        pytest.exit(str(problem), returncode=1)
