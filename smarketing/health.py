"""Is the product alive, is it ready, and in what state: three addresses for machines. No personal data, no sign-in.

Rooms register what readiness means for them in `apps.ready()`: `health.register("sweep", check)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest


@dataclass(frozen=True)
class Finding:
    """What a check saw: fine or not, and one sentence for the person who is woken up."""

    is_fine: bool
    sentence: str


Check = Callable[[], Finding]
Figures = Callable[[], Iterable[tuple[str, str, float]]]  # (name, sentence, value)

checks: dict[str, Check] = {}
figures: list[Figures] = []


def register(name: str, check: Check) -> None:
    """From now on `/readyz` asks `check` too."""
    checks[name] = check


def register_figures(source: Figures) -> None:
    """From now on `/metrics` shows these figures too."""
    figures.append(source)


@never_cache
@require_safe
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"alive": True})


@never_cache
@require_safe
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when all that the product needs answers, else 503; each part with a sentence."""
    findings = {name: _ask(check) for name, check in checks.items()}
    ready = all(finding.is_fine for finding in findings.values())
    body = {
        "ready": ready,
        "checks": {name: {"fine": f.is_fine, "says": f.sentence} for name, f in findings.items()},
    }
    return JsonResponse(body, status=200 if ready else 503)


@never_cache
@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' format, read from the database so that every process gives the same answer.

    Open to this machine; from elsewhere with `Authorization: Bearer` and SMARKETING_METRICS_TOKEN.
    """
    if not _may_read_metrics(request):
        return HttpResponse(status=404)
    registry = CollectorRegistry()
    for source in figures:
        for name, sentence, value in source():
            Gauge(f"smarketing_{name}", sentence, registry=registry).set(value)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def check_database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding(True, "PostgreSQL answers.")


def check_redis() -> Finding:
    """Redis is only the doorbell, but without it work waits for the next round of the sweep."""
    cache.set("readyz", 1, 5)
    return Finding(cache.get("readyz") == 1, "Redis answers.")


def check_migrations() -> Finding:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return Finding(
        not missing,
        "The tables are up to date." if not missing else f"{missing} migrations are missing: run migrate.",
    )


register("database", check_database)
register("redis", check_redis)
register("migrations", check_migrations)


def _ask(check: Check) -> Finding:
    try:
        return check()
    except Exception as problem:  # whatever it is, the answer must be a sentence and not a crash
        return Finding(False, f"Does not answer: {type(problem).__name__}.")


def _may_read_metrics(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        return request.headers.get("Authorization") == f"Bearer {settings.METRICS_TOKEN}"
    is_proxied = "X-Forwarded-For" in request.headers
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1", "") and not is_proxied
