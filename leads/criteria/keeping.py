"""The verdicts that are kept: worked out in SQL and in batches by a worker, and right for whoever reads meanwhile.

A kept verdict counts as long as three things hold: it was given under the criteria in force, nothing that a rule may test has
changed since (`LeadToJudge`, written by triggers in the transaction of the change), and the day has not come on which a rule about the
last so many days may say something else (`changes_on`). Everything else is `unsettled`: whoever reads judges it himself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import DateField, Exists, F, OuterRef, Q, Value

from leads.criteria.conditions import Holds, day_of
from leads.criteria.definition import Op, tests
from leads.criteria.evaluating import company_zone
from leads.criteria.readiness import missing_count
from leads.models import CriteriaSet, KeptVerdict, Lead, LeadToJudge, Rejudging, Stage
from leads.querysets import LeadQuerySet

WAITING_STAGES = (Stage.NEW, Stage.MQL, Stage.RECYCLED)
BATCH = 5_000
KEEP = """
INSERT INTO leads_keptverdict (lead_id, captured_at, criteria_set_id, missing, changes_on) {judged}
ON CONFLICT (lead_id) DO UPDATE SET captured_at = EXCLUDED.captured_at, criteria_set_id = EXCLUDED.criteria_set_id,
    missing = EXCLUDED.missing, changes_on = EXCLUDED.changes_on
