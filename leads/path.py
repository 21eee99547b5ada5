"""The path of one lead along the stages: what is done, how long it took, what is needed to move on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_timedelta
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leads.models import MAIN_LINE, MOMENT_OF, Lead, Stage
from smarketing import words
from smarketing.accounts.models import Side

OWNER_OF = {
    Stage.NEW: Side.MARKETING,
    Stage.MQL: Side.MARKETING,
    Stage.SQL: Side.MARKETING,
    Stage.ACCEPTED: Side.SALES,
    Stage.CONTACTED: Side.SALES,
    Stage.OPPORTUNITY: Side.SALES,
    Stage.CUSTOMER: Side.SALES,
}
NEEDED = {
    Stage.NEW: _(
        "To move on: marketing says that fit and interest are worth its attention, or marks it sales-ready."
    ),
    Stage.MQL: _("To become sales-ready: every must-have is answered with yes and the points suffice."),
    Stage.SQL: _("To be accepted: marketing hands it over with a brief and sales accepts."),
    Stage.ACCEPTED: _("To be contacted: its rep logs the first contact."),
    Stage.CONTACTED: _("To become an opportunity: its rep opens one, or closes the lead with a reason."),
    Stage.OPPORTUNITY: _("To become a customer: the deal is won."),
    Stage.RECYCLED: _("Not now. Marketing qualifies it again when the interest is back."),
}


@dataclass(frozen=True)
class Step:
    """Shaped as components/_stepper.html wants it."""

    label: str | Promise
    state: str  # done, current or ""
    note: str
    side: str
    url: str = ""


def steps(lead: Lead, *, now: datetime) -> list[Step]:
    """The main line with the time spent in each stage that was reached; skipped stages have none."""
    current = lead.furthest_stage
    ended = lead.closed_at or lead.customer_at or now
    reached = [(stage, getattr(lead, MOMENT_OF[stage])) for stage in MAIN_LINE]
    path = []
    for place, (stage, since) in enumerate(reached):
        onward = [moment for _, moment in reached[place + 1 :] if moment]
        state = "done" if since else ""
        if stage == current and lead.is_open:
            state = "current"
        until = ended if stage == current else next(iter(onward), None)
        spent = spell(until - since) if since and until and stage != Stage.CUSTOMER else ""
        path.append(Step(stage.label, state, spent, OWNER_OF[stage]))
    return path


def needed(lead: Lead) -> str | Promise:
    """One sentence on what moves the lead on; nothing when it has ended."""
    return NEEDED.get(Stage(lead.stage), "")


def spell(spent: timedelta) -> str:
    """`3 days`, `2 hours`: wall time, one unit."""
    return format_timedelta(max(spent, timedelta()), threshold=1, granularity="minute", locale=words.locale())
