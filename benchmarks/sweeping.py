"""The sweep with 10,000 clocks due among all."""

from __future__ import annotations

import time

from django.db import connection
from django.utils import timezone

from sla.sweeps import sweep

DUE = 10_000

# Hand-offs that came back are taken as if nobody had answered them, and their clocks as due a minute ago.
MAKE_DUE = """
WITH chosen AS (
    UPDATE handoff_handoff SET state = 'SENT', returned_at = NULL, return_reason = '', accepted_at = NULL, closed_at = NULL, outcome = ''
    WHERE id IN (SELECT id FROM handoff_handoff WHERE first_contact_at IS NULL AND state IN ('RETURNED', 'CLOSED') ORDER BY id LIMIT %(due)s)
    RETURNING id
)
UPDATE sla_clock SET state = 'RUNNING', stopped_at = NULL, breached_at = NULL, breach_holder_id = NULL, ladder_step = 0,
       due_at = %(now)s - interval '1 minute', next_check_at = %(now)s - interval '1 minute'
WHERE measure = 'FIRST_CONTACT' AND handoff_id IN (SELECT id FROM chosen)
"""


def run(leads: int) -> None:
    now = timezone.now()
    sweep(now)  # whatever was due before
    with connection.cursor() as cursor:
        cursor.execute(MAKE_DUE, {"now": now, "due": DUE})
        made = cursor.rowcount
    started = time.perf_counter()
    result = sweep(timezone.now())
    seconds = time.perf_counter() - started
    print(
        f"{'sweep':28}{seconds:9.2f} s for {result.breached:,} late of {made:,} due (target 5 s)", flush=True
    )
