"""Clocks beside hand-offs in any list: `{% attach_clocks rows %}` gives each its `answer_clock`, `contact_clock`, `question_clock` and `return_clock`, with one query.

Of several rounds it is the latest.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django import template
from django.db.models import Q
from django.utils.translation import gettext as _

from handoff.models import Handoff, State
from sla.models import Clock, Measure, Term, TermKind
from smarketing import words

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
        found = found.order_by("round")
        clocks = {(clock.handoff_id, clock.measure): clock for clock in found}
    for handoff in handoffs:
        for measure, name in NAME_OF.items():
            setattr(handoff, name, clocks.get((handoff.pk, measure)))
    return ""


ASKED_OF = {State.SENT: Measure.ANSWER, State.ASKED: Measure.QUESTION, State.RETURNED: Measure.RETURN}


@register.simple_tag
def attach_shown_clocks(rows: Iterable[Any]) -> str:
    """Gives each row of a long list its `shown_clock`: the one that asks for the next act; none when it is closed. One query for all.

    Takes hand-offs, or things that are `about` one.
    """
    handoffs = [found for row in rows if (found := getattr(row, "about", row))]
    wanted: dict[str, list[int]] = {}
    for handoff in handoffs:
        measure = ASKED_OF.get(State(handoff.state), Measure.FIRST_CONTACT if handoff.is_open else None)
        if measure:
            wanted.setdefault(measure, []).append(handoff.pk)
    clocks: dict[int, Clock] = {}
    if wanted:
        either = reduce(or_, (Q(measure=measure, handoff__in=keys) for measure, keys in wanted.items()))
        found = Clock.objects.with_all_for_chips().filter(either).order_by("round")
        clocks = {clock.handoff_id: clock for clock in found}
    for handoff in handoffs:
        handoff.shown_clock = clocks.get(handoff.pk)
    return ""


@register.simple_tag
def answer_promise() -> str:
    """ "Decide within 2 h (agreement v4)"; nothing before the first agreement promises it. One query."""
    promised = (
        Term.objects.filter(
            agreement__state="IN_FORCE", kind=TermKind.ANSWER_HANDOFF, target_seconds__isnull=False
        )
        .values_list("target_seconds", "agreement__version")
        .order_by("-agreement__version")
        .first()
    )
    if promised is None:
        return ""
    span = words.working_duration(promised[0])
    return _("Decide within %(span)s (agreement v%(version)s)") % {"span": span, "version": promised[1]}


@register.simple_tag
def latest_answer() -> str:
    """ "Last one answered in 38 m." """
    answered = Clock.objects.filter(measure=Measure.ANSWER, worked_seconds__isnull=False)
    seconds = answered.order_by("-started_at").values_list("worked_seconds", flat=True).first()
    return "" if seconds is None else _("Last one answered in %s.") % words.working_duration(seconds)


def _flat(one: Any) -> Iterable[Handoff]:
    if not one:
        return []
    return [one] if isinstance(one, Handoff) else one
