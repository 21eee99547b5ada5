"""Sets of criteria to start from, for three kinds of business. Labels are content: written in the language of who starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leads.criteria import drafting, versions
from leads.models.criteria import CriteriaSet

if TYPE_CHECKING:
    from smarketing.accounts.models import User


@dataclass(frozen=True)
class StartingPoint:
    key: str
    label: Promise | str
    points_needed: int
    lines: tuple[dict[str, Any], ...]


DECIDER = {"key": "decider", "label": _("We reach somebody who decides"), "required": True, "hint": _("Ask who signs, and who else has a say")}  # fmt: skip
NEED = {
    "key": "need",
    "label": _("Named a concrete need"),
    "required": True,
    "hint": _("In their own words, not ours"),
}
BUDGET = {
    "key": "budget",
    "label": _("Budget named or reserved"),
    "points": 20,
    "hint": _("An amount, or who pays"),
}
SOON = {"key": "soon", "label": _("Wants to start within six months"), "points": 15, "hint": _("A date or an event that it depends on")}  # fmt: skip
REACHABLE = {"key": "phone", "label": _("Phone number known"), "points": 10, "rule": {"fact": "phone", "op": "is_known"}}  # fmt: skip
RECENT = {"key": "recent", "label": _("Active in the last 30 days"), "points": 10, "rule": {"fact": "last_activity_at", "op": "within_last_days", "value": 30}}  # fmt: skip
ASKED = {"key": "asked", "label": _("Asked for a quote or a talk"), "points": 20, "rule": {"fact": "requested", "op": "includes_any", "value": ["quote", "offerte", "call", "meeting", "demo"]}}  # fmt: skip
EUROPE = {"key": "region", "label": _("In our region"), "required": True, "rule": {"fact": "country", "op": "is_one_of", "value": ["NL", "BE", "LU"]}}  # fmt: skip


def _staff(least: int) -> dict[str, Any]:
    rule = {"fact": "company_size", "op": "at_least", "value": least}
    return {"key": "size", "label": _("Large enough"), "required": True, "rule": rule}


STARTING_POINTS = {
    start.key: start
    for start in (
        StartingPoint(
            "services",
            _("B2B services"),
            30,
            (_staff(10), EUROPE, NEED, DECIDER, BUDGET, SOON, ASKED, REACHABLE),
        ),
        StartingPoint(
            "software",
            _("Software"),
            30,
            (
                _staff(20),
                DECIDER,
                {
                    "key": "fits",
                    "label": _("Works with the systems they have"),
                    "required": True,
                    "hint": _("Which ones do they use now?"),
                },
                {
                    "key": "visits",
                    "label": _("Visited the site at least three times"),
                    "points": 15,
                    "rule": {"fact": "site_visits", "op": "at_least", "value": 3},
                },
                {
                    "key": "demo",
                    "label": _("Asked for a demo or a trial"),
                    "points": 25,
                    "rule": {"fact": "requested", "op": "includes_any", "value": ["demo", "trial", "proef"]},
                },
                BUDGET,
                RECENT,
            ),
        ),  # fmt: skip
        StartingPoint(
            "manufacturing",
            _("Manufacturing"),
            25,
            (
                _staff(50),
                EUROPE,
                {
                    "key": "volume",
                    "label": _("The volume fits our machines"),
                    "required": True,
                    "hint": _("Pieces a year and batch size"),
                },
                {
                    "key": "drawing",
                    "label": _("Sent a drawing or a specification"),
                    "points": 25,
                    "rule": {
                        "fact": "requested",
                        "op": "includes_any",
                        "value": ["quote", "offerte", "drawing", "tekening"],
                    },
                },
                BUDGET,
                SOON,
                REACHABLE,
            ),
        ),  # fmt: skip
    )
}


@transaction.atomic
def start_from(key: str, *, by: User | None, at: datetime) -> CriteriaSet:
    """A draft with the lines of this starting point, or an empty one for a key that is none."""
    draft = versions.draft_from(None, by=by, at=at)
    start = STARTING_POINTS.get(key)
    if start:
        drafting.describe(draft, points_needed=start.points_needed, note="")
        for line in start.lines:
            drafting.add(draft, **_in_the_language_of_now(line))
    return draft


def _in_the_language_of_now(line: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Promise) else value for name, value in line.items()}
