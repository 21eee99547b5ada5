"""The coffee as calendars read it (RFC 5545). One UID for its whole life; each change has a higher SEQUENCE.

No name of the lead in it: calendars are shared and mirrored. It links to the hand-off instead.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from handoff.models import Coffee, Method
from smarketing.accounts.models import User


def of(coffee: Coffee, method: str, *, at: datetime) -> bytes:
    """The entry, or its cancellation; `at` is when this version was made."""
    starts_at = coffee.starts_at
    assert starts_at is not None
    calendar = Calendar()
    calendar.add("prodid", "-//Smarketing//Coffee//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", f"{coffee.uid}@{host()}")
    event.add("sequence", coffee.sequence)
    event.add("dtstamp", at)
    event.add("dtstart", starts_at)
    event.add("dtend", starts_at + timedelta(minutes=coffee.minutes))
    event.add("summary", title(coffee))
    event.add("description", _("The brief and the conversation: %(url)s") % {"url": address(coffee)})
    event.add("url", address(coffee))
    event.add("status", "CANCELLED" if method == Method.CANCEL else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if method == Method.CANCEL else "OPAQUE")
    event.add("organizer", _person(coffee.proposer), encode=False)
    for person in (coffee.proposer, coffee.invitee):
        event.add("attendee", _person(person, attends=True), encode=False)
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def title(coffee: Coffee) -> str:
    return _("Coffee: talk hand-off %(number)s through") % {"number": coffee.handoff_id}


def address(coffee: Coffee) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{reverse('handoff:detail', args=[coffee.handoff_id])}"


def host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "smarketing"


def _person(person: User, *, attends: bool = False) -> vCalAddress:
    who = vCalAddress(f"mailto:{person.email}")
    who.params["CN"] = str(person)
    if attends:
        who.params["ROLE"] = "REQ-PARTICIPANT"
        who.params["PARTSTAT"] = "ACCEPTED"
        who.params["RSVP"] = "FALSE"
    return who
