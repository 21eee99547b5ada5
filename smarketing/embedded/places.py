"""Where the embedded engines keep their data and where they listen. Knows paths, starts nothing."""

import hashlib
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]

POSTGRES_PORT = "5432"  # part of the socket's file name; nothing listens on the network


def var() -> Path:
    """The directory for everything that is made here and never committed."""
    return (ROOT / os.environ.get("SMARKETING_VAR", "var")).resolve()


def logs() -> Path:
    return var() / "log"


def sockets() -> Path:
    """Private, and short: the kernel allows a socket's path about a hundred characters."""
    fingerprint = hashlib.sha256(os.fsencode(var())).hexdigest()[:12]
    return Path("/tmp") / f"smarketing-{os.geteuid()}-{fingerprint}"


def postgres_sockets() -> Path:
    return sockets() / "postgres"


def redis_socket() -> Path:
    return sockets() / "redis.sock"


def database() -> dict[str, Any]:
    """Django's DATABASES entry for the embedded PostgreSQL."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "smarketing",
        "USER": "smarketing",
        "HOST": str(postgres_sockets()),
        "PORT": POSTGRES_PORT,
    }


def redis_url(db: int) -> str:
    """For redis-py and Django's cache."""
    return f"unix://{quote(str(redis_socket()))}?db={_redis_database(db)}"


def broker_url(db: int) -> str:
    """For Celery."""
    return f"redis+socket://{quote(str(redis_socket()))}?virtual_host={_redis_database(db)}"


def _redis_database(db: int) -> int:
    # Parallel test processes share one Redis and must not share its databases.
    return int(os.environ.get("SMARKETING_REDIS_OFFSET", "0")) + db
