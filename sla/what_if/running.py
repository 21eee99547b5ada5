"""Asking what would have been, and working it out week by week.

A question is a row with a state. Its task may ring twice, be killed or never ring: each week is one transaction that locks the
row, so that nothing is counted twice and what was done stays done. Three tries that get no week further give it up.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from sla.models import Agreement, WhatIf, WhatIfState
from sla.what_if import facts
from sla.what_if.judging import Judge

if TYPE_CHECKING:
    from smarketing.accounts.models import User

log = logging.getLogger(__name__)

QUARTER = timedelta(weeks=13)
FEW = 10_000  # so many hand-offs are looked at while somebody waits
STEP = timedelta(weeks=1)
STRIKES = 3
LEFT_BEHIND_AFTER = timedelta(seconds=90)
SENT, ACCEPTED = "sent", "accepted"  # what counts for the promises of a number (judge.sql)


# Verbs


def ask(agreement: Agreement, *, by: User | None, at: datetime) -> WhatIf:
    """What the 13 weeks before today would have looked like under this text: the answer there is, or a row of work."""
    today = timezone.localdate(at)
    asked = {"from_on": today - QUARTER, "next_on": today - QUARTER, "to_on": today, "asked_by": by}
    with transaction.atomic():
        if agreement.is_draft:
            agreement.what_ifs.exclude(fingerprint=fingerprint(agreement)).delete()
        what_if, is_new = WhatIf.objects.get_or_create(
            agreement=agreement,
            fingerprint=fingerprint(agreement),
            defaults=asked | {"asked_at": at, "touched_at": at, "compared_to": Agreement.objects.in_force()},
        )
        if is_new:
            what_if.total = facts.handoffs_sent(*moments(what_if.from_on, what_if.to_on)).count()
            what_if.save(update_fields=["total"])
    if is_new and what_if.total > FEW:
        _ring(what_if.pk)
    elif is_new:
        advance(what_if.pk, at=at)
        what_if.refresh_from_db()
    return what_if


def answer_for(agreement: Agreement) -> WhatIf | None:
    """The one that was asked about exactly this text."""
    return agreement.what_ifs.filter(fingerprint=fingerprint(agreement)).first()


def try_again(what_if: WhatIf, *, at: datetime) -> None:
    """One that had failed goes on where it stopped."""
    again = WhatIf.objects.filter(pk=what_if.pk, state=WhatIfState.FAILED)
    if again.update(state=WhatIfState.UNDER_WAY, attempts=0, touched_at=at):
        _ring(what_if.pk)


def advance(what_if_id: int, *, at: datetime) -> None:
    """All weeks that are left, each in its own transaction. Nothing to do, or somebody at it: nothing happens."""
    if not _count_try(what_if_id, at=at):
        return
    what_if = WhatIf.objects.select_related("agreement", "compared_to").get(pk=what_if_id)
    judge = Judge(what_if, *moments(what_if.next_on, what_if.to_on))
    while _advance_a_week(what_if_id, judge, at=at):
        pass


def take_up_what_was_left(*, at: datetime) -> None:
    """Questions under way that nobody has touched for a while are advanced."""
    left = WhatIf.objects.filter(state=WhatIfState.UNDER_WAY, touched_at__lt=at - LEFT_BEHIND_AFTER)
    for what_if_id in list(left.order_by("id").values_list("pk", flat=True)):
        advance(what_if_id, at=at)


# Mechanics


def fingerprint(agreement: Agreement) -> str:
    """Of all that is measured; the date on which it starts and its number do not matter."""
    content = {
        key: value
        for key, value in agreement.content().items()
        if key not in ("starts_on", "version", "note")
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _count_try(what_if_id: int, *, at: datetime) -> bool:
    """The try stands in the row before it begins, so that one which kills its worker is counted too."""
    under_way = WhatIf.objects.filter(pk=what_if_id, state=WhatIfState.UNDER_WAY)
    if under_way.filter(attempts__gte=STRIKES).update(state=WhatIfState.FAILED, touched_at=at):
        return False
    return bool(under_way.update(attempts=F("attempts") + 1, touched_at=at))


@transaction.atomic
def _advance_a_week(what_if_id: int, judge: Judge, *, at: datetime) -> bool:
    """One more week is counted, or all of them when they are few. Whether there is more to do."""
    under_way = WhatIf.objects.filter(pk=what_if_id, state=WhatIfState.UNDER_WAY)
    what_if = under_way.select_for_update(skip_locked=True).first()
    if what_if is None:
        return False
    until = what_if.to_on if what_if.total <= FEW else min(what_if.next_on + STEP, what_if.to_on)
    counted = judge.judge(*moments(what_if.next_on, until))
    for key, counts in counted.items():
        what_if.tallies[key] = Counter(what_if.tallies.get(key, {})) + counts
    what_if.done += counted[""][SENT]
    what_if.next_on, what_if.attempts, what_if.touched_at = until, 0, at
    if until >= what_if.to_on:
        what_if.state, what_if.finished_at = WhatIfState.DONE, at
    what_if.save()
    return what_if.is_under_way


def moments(first: date, until: date) -> tuple[datetime, datetime]:
    zone = timezone.get_default_timezone()
    start, end = (datetime.combine(day, datetime.min.time(), tzinfo=zone) for day in (first, until))
    return start, end


def _ring(what_if_id: int) -> None:
    """Tells a worker. Best effort: who is not told finds the row within two minutes."""
    from sla.tasks import work_out_what_if

    def call() -> None:
        try:
            work_out_what_if.delay(what_if_id=what_if_id)
        except OperationalError:
            log.warning("What-if %s: the broker is away; the schedule will find it", what_if_id)

    transaction.on_commit(call)
