"""Refuses to go on when PostgreSQL or Redis would forget what was promised.

These are database checks: `migrate` runs them before it changes anything, and in production everything else
waits for `migrate`.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

MUST_BE_ON = ["fsync", "synchronous_commit", "full_page_writes"]


@register(Tags.database)
def engines_keep_their_word(*, databases: Sequence[str] | None = None, **unused: Any) -> list[CheckMessage]:
    """Only in production: tests hurry, and the embedded engines are ours."""
    if not settings.PRODUCTION or not databases:
        return []
    return [*postgresql_is_durable(), *redis_is_durable()]


def postgresql_is_durable() -> list[CheckMessage]:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [MUST_BE_ON])
        wrong = [f"{name} is {setting}" for name, setting in sorted(cursor.fetchall()) if setting == "off"]
        cursor.execute("SHOW server_encoding")
        (encoding,) = cursor.fetchone()
    found: list[CheckMessage] = []
    if wrong:
        found.append(
            Error(f"PostgreSQL may lose what it has confirmed: {', '.join(wrong)}.", id="smarketing.E001")
        )
    if encoding != "UTF8":
        found.append(Error(f"The database's encoding is {encoding}; it must be UTF8.", id="smarketing.E002"))
    return found


def redis_is_durable() -> list[CheckMessage]:
    from redis import Redis  # here: half a second of every start
    from redis.exceptions import RedisError, ResponseError

    address = settings.CACHES["default"]["LOCATION"]
    with Redis.from_url(address, socket_timeout=5, decode_responses=True) as redis:
        try:
            append_only = redis.config_get("appendonly").get("appendonly")
            policy = redis.config_get("maxmemory-policy").get("maxmemory-policy")
        except ResponseError:  # a hosted Redis may not let us look
            return [Warning("Redis does not tell whether it keeps its data.", id="smarketing.W001")]
        except RedisError as problem:
            return [Error(f"Redis does not answer: {type(problem).__name__}.", id="smarketing.E003")]
    found: list[CheckMessage] = []
    if append_only != "yes":
        found.append(
            Error("Redis forgets waiting tasks when it stops: set appendonly yes.", id="smarketing.E004")
        )
    if policy != "noeviction":
        found.append(
            Error(
                f"Redis throws tasks away when it is full ({policy}): set maxmemory-policy noeviction.",
                id="smarketing.E005",
            )
        )
    return found
