"""Whether the embedded database has the tables of this code: seen from the names of files and one row, without reading the product.

`migrate` reads all of it to find, nearly always, nothing to do: three seconds of every start.
"""

import hashlib
import json
from pathlib import Path

import psycopg2

from smarketing.embedded import places
from smarketing.embedded.postgres import DATABASE, connection_to

OF_THE_PRODUCT = ("*/migrations/*.py", "*/*/migrations/*.py")
OF_OTHERS = ("requirements/*.txt", "smarketing/settings.py")  # packages and which of them are installed


def are_up_to_date() -> bool:
    """Nothing was added to the code, and nothing happened to the tables, since `remember`."""
    try:
        return json.loads(_note().read_text()) == _seen()
    except (OSError, ValueError, psycopg2.Error):  # never noted, or no tables yet
        return False


def remember() -> None:
    """The tables are those of this code."""
    _note().write_text(json.dumps(_seen()))


def _note() -> Path:
    return places.var() / "tables.json"


def _seen() -> dict[str, object]:
    with connection_to(DATABASE) as session, session.cursor() as cursor:
        cursor.execute("SELECT count(*), max(id), max(applied)::text FROM django_migrations")
        return {"code": _fingerprint(), "applied": list(cursor.fetchone() or ())}


def _fingerprint() -> str:
    files = (path for pattern in OF_THE_PRODUCT for path in places.ROOT.glob(pattern))
    names = sorted(path.relative_to(places.ROOT).as_posix() for path in files)
    others = [path.read_bytes() for pattern in OF_OTHERS for path in sorted(places.ROOT.glob(pattern))]
    return hashlib.sha256("\n".join(names).encode() + b"".join(others)).hexdigest()
