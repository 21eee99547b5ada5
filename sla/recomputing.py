"""Counting open clocks anew, after hours or targets have changed: first what would move, then with a reason the moving itself.

No edit of a calendar or an agreement moves a running clock by itself. A run is a row with a state; its task may ring twice, be
killed or never ring: each batch is one transaction that locks the row, so nothing is moved twice and what was done stays done.
Three tries that get no further give it up.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from sla import moving
from sla.announcing import tell_of_the_recompute
from sla.business_time import NoOpenTime
from sla.models import Agreement, CalendarVersion, Clock, ClockEventKind, Term
from sla.models.recompute import Effect, Recompute, RecomputedClock, RecomputeScope, RecomputeState

if TYPE_CHECKING:
    from smarketing.accounts.models import User

log = logging.getLogger(__name__)

FEW = 500  # so many clocks are counted while somebody waits
BATCH = 200
STRIKES = 3
LEFT_BEHIND_AFTER = timedelta(seconds=90)
FORGOTTEN_AFTER = timedelta(days=2)  # a count that nobody said yes to


class RecomputeRefused(Exception):
    """It is not counted yet, was done already, or another one is under way."""


# Verbs


@transaction.atomic
def count(scope: str, *, by: User, at: datetime) -> Recompute:
    """What would move: worked out at once for few clocks, by a worker for many. Nothing moves yet."""
    total = Clock.objects.open().count()
    run = Recompute.objects.create(
        scope=RecomputeScope(scope), asked_by=by, asked_at=at, touched_at=at, total=total
    )
    if total > FEW:
        _ring(run.pk)
    else:
        while _count_batch(run.pk, _Now(run.scope), at=at):
            pass
        run.refresh_from_db()
    return run


@transaction.atomic
def confirm(run: Recompute, reason: str, *, by: User, at: datetime) -> None:
    """From now on the clocks move, in batches; few of them at once. Raises RecomputeRefused."""
    reason = reason.strip()
    if not reason:
        raise RecomputeRefused(_("Say why: every clock that moves keeps the reason."))
    try:
        with transaction.atomic():
            moves = Recompute.objects.filter(pk=run.pk, state=RecomputeState.COUNTED).update(
                state=RecomputeState.MOVING,
                reason=reason,
                confirmed_by=by,
                confirmed_at=at,
                touched_at=at,
                attempts=0,
            )
    except IntegrityError as error:
        raise RecomputeRefused(_("Another recompute is under way.")) from error
    run.refresh_from_db()
    if not moves:
        raise RecomputeRefused(
            _("%(who)s started it already.") % {"who": run.confirmed_by}
            if run.confirmed_by
            else _("It is still being counted.")
        )
    if run.clocks.count() > BATCH:
        _ring(run.pk)
    else:
        while _move_batch(run.pk, _Now(run.scope), at=at):
            pass
        run.refresh_from_db()


def advance(run_id: int, *, at: datetime) -> None:
    """All batches that are left, each in its own transaction. Nothing to do, or somebody at it: nothing happens."""
    if not _count_try(run_id, at=at):
        return
    run = Recompute.objects.get(pk=run_id)
    now, step = _Now(run.scope), _move_batch if run.state == RecomputeState.MOVING else _count_batch
    while step(run_id, now, at=at):
        pass


def take_up_what_was_left(*, at: datetime) -> None:
    """Runs under way that nobody has touched for a while go on; counts that nobody said yes to are forgotten."""
    under_way = Recompute.objects.filter(state__in=[RecomputeState.COUNTING, RecomputeState.MOVING])
    left = under_way.filter(touched_at__lt=at - LEFT_BEHIND_AFTER).order_by("id")
    for run_id in list(left.values_list("pk", flat=True)):
        advance(run_id, at=at)
    Recompute.objects.filter(state=RecomputeState.COUNTED, touched_at__lt=at - FORGOTTEN_AFTER).delete()


# Questions


def summary(run: Recompute) -> dict[str, int]:
    """How many clocks per effect, and in all."""
    found = dict(run.clocks.values_list("effect").annotate(Count("id")))
    return {effect: found.get(effect, 0) for effect in Effect.values} | {"all": sum(found.values())}


# Mechanics


class _Now:
    """What would count for each clock now; read once per batch of work."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        self.versions = _newest_versions()
        self.agreement = Agreement.objects.in_force() if scope == RecomputeScope.AGREEMENT else None
        self.terms: dict[str, Term] = {}
        if self.agreement:
            measured = self.agreement.terms.filter(target_seconds__isnull=False)
            self.terms = {term.kind: term for term in measured}

    def columns(self, clock: Clock) -> dict[str, Any]:
        """With which version, agreement and term it would be counted. A promise that is made no more keeps its own target."""
        term = self.terms.get(clock.term.kind) if self.agreement else None
        if term is None or self.agreement is None:
            return {"calendar_version": self.versions[clock.calendar_version.calendar_id]}
        calendar = self.agreement.calendar_of(clock.side)
        return {
            "calendar_version": self.versions[calendar.pk],
            "agreement": self.agreement,
            "term": term,
            "target_seconds": term.target_seconds,
        }

    def due(self, clock: Clock) -> datetime | None:
        columns = self.columns(clock)
        try:
            return (
                columns["calendar_version"]
                .business_calendar()
                .due_with_pauses(
                    clock.started_at,
                    columns.get("target_seconds", clock.target_seconds),
                    clock.spans_paused(),
                )
            )
        except NoOpenTime:
            return None


