"""`./run bench [--leads 100000 1000000] [--rounds 40] [--only NAME ...]`"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from datetime import UTC, datetime

SIZES = [100_000, 1_000_000]


def main() -> int:
    """Each size is measured in a process of its own: its own database, its own server."""
    wishes = _parser().parse_args()
    if wishes.one:
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
        import django

        django.setup()
        from benchmarks import suite

        suite.run(wishes.one, rounds=wishes.rounds, only=wishes.only, as_of=wishes.as_of)
        return 0
    as_of = wishes.as_of or datetime.now(UTC).replace(minute=0, second=0, microsecond=0).isoformat()
    for leads in wishes.leads:
        command = [
            sys.executable,
            "-m",
            "benchmarks",
            "--one",
            str(leads),
            "--rounds",
            str(wishes.rounds),
            "--as-of",
            as_of,
        ]
        command += ["--only", *wishes.only] if wishes.only else []
        ended = subprocess.run(command, env=os.environ | {"BENCH_DATABASE": f"bench_{leads}"})
        if ended.returncode:
            return ended.returncode
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
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
