"""`manage.py check_invariants`: everything that must always be true. Exit 1, and the rows, when something is not."""

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from smarketing.invariants import violations


class Command(BaseCommand):
    help = "Runs every invariant as a query that must return no row; exit 1 and the rows otherwise."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        broken = checked = 0
        verbose = options["verbosity"] > 1
        for invariant, rows in violations(timezone.now()):
            checked += 1
            if rows:
                broken += 1
                self.stderr.write(f"{invariant.code} broken: {invariant.says}")
                for row in rows:
                    self.stderr.write(f"    {row}")
            elif verbose:
                self.stdout.write(f"{invariant.code} holds: {invariant.says}")
        self.stdout.write(
            f"{checked - broken} of {checked} invariants hold ({time.monotonic() - began:.1f} s)."
        )
        if broken:
            sys.exit(1)
