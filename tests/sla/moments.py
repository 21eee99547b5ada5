"""Named moments of one week, and short ways to say what happened at them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from handoff.models import Channel, Result, ReturnReason
from leads.closing import recycle
from sla.models import Clock, Measure

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def on(day: int, time: str, month: int = 11) -> datetime:
    """`on(24, "12:00")` is Tuesday 24 November 2026, noon in Amsterdam."""
    hour, minute = time.split(":")
    return datetime(2026, month, day, int(hour), int(minute), tzinfo=AMSTERDAM)


TUESDAY_NINE, TUESDAY_TEN, TUESDAY_NOON = on(24, "09:00"), on(24, "10:00"), on(24, "12:00")
FRIDAY_1630 = on(27, "16:30")
BRIEF = {"need": "A price for 60 vehicles", "when": "Before Christmas"}


def answer_of(handoff) -> Clock:
    return Clock.objects.get(handoff=handoff, measure=Measure.ANSWER)


def contact_clock_of(handoff) -> Clock:
    return Clock.objects.get(handoff=handoff, measure=Measure.FIRST_CONTACT)


def call(handoff, *, occurred_at, logged_at=None, by, result=Result.SPOKE):
    handoff.log_contact(Channel.CALL, result, occurred_at=occurred_at, by=by, at=logged_at or occurred_at)


def ask(handoff, at, by):
    handoff.ask("Which depot?", by=by, at=at)


def reply(handoff, at, by):
    handoff.reply("The one in Utrecht.", by=by, at=at)


def give_back(handoff, at, by):
    handoff.return_(ReturnReason.OUTSIDE_DEFINITION, "Three vehicles", by=by, at=at)


def pass_on(handoff, to, at, by):
    handoff.reassign(to, by=by, at=at)


def drop(handoff, at, by):
    """The lead is for later: its hand-off is closed."""
    handoff.lead.refresh_from_db()
    recycle(handoff.lead, "Not now", by=by, at=at)


def kinds(clock) -> list[str]:
    return list(clock.events.order_by("id").values_list("kind", flat=True))
