"""`manage.py sweep`: looks at the clocks once, as the task does every minute, and prints what it flagged."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from sla import rounds


class Command(BaseCommand):
    help = "Runs the SLA sweep once and prints what it flagged; also sends the mails that are due."

    def handle(self, *args: Any, **options: Any) -> None:
        result = rounds.look_at_the_clocks(timezone.now())
        for event in result.flagged()[:200]:
            clock = event.clock
            who = clock.holder or clock.team
            self.stdout.write(
                f"{event.kind.lower():<10} {clock.measure.lower():<14} hand-off {clock.handoff_id}, "
                f"{who}, {timezone.localtime(event.happened_at):%Y-%m-%d %H:%M}"
            )
        self.stdout.write(
            f"{result.warned} due soon, {result.breached} late, {result.escalated} told further up, "
            f"{result.settled} settled, {len(result.failed)} left for the next sweep."
        )
        self.stdout.write(f"{rounds.tell_people(timezone.now())} mails and posts sent.")
