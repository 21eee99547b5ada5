"""Why somebody received a hand-off, and what sales can take: `{% load routing %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from handoff import capacity
from handoff.models import Handoff, RoutingDecision
from handoff.routing.ranking import Out
from handoff.routing.wording import OUT_WORDS
from smarketing.accounts.models import User

register = template.Library()


@register.simple_tag
def decision_of(handoff: Handoff) -> dict[str, Any] | None:
    """The decision with the names of who was considered. Two queries."""
    row = RoutingDecision.objects.filter(handoff=handoff).first()
    if row is None:
        return None
    names = User.objects.in_bulk([known["id"] for known in row.candidates])
    people = [
        {
            **known,
            "name": names.get(known["id"], "–"),
            "out": OUT_WORDS[Out(known["out"])] if known["out"] else "",
        }
        for known in row.candidates
    ]
    return {"row": row, "people": people}


@register.inclusion_tag("handoff/_room.html")
def room_for_more() -> dict[str, int | None]:
    """Said to marketing where it hands over."""
    return {"room": capacity.room_lately(at=timezone.now())}
