"""What the rep does next with a lead, and when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads import activities, tidying, undoing
from leads.models import Activity, ActivityKind, Lead

if TYPE_CHECKING:
    from smarketing.accounts.models import User

LONGEST = 200


class NotAhead(ValueError):
    """A next step lies ahead."""

    def __init__(self) -> None:
        super().__init__(_("A next step lies ahead: give a moment to come."))


@undoing.can_be_undone("PLAN", gettext_lazy("Next step planned"))
@transaction.atomic
def plan(lead: Lead, what: str, *, due_at: datetime, by: User, at: datetime) -> Activity:
    """The lead is back in the rep's queue at `due_at`. Raises NotAhead."""
    if due_at <= at:
        raise NotAhead
    what = tidying.line(what)[:LONGEST]
    lead.plan_next_step(what, due_at=due_at)
    return activities.log(
        lead,
        ActivityKind.NEXT_STEP,
        by=by,
        at=at,
        title=what or _("Next step planned"),
        details={"due_at": due_at.isoformat()},
    )


def clear_when_done(lead: Lead, *, at: datetime) -> None:
    """A contact fulfils the step that was planned for this moment or earlier."""
    if lead.next_step_at and lead.next_step_at <= at:
        lead.plan_next_step("", due_at=None)