def _newest_versions() -> dict[int, CalendarVersion]:
    newest = CalendarVersion.objects.order_by("calendar", "-number").distinct("calendar")
    return {version.calendar_id: version for version in newest.select_related("calendar")}


def _clocks_after(clock_id: int, size: int) -> Iterator[Clock]:
    rows = Clock.objects.open().filter(pk__gt=clock_id).select_related("calendar_version", "term")
    return iter(rows.prefetch_related("pauses").order_by("id")[:size])


@transaction.atomic
def _count_batch(run_id: int, now: _Now, *, at: datetime) -> bool:
    """The next clocks are looked at. Whether there is more to do."""
    run = _locked(run_id, RecomputeState.COUNTING)
    if run is None:
        return False
    clocks = list(_clocks_after(run.last_clock_id, BATCH))
    lines = []
    for clock in clocks:
        due = now.due(clock)
        if due != clock.due_at:
            effect = _effect(clock, due, run.asked_at)
            lines.append(
                RecomputedClock(
                    recompute=run, clock=clock, effect=effect, due_before=clock.due_at, due_after=due
                )
            )
    RecomputedClock.objects.bulk_create(lines)
    run.looked_at += len(clocks)
    if clocks:
        run.last_clock_id = clocks[-1].pk
    else:
        run.state = RecomputeState.COUNTED
    run.attempts, run.touched_at = 0, at
    run.save()
    return bool(clocks)


@transaction.atomic
def _move_batch(run_id: int, now: _Now, *, at: datetime) -> bool:
    """The next clocks move; each is looked at once more under its lock, for it may have ended meanwhile."""
    run = _locked(run_id, RecomputeState.MOVING)
    if run is None:
        return False
    lines = list(run.clocks.filter(done_at=None).order_by("id")[:BATCH])
    clocks = Clock.objects.select_related("calendar_version", "agreement", "term").in_bulk(
        [line.clock_id for line in lines]
    )
    for line in sorted(lines, key=lambda line: line.clock_id):  # rows are locked in the order of their ids
        moved = _move(clocks[line.clock_id], run, now, at=at)
        run.moved += moved
        run.passed_over += not moved
        line.done_at = at
        if moved:
            line.due_after = clocks[line.clock_id].due_at
    RecomputedClock.objects.bulk_update(lines, ["done_at", "due_after"])
    if not lines:
        run.state, run.finished_at = RecomputeState.DONE, at
    run.attempts, run.touched_at = 0, at
    run.save()
    if not lines:
        tell_of_the_recompute(run, at=at)
    return bool(lines)


def _move(clock: Clock, run: Recompute, now: _Now, *, at: datetime) -> bool:
    clock.lock(at)
    if not clock.is_open or now.due(clock) == clock.due_at:
        return False
    moving.move(clock, ClockEventKind.MOVED, run.reason, by=run.confirmed_by, at=at, **now.columns(clock))
    return True


def _effect(clock: Clock, due: datetime | None, at: datetime) -> Effect:
    was_late = clock.is_overdue(at)
    if due is None:
        return Effect.UNMEASURED
    if due < at:
        return Effect.MOVES if was_late else Effect.LATE
    return Effect.NOT_LATE if was_late else Effect.MOVES


def _locked(run_id: int, state: str) -> Recompute | None:
    return Recompute.objects.filter(pk=run_id, state=state).select_for_update(skip_locked=True).first()


def _count_try(run_id: int, *, at: datetime) -> bool:
    """The try stands in the row before it begins, so that one which kills its worker is counted too."""
    under_way = Recompute.objects.filter(
        pk=run_id, state__in=[RecomputeState.COUNTING, RecomputeState.MOVING]
    )
    if under_way.filter(attempts__gte=STRIKES).update(state=RecomputeState.FAILED, touched_at=at):
        return False
    return bool(under_way.update(attempts=F("attempts") + 1, touched_at=at))


def _ring(run_id: int) -> None:
    """Tells a worker. Best effort: who is not told finds the row within two minutes."""
    from sla.tasks import recompute

    def call() -> None:
        try:
            recompute.delay(run_id=run_id)
        except OperationalError:
            log.warning("Recompute %s: the broker is away; the schedule will find it", run_id)

    transaction.on_commit(call)
