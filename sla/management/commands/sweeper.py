"""`manage.py sweeper`: the sweep's second trigger. A loop of its own that needs the database and nothing else: no Redis, no Celery."""

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from sla import installing, mails, sweeps

logger = logging.getLogger("sla.sweeper")


class Command(BaseCommand):
    help = "Looks at the clocks again and again. Run it beside the Celery worker: whoever comes first does the work, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=60, help="seconds between two rounds; default 60")
        parser.add_argument("--rounds", type=int, default=0, help="stop after so many; default: never")

    def handle(self, *args: Any, every: float, rounds: int, **options: Any) -> None:
        done = 0
        while not rounds or done < rounds:
            self.look_once()
            done += 1
            if done != rounds:
                time.sleep(every)

    def look_once(self) -> None:
        """A round that fails is logged; the next one finds what it left."""
        close_old_connections()
        for act in (installing.start_what_is_due, sweeps.sweep, mails.deliver):
            try:
                act(timezone.now())
            except Exception:
                logger.exception("%s failed; the next round tries again.", act.__qualname__)
