"""The stages of a lead, how they follow each other, and what is said when a move is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from leads.models.lead import Lead
    from leads.models.stage_change import StageChange


class Stage(models.TextChoices):
    NEW = "NEW", _("New")
    MQL = "MQL", _("Qualified")
    SQL = "SQL", _("Sales-ready")
    ACCEPTED = "ACCEPTED", _("Accepted")
    CONTACTED = "CONTACTED", _("Contacted")
    OPPORTUNITY = "OPPORTUNITY", _("Opportunity")
    CUSTOMER = "CUSTOMER", _("Customer")
    DISQUALIFIED = "DISQUALIFIED", _("Disqualified")
    LOST = "LOST", _("Lost")
    RECYCLED = "RECYCLED", _("Recycled")


MAIN_LINE = [
    Stage.NEW,
    Stage.MQL,
    Stage.SQL,
    Stage.ACCEPTED,
    Stage.CONTACTED,
    Stage.OPPORTUNITY,
    Stage.CUSTOMER,
]
CLOSED_STAGES = [Stage.CUSTOMER, Stage.DISQUALIFIED, Stage.LOST]
OPEN_STAGES = [stage for stage in Stage if stage not in CLOSED_STAGES]
# The column that keeps when a lead first reached a stage; `closed_at` belongs to both ways of ending without a sale.
MOMENT_OF = {
    Stage.NEW: "captured_at",
    Stage.MQL: "mql_at",
    Stage.SQL: "sql_at",
    Stage.ACCEPTED: "accepted_at",
    Stage.CONTACTED: "contacted_at",
    Stage.OPPORTUNITY: "opportunity_at",
    Stage.CUSTOMER: "customer_at",
    Stage.DISQUALIFIED: "closed_at",
    Stage.LOST: "closed_at",
}
NEXT_STAGES: dict[str, set[str]] = {
    Stage.NEW: {Stage.MQL, Stage.SQL, Stage.DISQUALIFIED, Stage.RECYCLED},
    Stage.MQL: {Stage.SQL, Stage.DISQUALIFIED, Stage.RECYCLED},
    Stage.SQL: {Stage.ACCEPTED, Stage.DISQUALIFIED, Stage.RECYCLED},
    Stage.ACCEPTED: {
        Stage.CONTACTED,
        Stage.SQL,
        Stage.DISQUALIFIED,
        Stage.RECYCLED,
    },  # SQL again: returned before contact
    Stage.CONTACTED: {Stage.OPPORTUNITY, Stage.DISQUALIFIED, Stage.LOST, Stage.RECYCLED},
    Stage.OPPORTUNITY: {Stage.CUSTOMER, Stage.DISQUALIFIED, Stage.LOST, Stage.RECYCLED},
    Stage.RECYCLED: {Stage.MQL, Stage.SQL, Stage.DISQUALIFIED},
    Stage.CUSTOMER: set(),  # a new interest is a new lead
    Stage.DISQUALIFIED: set(),
    Stage.LOST: set(),
}


class TransitionNotAllowed(Exception):
    """The stage where the lead stands does not lead to the stage that was asked for."""

    def __init__(self, lead: Lead, stage: str) -> None:
        self.lead, self.stage = lead, stage
        super().__init__(
            _("%(lead)s is %(from)s; that does not lead to %(to)s.")
            % {"lead": lead, "from": lead.get_stage_display(), "to": Stage(stage).label}
        )


class LeadMoved(Exception):
    """Somebody else moved the lead first. `change` is that move: who did what, when."""

    def __init__(self, lead: Lead, change: StageChange | None) -> None:
        self.lead, self.change = lead, change
        who = (change and change.changed_by) or _("The system")
        what = Stage(change.to_stage).label if change else ""
        super().__init__(_("%(who)s already moved this lead to %(what)s.") % {"who": who, "what": what})
