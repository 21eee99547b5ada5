"""Clocks beside hand-offs in any list: `{% attach_clocks rows %}` gives each its `answer_clock`, `contact_clock`, `question_clock` and `return_clock`, with one query.

Of several rounds it is the latest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django import template
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from handoff.models import Handoff, State
from sla import chips, drawn_chips, listed_clocks
from sla.models import Clock, Measure, Term, TermKind
from smarketing import words
from smarketing.prepared import Prepared
from smarketing.voice import voice

register = template.Library()
NAME_OF = {
    Measure.ANSWER: "answer_clock",
    Measure.FIRST_CONTACT: "contact_clock",
    Measure.QUESTION: "question_clock",
    Measure.RETURN: "return_clock",
}


_of_handoffs = Prepared(lambda ids: Clock.objects.filter(handoff__any_of=ids).order_by("round"), ids=list)


@register.simple_tag
def attach_clocks(*shown: Any) -> str:
    """Takes hand-offs and lists of them; empty ones are passed over. Shows nothing itself."""
    handoffs = [handoff for one in shown for handoff in _flat(one) if not hasattr(handoff, "answer_clock")]
    found = _of_handoffs.objects(ids=[handoff.pk for handoff in handoffs]) if handoffs else []
    listed_clocks.complete(found)
    clocks: dict[tuple[int, str], Clock] = {(clock.handoff_id, clock.measure): clock for clock in found}
    for handoff in handoffs:
        _attach(handoff, clocks)
    return ""


ASKED_OF = {State.SENT: Measure.ANSWER, State.ASKED: Measure.QUESTION, State.RETURNED: Measure.RETURN}


@register.simple_tag
def attach_shown_clocks(rows: Iterable[Any]) -> str:
    """Gives each row of a long list its `shown_clock`: the one that asks for the next act; none when it is closed. One query for all.

    Takes hand-offs, or things that are `about` one.
    """
    handoffs = [found for row in rows if (found := getattr(row, "about", row))]
    clocks = _asking(handoffs)
    for handoff in handoffs:
        handoff.shown_clock = clocks.get(handoff.pk)
    return ""


@dataclass(frozen=True)
class DrawnClocks:
    """By the number of a hand-off its chip; by the number of a calendar the hours by which chips tick."""

    chips: dict[int, SafeString] = field(default_factory=dict)
    hours: dict[str, str] = field(default_factory=dict)


@register.simple_tag
def drawn_clocks(rows: Sequence[Any], now: datetime, chosen: Handoff | None = None) -> DrawnClocks:
    """For the rows of the inbox, each the clock that asks for the next act; the hand-off beside them gets its clocks attached.

    Two queries, one more where clocks are held.
    """
    clocks, to = _asking(rows, chosen).values(), voice()
    shown = [
        (clock, chip) for clock in clocks if (chip := chips.chip(clock, now, ticks_by_itself=False, to=to))
    ]
    ticking = [clock for clock, chip in shown if chip.due is not None]
    return DrawnClocks(
        {
            clock.handoff_id: drawn_chips.drawn(chip, hours=str(clock.calendar_version_id))
            for clock, chip in shown
        },
        listed_clocks.as_json(listed_clocks.shared_hours(ticking, now)),
    )


_answer_promised = Prepared(
    lambda: (
        Term.objects.filter(
            agreement__state="IN_FORCE", kind=TermKind.ANSWER_HANDOFF, target_seconds__isnull=False
        )
        .values_list("target_seconds", "agreement__version")
        .order_by("-agreement__version")[:1]
    )
)


@register.simple_tag
def answer_promise() -> str:
    """ "Decide within 2 h (agreement v4)"; nothing before the first agreement promises it. One query."""
    promised = next(iter(_answer_promised.rows()), None)
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


ASKED = [*ASKED_OF.values(), Measure.FIRST_CONTACT]
_of_rows = Prepared(
    lambda whole, **ids: Clock.objects.filter(
        reduce(or_, (Q(measure=measure, handoff__any_of=some) for measure, some in ids.items()))
        | Q(handoff__any_of=whole)
    ).order_by("round"),
    whole=list,
    **{measure.value: list for measure in ASKED},
)


def _asking(handoffs: Sequence[Any], chosen: Handoff | None = None) -> dict[int, Clock]:
    """By the number of a hand-off the clock that asks for its next act, of several rounds the latest, with what its chip reads.

    The `chosen` one gets all of its clocks attached.
    """
    ids: dict[str, list[int]] = {measure.value: [] for measure in ASKED}
    asked: set[tuple[int, str]] = set()
    for handoff in handoffs:
        measure = ASKED_OF.get(State(handoff.state), Measure.FIRST_CONTACT if handoff.is_open else None)
        if measure:
            ids[measure.value].append(handoff.pk)
            asked.add((handoff.pk, measure))
    whole = [chosen.pk] if chosen else []
    found = _of_rows.objects(whole=whole, **ids) if whole or asked else []
    latest: dict[tuple[int, str], Clock] = {(clock.handoff_id, clock.measure): clock for clock in found}
    listed_clocks.complete(list(latest.values()))
    if chosen:
        _attach(chosen, latest)
    return {handoff: clock for (handoff, measure), clock in latest.items() if (handoff, measure) in asked}


def _attach(handoff: Any, clocks: Mapping[tuple[int, str], Clock]) -> None:
    for measure, name in NAME_OF.items():
        setattr(handoff, name, clocks.get((handoff.pk, measure)))


def _flat(one: Any) -> Iterable[Handoff]:
    if not one:
        return []
    return [one] if isinstance(one, Handoff) else one
