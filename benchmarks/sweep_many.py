"""How long does one sweep take when very many clocks are due at once, and how much memory?

`python -m benchmarks.sweep_many --leads 1000000 --due 100000` (target: 60 s); `--leads 20000 --due 5000` is a minute's trial. The
crowd of that size is made once and kept; what is measured is a copy of it.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from smarketing.embedded.children import dying_with_us

ROOT = Path(__file__).resolve().parents[1]

# Hand-offs that came to an end are taken as if nobody had answered or called, and their clocks as due a minute ago.
MAKE_DUE = """
WITH chosen AS (
    UPDATE handoff_handoff SET state = 'SENT', returned_at = NULL, return_reason = '', accepted_at = NULL, closed_at = NULL, outcome = '',
           first_contact_at = NULL
    WHERE id IN (SELECT id FROM handoff_handoff WHERE state IN ('RETURNED', 'CLOSED', 'CONTACTED') ORDER BY id LIMIT %(handoffs)s)
    RETURNING id
)
UPDATE sla_clock SET state = 'RUNNING', stopped_at = NULL, breached_at = NULL, breach_holder_id = NULL, warned_at = NULL, ladder_step = 0,
       ladder_at = '{}', due_at = %(now)s - interval '1 minute', next_check_at = %(now)s - interval '1 minute'
WHERE measure IN ('ANSWER', 'FIRST_CONTACT') AND handoff_id IN (SELECT id FROM chosen)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description="Sweeps very many due clocks at once.")
    parser.add_argument("--leads", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=100_000)
    parser.add_argument("--parallel", type=int, default=1, help="sweeps at once")
    parser.add_argument("--step", choices=["fill", "measure"], help=argparse.SUPPRESS)
    wishes = parser.parse_args()
    if wishes.step:
        return _take_step(wishes)
    os.environ["SMARKETING_VAR"] = str(ROOT / "var" / "bench")
    from smarketing.embedded.engines import Engines
    from smarketing.embedded.lock import EnginesLock

    lock, engines = EnginesLock(), Engines()
    lock.take("benchmarks.sweep_many")
    try:
        engines.start()
        for step, database in (("fill", f"bench_{wishes.leads}"), ("measure", f"bench_{wishes.leads}_run")):
            words = [
                "--leads",
                wishes.leads,
                "--due",
                wishes.due,
                "--parallel",
                wishes.parallel,
                "--step",
                step,
            ]
            command = [sys.executable, "-m", "benchmarks.sweep_many", *map(str, words)]
            environment = os.environ | {"BENCH_DATABASE": database}
            if ended := subprocess.run(command, env=environment, preexec_fn=dying_with_us()).returncode:
                return ended
    finally:
        engines.stop()
        lock.release()
    return 0


def _take_step(wishes: argparse.Namespace) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from benchmarks import database

    if wishes.step == "fill":
        as_of = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0).isoformat()
        print(f"{wishes.leads:,} leads made in {database.fill(wishes.leads, as_of=as_of):.0f} s", flush=True)
        return 0
    database.copy_of(f"bench_{wishes.leads}")
    return _measure(wishes)


def _measure(wishes: argparse.Namespace) -> int:
    from django.db import connection
    from django.utils import timezone

    from sla.models import Clock, ClockEvent, Notice
    from sla.sweeps import sweep

    sweep(timezone.now())  # whatever was due before
    with connection.cursor() as cursor:
        cursor.execute(MAKE_DUE, {"now": timezone.now(), "handoffs": wishes.due // 2})
        made = cursor.rowcount
        cursor.execute("ANALYZE sla_clock")
    events, notices = ClockEvent.objects.filter(kind="BREACHED").count(), Notice.objects.count()
    helpers = [_helper() for _ in range(wishes.parallel - 1)]
    before, began = _peak(), time.perf_counter()
    result = sweep(timezone.now())
    for helper in helpers:
        helper.wait()
    seconds = time.perf_counter() - began
    flagged = ClockEvent.objects.filter(kind="BREACHED").count() - events
    waiting = Clock.objects.filter(next_check_at__lt=result.as_of).count()
    print(f"due at once          {made:,} clocks among {wishes.leads:,} leads, {wishes.parallel} at work")
    print(
        f"flagged              {flagged:,} in {seconds:.1f} s, {Notice.objects.count() - notices:,} notices written"
    )
    print(f"left                 {waiting:,}, failed {len(result.failed)}")
    print(f"memory               {before:.0f} MB before, {_peak():.0f} MB at most")
    exact = flagged == made and not waiting and seconds <= 60
    print("in time" if exact else "NOT IN TIME OR NOT EXACT")
    return 0 if exact else 1


def _helper() -> subprocess.Popen[bytes]:
    sweep = "import django; django.setup(); from django.utils import timezone; from sla.sweeps import sweep; sweep(timezone.now())"
    return subprocess.Popen([sys.executable, "-c", sweep], preexec_fn=dying_with_us())


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
