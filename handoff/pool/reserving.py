"""Give me the next: one hand-off per person, for a few minutes. It runs out by itself; nothing has to clean up after it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from handoff import errors
from handoff.models import Handoff, PoolTurn, SkipReason, State, TurnKind
from smarketing.accounts.models import User

RESERVED_FOR = timedelta(minutes=5)

# One statement: whoever comes at the same moment skips the row that is being taken and gets the one behind it.
TAKE_THE_NEXT = """
UPDATE handoff_handoff SET reserved_by_id = %(person)s, reserved_until = %(until)s
WHERE id = (
    SELECT h.id FROM handoff_handoff h
    WHERE h.receiver_id IS NULL AND h.state = 'SENT' AND (%(team)s IS NULL OR h.receiving_team_id = %(team)s)
      AND (h.reserved_until IS NULL OR h.reserved_until <= %(at)s)
      AND NOT EXISTS (
          SELECT 1 FROM handoff_poolturn t WHERE t.handoff_id = h.id AND t.person_id = %(person)s AND t.kind = 'SKIPPED'
      )
    ORDER BY h.hot DESC, h.sent_at, h.id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
)
RETURNING id
"""


@transaction.atomic
def pull(*, by: User, at: datetime) -> Handoff | None:
    """What `by` looks at already, else the first in line, reserved for him from now on. None: nothing waits for him."""
    User.objects.select_for_update(no_key=True).get(
        pk=by.pk
    )  # two clicks of one person come one after the other
    standing = reserved_for(by, at=at)
    if standing:
        return standing
    Handoff.objects.filter(reserved_by=by).update(reserved_by=None, reserved_until=None)
    team = by.team_id if by.is_sales else None
    with connection.cursor() as cursor:
        cursor.execute(TAKE_THE_NEXT, {"person": by.pk, "team": team, "until": at + RESERVED_FOR, "at": at})
        row = cursor.fetchone()
    if row is None:
        return None
    handoff: Handoff = Handoff.objects.for_list().get(pk=row[0])
    PoolTurn.objects.create(handoff=handoff, person=by, kind=TurnKind.OFFERED, happened_at=at)
    return handoff


@transaction.atomic
def skip(handoff: Handoff, reason: str, note: str = "", *, by: User, at: datetime) -> PoolTurn:
    """`by` lets it pass with a reason that everybody can read; it is not offered to him again. Raises WordsNeeded, NotReserved."""
    reason, note = SkipReason(reason), note.strip()
    if reason == SkipReason.OTHER and not note:
        raise errors.WordsNeeded
    passed = Handoff.objects.filter(
        pk=handoff.pk, receiver=None, state=State.SENT, reserved_by=by, reserved_until__gt=at
    ).update(reserved_by=None, reserved_until=None)
    if not passed:
        raise errors.NotReserved
    return PoolTurn.objects.create(
        handoff=handoff, person=by, kind=TurnKind.SKIPPED, happened_at=at, reason=reason, note=note[:200]
    )


def reserved_for(person: User, *, at: datetime) -> Handoff | None:
    """What this person looks at now."""
    rows = Handoff.objects.in_pool().filter(reserved_by=person, reserved_until__gt=at)
    found: Handoff | None = rows.for_list().first()
    return found