"""


class Day(Holds):
    output_field = DateField(null=True)  # type: ignore[assignment]


@dataclass(frozen=True)
class Reach:
    """How far the version in force has come: the leads captured before `back_to` are still to be judged. Nothing is, when it is None."""

    back_to: tuple[datetime, int] | None
    is_done: bool

    @property
    def judged(self) -> Q:
        """The leads, or kept verdicts, that it has come by."""
        if self.is_done:
            return Q()
        if self.back_to is None:
            return Q(pk__in=[])
        at, lead = self.back_to
        return Q(captured_at__gt=at) | Q(captured_at=at, pk__gte=lead)


# Reading


def reach(criteria_set: CriteriaSet) -> Reach:
    row = Rejudging.objects.filter(criteria_set=criteria_set).first()
    if row is None or row.back_to is None:
        return Reach(None, bool(row and row.done_at))
    return Reach((row.back_to, row.back_to_lead), row.done_at is not None)


def settled(criteria_set: CriteriaSet, far: Reach, *, at: datetime) -> Any:
    """The kept verdicts that count at this moment."""
    changed = LeadToJudge.objects.filter(lead=OuterRef("lead"))
    still = Q(changes_on=None) | Q(changes_on__gt=_today(at))
    return KeptVerdict.objects.filter(far.judged, still, ~Exists(changed), criteria_set=criteria_set)


def unsettled(far: Reach, waiting: LeadQuerySet, *, at: datetime, at_most: int) -> tuple[list[int], bool]:
    """The waiting leads of which no kept verdict counts, in the order of `waiting`; and whether there are more than were looked for."""
    changed = LeadToJudge.objects.order_by("-id").values_list("lead", flat=True)[: at_most + 1]
    due = KeptVerdict.objects.filter(changes_on__lte=_today(at)).values_list("lead", flat=True)
    others = list(changed.union(due.order_by("changes_on")[: at_most + 1]))
    to_come = (
        [] if far.is_done else list(waiting.exclude(far.judged).values_list("pk", flat=True)[: at_most + 1])
    )
    is_more = len(others) > at_most or len(to_come) > at_most
    found = list(dict.fromkeys([*to_come, *others]))[:at_most] if others or to_come else []
    return found, is_more


# Keeping


def keep_up(*, at: datetime, seconds: float = 40) -> int:
    """Judges what changed, what a day changed, and what a new version has not come by, as far as the time goes. How many leads that was.

    Safe to run twice and beside every click: one at a time, each batch in a transaction of its own.
    """
    until, number = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        with transaction.atomic():
            if not (judged := _next_batch(at)):
                break
            number += judged
    return number


def begin_anew(criteria_set: CriteriaSet) -> None:
    """The version comes into force: whatever is kept under it, of an earlier time perhaps, counts for nothing.

    Nobody rings for a worker: within half a minute the schedule does, and until then the lists judge for themselves.
    """
    Rejudging.objects.filter(criteria_set=criteria_set).delete()


def disagreements(at: datetime) -> Iterator[tuple[Any, ...]]:
    """Leads of which the kept verdict is not what the facts give, or that nobody would judge. Empty is right."""
    criteria_set = CriteriaSet.objects.in_force()
    if criteria_set is None:
        return
    far = reach(criteria_set)
    kept = settled(criteria_set, far, at=at)
    waiting = Lead.objects.filter(stage__in=WAITING_STAGES)
    counted = waiting.filter(pk__in=kept.values("lead")).annotate(lacking=missing_count(criteria_set, at=at))
    yield from counted.exclude(lacking=F("kept_verdict__missing")).values_list(
        "pk", "lacking", "kept_verdict__missing"
    )
    nobodys = waiting.filter(far.judged).exclude(Exists(LeadToJudge.objects.filter(lead=OuterRef("pk"))))
    if far.is_done or far.back_to:
        has_one = KeptVerdict.objects.filter(lead=OuterRef("pk"), criteria_set=criteria_set)
        yield from nobodys.exclude(Exists(has_one)).values_list("pk", "stage")


# Mechanics


def _next_batch(at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('leads.keep_up'))")
        if not cursor.fetchone()[0]:
            return 0
    criteria_set = CriteriaSet.objects.in_force()
    changed = _take_changed()
    if criteria_set is None:
        return len(changed)
    due = KeptVerdict.objects.filter(changes_on__lte=_today(at)).order_by("changes_on", "lead")
    numbers = list({*changed, *due.values_list("lead", flat=True)[:BATCH]})
    if numbers:
        _judge(Lead.objects.filter(pk__in=numbers), criteria_set, at=at)
        gone = Lead.objects.filter(pk__in=numbers).exclude(stage__in=WAITING_STAGES).values("pk")
        KeptVerdict.objects.filter(lead__in=gone).delete()
        return len(numbers)
    return _go_on(criteria_set, at=at)


def _take_changed() -> list[int]:
    """Read before the leads are: a change that comes later has a line of its own."""
    first = LeadToJudge.objects.order_by("id").values("id")[:BATCH]
    with connection.cursor() as cursor:
        sql, params = first.query.sql_with_params()
        cursor.execute(f"DELETE FROM leads_leadtojudge WHERE id IN ({sql}) RETURNING lead_id", params)
        return [lead for (lead,) in cursor.fetchall()]


def _go_on(criteria_set: CriteriaSet, *, at: datetime) -> int:
    """The next batch of all leads, the newest first."""
    progress, _new = Rejudging.objects.get_or_create(criteria_set=criteria_set)
    if progress.done_at:
        return 0
    left = Lead.objects.filter(stage__in=WAITING_STAGES)
    if progress.back_to:
        left = left.filter(captured_at__lte=progress.back_to).exclude(
            captured_at=progress.back_to, pk__gte=progress.back_to_lead
        )
    batch = list(left.newest_first().values_list("pk", "captured_at")[:BATCH])
    if not batch:
        Rejudging.objects.filter(pk=progress.pk).update(done_at=at)
        return 0
    _judge(Lead.objects.filter(pk__in=[lead for lead, _at in batch]), criteria_set, at=at)
    last, captured_at = batch[-1]
    Rejudging.objects.filter(pk=progress.pk).update(back_to=captured_at, back_to_lead=last)
    return len(batch)


def _judge(leads: LeadQuerySet, criteria_set: CriteriaSet, *, at: datetime) -> None:
    judged = leads.filter(stage__in=WAITING_STAGES).annotate(
        under=Value(criteria_set.pk),
        lacking=missing_count(criteria_set, at=at),
        until=next_change(criteria_set, at=at),
    )
    sql, params = judged.values_list("pk", "captured_at", "under", "lacking", "until").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(KEEP.format(judged=sql), params)


def next_change(criteria_set: CriteriaSet, *, at: datetime) -> Day:
    """The first day after today on which a rule may say something else although no fact changed; NULL when there is none.

    Only "within the last so many days" asks for today: it turns to yes on the day itself, and to no when so many days have passed.
    """
    today = _today(at)
    parts = [
        Day(
            "(CASE WHEN {} > {}::date THEN {} WHEN {} >= {}::date THEN {} + {}::int END)",
            *(day_of(test.fact), Value(today), day_of(test.fact), day_of(test.fact)),
            *(Value(today - timedelta(days=test.value)), day_of(test.fact), Value(test.value + 1)),  # type: ignore[arg-type,operator]
        )
        for line in criteria_set.criteria.all()
        if line.rule is not None
        for test in tests(line.understood_rule)
        if test.op == Op.WITHIN_LAST_DAYS
    ]
    return Day("LEAST(" + ", ".join(["{}"] * len(parts)) + ")", *parts) if parts else Day("NULL::date")


def _today(at: datetime) -> date:
    return at.astimezone(company_zone()).date()
