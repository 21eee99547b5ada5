"""`manage.py sweeper`: the sweep's second trigger. A loop of its own that needs the database and nothing else: no Redis, no Celery."""

import time
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from sla import health, rounds

SILENT = timedelta(minutes=4)


class Command(BaseCommand):
    help = "Looks at the clocks again and again. Run it beside the Celery worker: whoever comes first does the work, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=60, help="seconds between two rounds; default 60")
        parser.add_argument("--rounds", type=int, default=0, help="stop after so many; default: never")

        parser.add_argument(
            "--ask", action="store_true", help="only says whether it worked in the last minutes"
        )

    def handle(self, *args: Any, every: float, **options: Any) -> None:
        if options["ask"]:
            return self.ask()
        done, enough = 0, options["rounds"]
        while not enough or done < enough:
            self.look_once()
            done += 1
            if done != enough:
                time.sleep(every)

    def ask(self) -> None:
        at = health.seen("sweeper")
        if at is None or timezone.now() - at > SILENT:
            raise CommandError("The sweeper has been silent for too long.")
        self.stdout.write("The sweeper works.")

    def look_once(self) -> None:
        close_old_connections()
        rounds.do_all("sweeper")
