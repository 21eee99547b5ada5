"""A database of a chosen size: made once, kept while the code that makes it and the tables stay the same."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import psycopg2.extensions
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

HERE = Path(__file__).parent


def fingerprint(as_of: str) -> str:
    """Changes when the crowd would come out differently."""
    makers = [path.read_bytes() for path in sorted(HERE.glob("crowd*.py"))]
    tables = sorted(map(str, MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}))
    return hashlib.sha256(b"".join(makers) + "".join(tables).encode() + as_of.encode()).hexdigest()[:16]


def fill(leads: int, *, as_of: str) -> float:
    """The database named in the settings holds exactly this crowd; returns the seconds it took, 0 when it was there already."""
    from benchmarks import crowd

    mark = f"{leads}:{fingerprint(as_of)}"
    if _mark() == mark:
        return 0.0
    started = time.monotonic()
    _create_anew()
    call_command("migrate", verbosity=0, interactive=False)
    crowd.gather(leads, as_of=as_of)
    crowd.settle()
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON SCHEMA public IS %s", [mark])
    return time.monotonic() - started


def copy_of(original: str) -> None:
    """The database named in the settings is a fresh copy, so that what is measured may change it."""
    with _session() as session, session.cursor() as cursor:
        name = settings.DATABASES["default"]["NAME"]
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}" STRATEGY FILE_COPY')


def _mark() -> str | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT obj_description('public'::regnamespace)")
            return cursor.fetchone()[0]
    except Exception:  # no such database yet
        return None
    finally:
        connection.close()


def _create_anew() -> None:
    name = settings.DATABASES["default"]["NAME"]
    connection.close()
    with _session() as session, session.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')


@contextmanager
def _session() -> Iterator[psycopg2.extensions.connection]:
    """Beside every database, for making and dropping them."""
    database = settings.DATABASES["default"]
    session = psycopg2.connect(
        host=database["HOST"], user=database["USER"], password=database.get("PASSWORD"), dbname="postgres"
    )
    session.autocommit = True
    try:
        yield session
    finally:
        session.close()
