"""Ways in which a lead ends without a sale: not a fit, or not now. The stage and the opportunity move together."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads import undoing
from leads.models import Lead, Opportunity, StageChange

if TYPE_CHECKING:
    from smarketing.accounts.models import User

LONGEST_REASON = 200


class ReasonNeeded(Exception):
    """Nothing ends without a reason that others can read."""

    def __init__(self) -> None:
        super().__init__(_("Give a reason."))


class CannotEndYet(Exception):
    """A room that comes later refuses this end, in words; the lead stays where it was."""


@undoing.can_be_undone("DISQUALIFY", gettext_lazy("Disqualified"))
@transaction.atomic
def disqualify(lead: Lead, reason: str, *, by: User, at: datetime) -> StageChange:
    """Not a fit. An opportunity that was open is lost. Raises ReasonNeeded, CannotEndYet, TransitionNotAllowed, LeadMoved."""
    change = lead.disqualify(tidy(reason), by=by, at=at)
    drop_opportunity(lead, at=at)
    return change


@undoing.can_be_undone("RECYCLE", gettext_lazy("Recycled"))
@transaction.atomic
def recycle(lead: Lead, reason: str, *, by: User, at: datetime) -> StageChange:
    """Back to marketing, not now. An opportunity that was open is lost. Raises ReasonNeeded, TransitionNotAllowed, LeadMoved."""
    change = lead.recycle(tidy(reason), by=by, at=at)
    drop_opportunity(lead, at=at)
    return change


def tidy(reason: str) -> str:
    """The reason as one line that fits. Raises ReasonNeeded."""
    words = " ".join(reason.split())
    if not words:
        raise ReasonNeeded
    return words[:LONGEST_REASON]


def drop_opportunity(lead: Lead, *, at: datetime) -> None:
    Opportunity.objects.filter(lead=lead, won_at=None, lost_at=None).update(lost_at=at)
