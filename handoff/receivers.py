"""What a hand-off does when its lead moves: an outcome closes it, and settles a return. Not a fit and lost are refused before any contact."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.dispatch import receiver

from handoff import errors, reclassing, returning
from handoff.models import Handoff, Outcome
from leads.models import Lead, Stage, StageChange
from leads.signals import fact_learned, leads_moved_in_bulk, stage_changed

if TYPE_CHECKING:
    from smarketing.accounts.models import User

OUTCOME_OF = {
    Stage.CUSTOMER: Outcome.WON,
    Stage.LOST: Outcome.LOST,
    Stage.DISQUALIFIED: Outcome.DISQUALIFIED,
    Stage.RECYCLED: Outcome.RECYCLED,
}
SHOWN_BY_A_CONTACT = {Outcome.DISQUALIFIED, Outcome.LOST}


@receiver(stage_changed)
def close_with_the_outcome(lead: Lead, change: StageChange, **_: Any) -> None:
    """Inside the move's transaction, so that whichever door was taken the lead stays where it was when this refuses."""
    outcome = OUTCOME_OF.get(Stage(change.to_stage))
    if outcome is None:
        return
    handoff = Handoff.objects.filter(lead=lead).open().first()
    if outcome in SHOWN_BY_A_CONTACT and _was_never_contacted(handoff, change):
        raise errors.NotContactedYet
    if handoff:
        handoff.close(outcome, by=change.changed_by, at=change.changed_at)
    elif outcome != Outcome.WON:
        returning.settle_by_closing(lead, by=change.changed_by, at=change.changed_at)


def _was_never_contacted(handoff: Handoff | None, change: StageChange) -> bool:
    """With sales, and nobody has tried to reach it. What is confirmed as a duplicate needs no contact."""
    if handoff:
        return handoff.attempts == 0
    if change.from_stage != Stage.ACCEPTED:
        return False
    latest = Handoff.objects.filter(lead=change.lead_id).latest_first().first()
    return latest is None or latest.outcome != Outcome.DUPLICATE


@receiver(leads_moved_in_bulk)
def close_with_their_outcomes(lead_ids: list[int], by: User | None, at: datetime, **_: Any) -> None:
    """An import says how leads ended: the few of them that are with sales close their hand-off."""
    for handoff in Handoff.objects.filter(lead__in=lead_ids).open().select_related("lead"):
        outcome = OUTCOME_OF.get(Stage(handoff.lead.stage))
        if outcome:
            handoff.close(outcome, by=by, at=at)


@receiver(fact_learned)
def follow_the_hot_rule(lead: Lead, keys: list[str], at: datetime, **_: Any) -> None:
    """Somebody learned something that makes the lead hot, or not."""
    reclassing.follow_the_rule(lead, keys, at=at)
