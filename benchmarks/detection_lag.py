"""How long after its due moment is a broken promise recorded, in a run that everything crashes in once?

`python -m benchmarks.detection_lag --minutes 30`: worker, beat and sweeper run at the product's own intervals while clocks become due
at random moments; in the middle all of them are killed with -9 and started again after ten seconds. Prints p50, p99 and p99.9 of the lag
(target of the last: 120 s). `--minutes 2 --every 10` is a trial.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DOWN = 10  # seconds that nothing runs
TARGET = 120


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures how soon broken promises are recorded.")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--clocks", type=int, default=4_000)
    parser.add_argument("--every", type=float, default=60, help="seconds between two sweeps of each trigger")
    wishes = parser.parse_args()
    os.environ["SMARKETING_VAR"] = str(ROOT / "var" / "detection-lag")
    from smarketing.embedded.engines import Engines
    from smarketing.embedded.lock import EnginesLock

    lock, engines = EnginesLock(), Engines(durable=True)
    lock.take("benchmarks.detection_lag")
    try:
        engines.start()
        with tempfile.TemporaryDirectory() as place:
            os.environ |= {
                "DJANGO_SETTINGS_MODULE": "benchmarks.exactly_once_settings",
                "TRIAL_DATABASE": "detection_lag",
                "TRIAL_MAIL": place,
                "TRIAL_EVERY": str(wishes.every),
            }
            lags, missing = _run(Path(place), wishes)
    finally:
        engines.stop()
        lock.release()
    return _report(lags, missing)


def _run(place: Path, wishes: argparse.Namespace) -> tuple[list[float], int]:
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks import exactly_once
    from benchmarks.database import _create_anew

    _create_anew()
    call_command("migrate", verbosity=0, interactive=False)
    exactly_once.company()
    crew = exactly_once.Crew("detection_lag", place, every=wishes.every)
    try:
        crew.start_all()
        exactly_once._wait_for_a_sweep(patience=wishes.every + 60)
        length = timedelta(minutes=wishes.minutes)
        exactly_once._hand_over(wishes.clocks, until=length, chance=random.Random(7))
        time.sleep(length.total_seconds() / 2)
        crew.kill_all()
        time.sleep(DOWN)
        crew.start_all()
        time.sleep(length.total_seconds() / 2 + 2 * wishes.every)
    finally:
        crew.kill_all()
    return _lags()


def _lags() -> tuple[list[float], int]:
    """Seconds from each due moment to the transaction that recorded it; and how many were never recorded."""
    from django.utils import timezone

    from sla.models import Clock, ClockEvent

    rows: Any = ClockEvent.objects.filter(kind="BREACHED").values_list(
        "happened_at", "detected_at", "recorded_at"
    )
    lags = sorted((max(seen, written) - due).total_seconds() for due, seen, written in rows)
    return lags, Clock.objects.filter(breached_at=None, state="RUNNING", due_at__lt=timezone.now()).count()


def _report(lags: list[float], missing: int) -> int:
    if not lags:
        print("Nothing became due.")
        return 1

    def percentile(share: float) -> float:
        return lags[min(len(lags) - 1, int(len(lags) * share))]

    print(f"broken promises      {len(lags):,} recorded, {missing:,} missed")
    for name, share in (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)):
        print(f"{name:<21}{percentile(share):.1f} s")
    print(f"longest              {lags[-1]:.1f} s")
    fine = percentile(0.999) <= TARGET and not missing
    print("in time" if fine else "NOT IN TIME")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
