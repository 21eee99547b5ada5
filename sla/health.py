"""Is somebody looking at the clocks? The age of the last sweep that ended well, for /readyz, /metrics and a banner on every page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sla.models import Clock, Notice, SweepRun
from smarketing.health import Finding
from smarketing.words import ago

OLDEST = timedelta(minutes=2)


@dataclass(frozen=True)
class SweepHealth:
    finished_at: datetime | None
    age: timedelta | None
    is_fine: bool


def last_sweep(now: datetime) -> SweepHealth:
    """Fine when it ended at most two minutes ago, or when there has never been a clock to look at."""
    finished = (
        SweepRun.objects.filter(finished_at__isnull=False)
        .order_by("-finished_at")
        .values_list("finished_at", flat=True)
        .first()
    )
    if finished is None:
        return SweepHealth(None, None, is_fine=not Clock.objects.exists())
    return SweepHealth(finished, now - finished, is_fine=now - finished <= OLDEST)


def check() -> Finding:
    """For /readyz."""
    health = last_sweep(timezone.now())
    if health.age is None:
        return Finding(health.is_fine, "No sweep has run yet.")
    return Finding(health.is_fine, f"The last sweep ended {health.age.total_seconds():.0f} s ago.")


def figures() -> Iterable[tuple[str, str, float]]:
    """For /metrics."""
    health = last_sweep(timezone.now())
    yield (
        "sweep_age_seconds",
        "Seconds since the last sweep that ended well",
        health.age.total_seconds() if health.age else -1,
    )
    aside = Notice.objects.filter(quarantined_at__isnull=False, sent_at=None)
    yield "mails_set_aside", "Mails that failed three times", aside.count()


def banner(user: object) -> str:
    """What every page says when nobody has looked at the clocks for two minutes; empty when all is well."""
    health = last_sweep(timezone.now())
    if health.is_fine:
        return ""
    shown = _("The clocks shown are right, but nobody is told of what is due: the sweep does not run.")
    if health.finished_at is None:
        return str(shown)
    return str(shown) + " " + gettext("It last ran %(when)s.") % {"when": ago(health.finished_at)}
