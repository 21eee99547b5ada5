"""The migrated database that test databases are copied from: migrations run once per change, not once per run."""

import hashlib
import subprocess
import sys

from smarketing.embedded import places
from smarketing.embedded.errors import CannotStart
from smarketing.embedded.postgres import Postgres

SHAPED_BY = ["*/migrations/*.py", "*/*/migrations/*.py", "smarketing/settings.py", "requirements/dev.txt"]


def prepare(postgres: Postgres) -> str:
    """Returns the name of a database in which every migration has run."""
    name = str(places.database()["NAME"])
    note = places.var() / "migrated"
    shape = _shape()
    if not note.exists() or note.read_text() != shape:
        note.unlink(missing_ok=True)
        postgres.create_database_anew()
        _migrate()
        note.write_text(shape)
    return name


def _shape() -> str:
    digest = hashlib.sha256()
    for pattern in SHAPED_BY:
        for path in sorted(places.ROOT.glob(pattern)):
            digest.update(path.relative_to(places.ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _migrate() -> None:
    command = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    done = subprocess.run(command, cwd=places.ROOT, capture_output=True, text=True)
    if done.returncode:
        raise CannotStart(f"The migrations fail:\n{done.stdout}{done.stderr}")
