"""What the clocks tell in the timeline of a lead: a promise broken, told further, or kept after all."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext

from leads import timeline
from leads.timeline import Entry, Group, Row, Source
from sla.models import ClockEventKind, Measure
from sla.models.clock_event import in_words

TOLD = {
    ClockEventKind.BREACHED: "alarm-clock",
    ClockEventKind.ESCALATED: "megaphone",
    ClockEventKind.CLEARED: "circle-check",
}
_KINDS = ", ".join(f"'{kind}'" for kind in TOLD)
EVENTS = Source(
    f"sla_clockevent row JOIN sla_clock clock ON clock.id = row.clock_id JOIN handoff_handoff h ON h.id = clock.handoff_id"
    f" WHERE h.lead_id = %(lead)s AND row.kind IN ({_KINDS})",
    at="row.happened_at",
    id="row.id",
    actor="row.actor_id",
    kind="row.kind",
    words="clock.measure",
    body="row.note",
    about="row.clock_id",
)


def register() -> None:
    timeline.register("clocks", EVENTS, clock_event, rank=50, groups={Group.CHANGES})


def clock_event(row: Row) -> Entry:
    kind = ClockEventKind(row.kind)
    return timeline.entry(
        row,
        kind="CLOCK",
        group=Group.CHANGES,
        title=gettext("%(what)s: %(measure)s") % {"what": kind.label, "measure": Measure(row.words).label},
        body=in_words(row.body),
        url=reverse("sla:clock", args=[row.about]),
        icon=TOLD[kind],
    )
