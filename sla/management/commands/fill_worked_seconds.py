"""`manage.py fill_worked_seconds`: once after the update to 0.2. It can be ended and started again."""

from typing import Any

from django.core.management.base import BaseCommand

from sla import worked_time


class Command(BaseCommand):
    help = "Computes the working time of clocks that stopped before it was kept."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{worked_time.fill()} clocks filled.")
