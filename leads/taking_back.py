"""What an act on a lead may change in this room, and what the lead's history says when it is undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F
from django.dispatch import receiver
from django.utils.translation import gettext as _

from leads import undoing
from leads.models import Act, Lead, Opportunity, StageChange
from leads.signals import act_undone
from smarketing.accounts.models import User

LEAD = [
    "stage",
    "mql_at",
    "sql_at",
    "accepted_at",
    "contacted_at",
    "opportunity_at",
    "customer_at",
    "closed_at",
    "reason",
    "owner_id",
    "marketer_id",
    "hot_at",
    "next_step_at",
    "next_step",
]
OPPORTUNITY = ["amount", "currency", "expected_on", "opened_at", "won_at", "lost_at"]


def register() -> None:
    undoing.keep(Lead, lambda lead_id: Lead.objects.filter(pk=lead_id), LEAD)
    undoing.keep(Opportunity, lambda lead_id: Opportunity.objects.filter(lead=lead_id), OPPORTUNITY)


@receiver(act_undone)
def move_back(act: Act, lead: Lead, by: User, at: datetime, **_more: Any) -> None:
    """One more move, back to where it stood; an edit of the page that somebody still has open is refused."""
    Lead.objects.filter(pk=lead.pk).update(version=F("version") + 1)
    stage = act.changes.get(Lead._meta.label, {}).get(str(lead.pk), {}).get("stage")
    if stage:
        before, after = stage
        StageChange.objects.create(
            lead=lead,
            from_stage=after,
            to_stage=before,
            changed_at=at,
            changed_by=by,
            reason=undone_words(act),
        )


def undone_words(act: Act) -> str:
    return _("Undone: %(what)s") % {"what": act.words}
