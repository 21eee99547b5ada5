"""Is somebody looking at the clocks, and does what is told arrive? For /readyz, /metrics, a banner on every page and the page of health."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sla.models import ChannelKind, Clock, Notice, NoticeKind, SignOfLife, SweepRun
from smarketing.health import Finding
from smarketing.words import ago

logger = logging.getLogger("sla.health")

OLDEST = timedelta(minutes=2)
PING, PING_EVERY = "ping", timedelta(seconds=30)
PROCESSES = ["worker", "sweeper"]


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


def sign_of_life(name: str, at: datetime) -> None:
    SignOfLife.objects.update_or_create(name=name, defaults={"seen_at": at})


def ping_outside(at: datetime) -> bool:
    """Somebody outside is told that a sweep ended well, and raises the alarm when he hears nothing. At most every half minute."""
    if not settings.PING_URL:
        return False
    with transaction.atomic():
        SignOfLife.objects.get_or_create(name=PING, defaults={"seen_at": at - PING_EVERY})
        if not SignOfLife.objects.filter(name=PING, seen_at__lte=at - PING_EVERY).update(seen_at=at):
            return False
    from smarketing import outgoing  # here: it brings much along, and few ask for the ping

    try:
        return outgoing.get(settings.PING_URL).is_fine
    except (outgoing.Refused, outgoing.Unreachable) as problem:
        logger.warning("The ping to the outside failed: %s", problem)
        return False


@dataclass(frozen=True)
class Outbox:
    """What waits to be told, and since when it should have been."""

    waiting: int
    overdue_since: datetime | None
    set_aside: int


def outbox(now: datetime) -> Outbox:
    unsent = Notice.objects.filter(sent_at=None)
    told = unsent.filter(quarantined_at=None).exclude(channel=ChannelKind.IN_APP)
    oldest = told.filter(next_attempt_at__lt=now).aggregate(oldest=Min("next_attempt_at"))["oldest"]
    aside = unsent.filter(quarantined_at__isnull=False).exclude(kind=NoticeKind.TRIAL).count()
    return Outbox(told.count(), oldest, aside)


def seen(name: str) -> datetime | None:
    return SignOfLife.objects.filter(name=name).values_list("seen_at", flat=True).first()


def figures() -> Iterable[tuple[str, str, float]]:
    """For /metrics."""
    now = timezone.now()
    box, last = outbox(now), last_sweep(now)
    yield "sweep_age_seconds", "Seconds since the last sweep that ended well", _seconds(last.age)
    for name in PROCESSES:
        at = seen(name)
        yield (
            f"{name}_age_seconds",
            f"Seconds since the {name} showed that it works",
            _seconds(now - at if at else None),
        )
    yield "outbox_waiting", "Mails and posts that wait, also for their moment", box.waiting
    yield (
        "outbox_overdue_seconds",
        "How long the oldest mail or post should have been gone",
        _seconds(now - box.overdue_since if box.overdue_since else timedelta()),
    )
    yield "mails_set_aside", "Mails and posts that failed three times", box.set_aside
    clocks = Clock.objects.open()
    for state, count in clocks.order_by().values_list("state").annotate(n=Count("id")):
        yield f"clocks_{state.lower()}", f"Clocks that are {state.lower()}", count
    yield "clocks_late", "Clocks that are past due and open", clocks.overdue(now).count()
    yield (
        "sweep_waiting",
        "Clocks that the sweep should have looked at",
        Clock.objects.filter(next_check_at__lt=now).count(),
    )


def _seconds(age: timedelta | None) -> float:
    return age.total_seconds() if age is not None else -1


def banner(user: object) -> str:
    """What every page says when nobody has looked at the clocks for two minutes; empty when all is well."""
    health = last_sweep(timezone.now())
    if health.is_fine:
        return ""
    shown = _("The clocks shown are right, but nobody is told of what is due: the sweep does not run.")
    if health.finished_at is None:
        return str(shown)
    return str(shown) + " " + gettext("It last ran %(when)s.") % {"when": ago(health.finished_at)}
