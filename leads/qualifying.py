"""Marketing says that a lead is worth its attention, by a click that can be undone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from leads import undoing
from leads.models import Lead, StageChange

if TYPE_CHECKING:
    from smarketing.accounts.models import User


@undoing.can_be_undone("QUALIFY", _("Qualified"))
def qualify(lead: Lead, *, by: User, at: datetime) -> StageChange:
    """The lead is qualified. Raises TransitionNotAllowed, LeadMoved."""
    return lead.qualify(by=by, at=at)
