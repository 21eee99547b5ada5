"""Restatements in words: what a figure was, what it is, and why it changed."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from sla.models import EventNote, RestatedCase, Restatement, RestatementKind, ScorecardRow
from sla.scorecard.facts import Part
from sla.scorecard.standing import SHARE, said
from smarketing import words

SHOWN = 3


def figure(actual: Decimal | None, cases: int, row: ScorecardRow) -> str:
    text = said(None if actual is None else float(actual), row.unit)
    return (
        f"{text} (n\u00a0=\u00a0{words.number(cases)})" if row.unit == SHARE and actual is not None else text
    )


def why(restatement: Restatement) -> str:
    """Its own words, or the reasons of the leads that moved, each once."""
    if restatement.reason:
        return restatement.reason
    reasons = list(dict.fromkeys(why_moved(each) for each in restatement.moved.all()))
    if not reasons:
        return _("An amount, a cost or a date was changed.") if restatement.kind != RestatementKind.ENTERED else _("Entered after the month.")  # fmt: skip
    return " ".join(reasons[:SHOWN]) + (" …" if len(reasons) > SHOWN else "")


def why_moved(moved: RestatedCase) -> str:
    """What happened to the clock says why; without that, the move itself."""
    if moved.event and moved.event.reason:
        return moved.event.reason
    if moved.was == Part.MISSED and moved.part == Part.KEPT and moved.event:
        return str(EventNote.IN_TIME_AFTER_ALL.label)
    if moved.was == Part.OPEN:
        return _("Still open when the month was frozen.")
    if moved.was == "" and moved.part:
        return _("Counted since: it was told later.")
    if moved.part == "":
        return _("Counts no longer.")
    return _("Decided otherwise since.")


def part(value: str) -> str:
    return str(Part(value).label) if value in Part.values else _("not counted")
