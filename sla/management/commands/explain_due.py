"""`manage.py explain_due`: when would this be due, and why."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sla.business_time import InvalidTarget, NoOpenTime
from sla.explanation import explain, in_words
from sla.inspection import in_full
from sla.models import Calendar, Clock


class Command(BaseCommand):
    help = "Prints the due moment and the arithmetic in words."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clock", type=int, metavar="ID", help="a clock; then nothing else is needed")
        parser.add_argument("--calendar", metavar="NAME")
        parser.add_argument(
            "--start",
            metavar="ISO",
            help="2026-11-27T16:30, in the calendar's zone unless it says otherwise",
        )
        parser.add_argument("--hours", type=float, metavar="H")
        parser.add_argument(
            "--pause",
            action="append",
            default=[],
            metavar="FROM/TO",
            help="a time that does not count, such as 2026-11-27T16:00/2026-11-30T10:00; may be given more than once",
        )

    def handle(
        self,
        *args: Any,
        clock: int | None,
        calendar: str,
        start: str,
        hours: float | None,
        pause: list[str],
        **options: Any,
    ) -> None:
        if clock is not None:
            self._explain_clock(clock)
            return
        if not calendar or not start or hours is None:
            raise CommandError("Give --clock ID, or --calendar NAME --start ISO --hours H.")
        found = Calendar.objects.filter(name=calendar).first()
        if found is None:
            names = ", ".join(Calendar.objects.order_by("name").values_list("name", flat=True)) or "none yet"
            raise CommandError(f"There is no calendar {calendar}. There are: {names}.")
        version = found.current
        pauses = [_span(text, version.zone) for text in pause]
        try:
            explanation = explain(
                version.business_calendar(),
                _moment(start, version.zone),
                round(hours * 3600),
                pauses=pauses,
                day_names=version.day_names(),
            )
        except (NoOpenTime, InvalidTarget) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(explanation.due.isoformat())
        self.stdout.write(in_words(explanation))

    def _explain_clock(self, clock_id: int) -> None:
        clock = Clock.objects.select_related("calendar_version").filter(pk=clock_id).first()
        if clock is None:
            raise CommandError(f"There is no clock {clock_id}.")
        self.stdout.write(clock.due_at.isoformat() if clock.due_at else "not due: needs working hours")
        self.stdout.write(in_full(clock, timezone.now()))


def _span(text: str, zone: str) -> tuple[datetime, datetime, str]:
    begin, slash, end = text.partition("/")
    if not slash:
        raise CommandError(f"{text} is not a time such as 2026-11-27T16:00/2026-11-30T10:00.")
    return _moment(begin, zone), _moment(end, zone), ""


def _moment(text: str, zone: str) -> datetime:
    """In the calendar's zone unless it says otherwise."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is not a moment such as 2026-11-27T16:30.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
