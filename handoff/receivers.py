"""What a hand-off does when its lead moves: an outcome closes it."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from handoff.models import Handoff, Outcome
from leads.models import Lead, Stage, StageChange
from leads.signals import stage_changed

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
