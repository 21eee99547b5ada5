"""What the clocks tell in the timeline of a lead: a promise broken, told further, or kept after all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from leads.models import Lead
from leads.timeline import Entry, Group, Older
from sla.models import ClockEvent, ClockEventKind

TOLD = {
    ClockEventKind.BREACHED: "alarm-clock",
    ClockEventKind.ESCALATED: "megaphone",
    ClockEventKind.CLEARED: "circle-check",
}


def clock_events(lead: Lead, *, older: Older, limit: int, **_: Any) -> Iterable[Entry]:
    events = ClockEvent.objects.filter(clock__handoff__lead=lead, kind__in=TOLD)
    rows = older.among(events, moment="happened_at").select_related("clock", "actor")[:limit]
    return [
        Entry(
            occurred_at=event.happened_at,
            id=event.pk,
            kind="CLOCK",
            group=Group.CHANGES,
            title=gettext("%(what)s: %(measure)s")
            % {"what": event.get_kind_display(), "measure": event.clock.get_measure_display()},
            body=event.reason,
            actor=event.actor,
            url=reverse("sla:clock", args=[event.clock_id]),
            icon=TOLD[ClockEventKind(event.kind)],
        )
        for event in rows
    ]
