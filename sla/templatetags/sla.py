"""Clocks in any page: `{% load sla %}{% clock_chip clock now %}` and `{% lead_clocks lead now %}`."""

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString

from leads.models import Lead
from sla import access, listed_clocks, taking_up, written_clocks
from sla.clock_status import LATE, MET
from sla.models import Clock
from smarketing.prepared import Prepared

register = template.Library()

OF_LEAD = Prepared(
    lambda lead: (
        Clock.objects.filter(handoff__lead=lead)
        .select_related("calendar_version", "term", "holder")
        .order_by("-handoff__cycle", "id")
    ),
    lead=int,
)


@register.simple_tag
def clock_chip(clock: Clock | None, now: datetime | None = None, size: str = "") -> SafeString:
    """The countdown of one clock. Rows of a list are loaded with `Clock.objects.with_all_for_chips()`."""
    return written_clocks.countdown(clock, now or timezone.now(), size=size)


@register.inclusion_tag("sla/_lead_clocks.html", takes_context=True)
def lead_clocks(context: Context, lead: Lead, now: datetime | None = None) -> dict[str, Any]:
    """The clocks of a lead's latest hand-off, each with a link to its arithmetic; who has a late one in hand, or the button for it."""
    clocks = OF_LEAD.objects(lead=lead.pk)
    listed_clocks.know_pauses(clocks)
    latest = [clock for clock in clocks if clock.handoff_id == clocks[0].handoff_id] if clocks else []
    to_take_up = [clock for clock in latest if taking_up.can_be_taken_up(clock)]
    in_hand = taking_up.in_hand_of(to_take_up) if to_take_up else {}
    user = context.get("user")
    for clock in to_take_up:
        clock.in_hand = in_hand.get(clock.pk)
        clock.may_take_up = user is not None and access.may_take_up(user, clock)
    at = now or timezone.now()
    judged = [
        status.state for clock in clocks if (status := clock.status(at)).is_over or status.state == LATE
    ]
    kept = {"kept": judged.count(MET), "judged": judged.count(MET) + judged.count(LATE)}
    return {"clocks": written_clocks.written(latest, at, context.get("csrf_token")), **kept}
