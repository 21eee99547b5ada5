"""`./run bench [--leads 100000 1000000] [--rounds 40] [--only NAME ...]`"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from datetime import UTC, datetime

from smarketing.embedded.children import dying_with_us

SIZES = [100_000, 1_000_000]


def main() -> int:
    """Each size has a database of its own, measured on a fresh copy by a process and a server of its own."""
    wishes = _parser().parse_args()
    if wishes.step:
        return _take_step(wishes)
    as_of = wishes.as_of or datetime.now(UTC).replace(minute=0, second=0, microsecond=0).isoformat()
    for leads in wishes.leads:
        for step, database in (("fill", f"bench_{leads}"), ("measure", f"bench_{leads}_run")):
            command = [
                sys.executable,
                "-m",
                "benchmarks",
                "--step",
                step,
                "--leads",
                str(leads),
                "--rounds",
                str(wishes.rounds),
                "--as-of",
                as_of,
            ]
            command += ["--only", *wishes.only] if wishes.only else []
            environment = os.environ | {"BENCH_DATABASE": database}
            if ended := subprocess.run(command, env=environment, preexec_fn=dying_with_us()).returncode:
                return ended
    return 0


def _take_step(wishes: argparse.Namespace) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from benchmarks import database, suite

    leads = wishes.leads[0]
    if wishes.step == "fill":
        took = database.fill(leads, as_of=wishes.as_of)
        print(f"\n{leads:,} leads, " + (f"made in {took:.0f} s" if took else "made before"), flush=True)
        return 0
    database.copy_of(f"bench_{leads}")
    suite.run(leads, rounds=wishes.rounds, only=wishes.only, as_of=wishes.as_of)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run bench", description="Measures the product beside its own floor, on this machine."
    )
    parser.add_argument(
        "--leads", type=int, nargs="+", default=SIZES, help="sizes to measure (default: 100000 1000000)"
    )
    parser.add_argument("--rounds", type=int, default=40, help="requests of each kind (default: 40)")
    parser.add_argument("--only", nargs="*", default=[], help="only what contains one of these words")
    parser.add_argument(
        "--as-of", default="", help="the moment that is now in the story; another day, another crowd"
    )
    parser.add_argument("--step", choices=["fill", "measure"], help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
