"""The sweep with 10,000 clocks due among all."""

from __future__ import annotations

import time

from django.db import connection
from django.utils import timezone

from sla.sweeps import sweep

DUE = 10_000

# Stopped clocks are started again and made due just now; afterwards everything is put back.
MAKE_DUE = """
UPDATE sla_clock SET state = 'RUNNING', stopped_at = NULL, breached_at = NULL, breach_holder_id = NULL, ladder_step = 0, due_at = %s - interval '1 minute', next_check_at = %s - interval '1 minute'
WHERE id IN (SELECT c.id FROM sla_clock c JOIN handoff_handoff h ON h.id = c.handoff_id
             WHERE c.measure = 'FIRST_CONTACT' AND c.state = 'CANCELLED' AND h.first_contact_at IS NULL ORDER BY c.id LIMIT %s)
"""


def run(leads: int) -> None:
    now = timezone.now()
    sweep(now)  # whatever was due before
    with connection.cursor() as cursor:
        cursor.execute(MAKE_DUE, [now, now, DUE])
        made = cursor.rowcount
    started = time.perf_counter()
    result = sweep(timezone.now())
    seconds = time.perf_counter() - started
    print(
        f"{'sweep':28}{seconds:9.2f} s for {result.breached:,} late of {made:,} due (target 5 s)", flush=True
    )
