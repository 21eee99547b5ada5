"""What a hand-off does when its lead moves: an outcome closes it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.dispatch import receiver

from handoff.models import Handoff, Outcome
from leads.models import Lead, Stage, StageChange
from leads.signals import leads_moved_in_bulk, stage_changed

if TYPE_CHECKING:
    from smarketing.accounts.models import User

OUTCOME_OF = {
    Stage.CUSTOMER: Outcome.WON,
    Stage.LOST: Outcome.LOST,
    Stage.DISQUALIFIED: Outcome.DISQUALIFIED,
    Stage.RECYCLED: Outcome.RECYCLED,
}


@receiver(stage_changed)
def close_with_the_outcome(lead: Lead, change: StageChange, **_: Any) -> None:
    outcome = OUTCOME_OF.get(Stage(change.to_stage))
    if outcome:
        for handoff in Handoff.objects.filter(lead=lead).open():
            handoff.close(outcome, by=change.changed_by, at=change.changed_at)


@receiver(leads_moved_in_bulk)
def close_with_their_outcomes(lead_ids: list[int], by: User | None, at: datetime, **_: Any) -> None:
    """An import says how leads ended: the few of them that are with sales close their hand-off."""
    for handoff in Handoff.objects.filter(lead__in=lead_ids).open().select_related("lead"):
        outcome = OUTCOME_OF.get(Stage(handoff.lead.stage))
        if outcome:
            handoff.close(outcome, by=by, at=at)
