"""Clocks beside hand-offs in any list: `{% attach_clocks rows %}` gives each its `answer_clock`, `contact_clock`, `question_clock` and `return_clock`, with one query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

from handoff.models import Handoff
from sla.models import Clock, Measure

register = template.Library()
NAME_OF = {
    Measure.ANSWER: "answer_clock",
    Measure.FIRST_CONTACT: "contact_clock",
    Measure.QUESTION: "question_clock",
    Measure.RETURN: "return_clock",
}


@register.simple_tag
def attach_clocks(*shown: Any) -> str:
    """Takes hand-offs and lists of them; empty ones are passed over. Shows nothing itself."""
    handoffs = [handoff for one in shown for handoff in _flat(one) if not hasattr(handoff, "answer_clock")]
    clocks: dict[tuple[int, str], Clock] = {}
    if handoffs:
        found = Clock.objects.with_all_for_chips().filter(handoff__in=[handoff.pk for handoff in handoffs])
        clocks = {(clock.handoff_id, clock.measure): clock for clock in found}
    for handoff in handoffs:
        for measure, name in NAME_OF.items():
            setattr(handoff, name, clocks.get((handoff.pk, measure)))
    return ""


def _flat(one: Any) -> Iterable[Handoff]:
    if not one:
        return []
    return [one] if isinstance(one, Handoff) else one
