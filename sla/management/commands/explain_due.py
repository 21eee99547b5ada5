"""`manage.py explain_due`: when would this be due, and why."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sla.business_time import InvalidTarget, NoOpenTime
from sla.explanation import explain, in_words
from sla.models import Calendar


class Command(BaseCommand):
    help = "Prints the due moment and the arithmetic in words."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--calendar", required=True, metavar="NAME")
        parser.add_argument(
            "--start",
            required=True,
            metavar="ISO",
            help="2026-11-27T16:30, in the calendar's zone unless it says otherwise",
        )
        parser.add_argument("--hours", required=True, type=float, metavar="H")

    def handle(self, *args: Any, calendar: str, start: str, hours: float, **options: Any) -> None:
        found = Calendar.objects.filter(name=calendar).first()
        if found is None:
            names = ", ".join(Calendar.objects.order_by("name").values_list("name", flat=True)) or "none yet"
            raise CommandError(f"There is no calendar {calendar}. There are: {names}.")
        version = found.current
        try:
            moment = datetime.fromisoformat(start)
        except ValueError as error:
            raise CommandError(f"{start} is not a moment such as 2026-11-27T16:30.") from error
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(version.zone))
        try:
            explanation = explain(
                version.business_calendar(), moment, round(hours * 3600), day_names=version.day_names()
            )
        except (NoOpenTime, InvalidTarget) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(explanation.due.isoformat())
        self.stdout.write(in_words(explanation))
