"""The gate between marketing and sales: a lead is sales-ready when the criteria in force say so, or when somebody who may takes it upon himself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads import undoing
from leads.criteria.verdicts import Verdict, verdict
from leads.models.criteria import CriteriaSet
from leads.models.judgement import Qualification
from leads.models.lead import Lead
from leads.models.stage import LeadMoved
from smarketing.accounts.models import Side

if TYPE_CHECKING:
    from smarketing.accounts.models import User

LONGEST_REASON = 300


class NotSalesReady(Exception):
    """Something that was agreed is missing. `verdict` says what."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(_("Not yet sales-ready: %(missing)s.") % {"missing": "; ".join(verdict.reasons)})


class OverrideNotAllowed(NotSalesReady):
    """Something is missing, and who asked may not decide to go on without it."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.args = (_("Only a team lead or manager of marketing may go on without what was agreed."),)


@undoing.can_be_undone("MARK_SALES_READY", gettext_lazy("Marked sales-ready"))
@transaction.atomic
def mark_sales_ready(
    lead: Lead, *, by: User | None, at: datetime, override_reason: str = ""
) -> Qualification:
    """The lead is sales-ready, and the verdict under which it became so is kept. An override is kept with its reason and counted."""
    current = Lead.objects.select_for_update(of=("self",)).for_list().get(pk=lead.pk)
    if current.stage != lead.stage:
        raise LeadMoved(lead, lead.stage_changes.select_related("changed_by").order_by("-id").first())
    judged = verdict(current, CriteriaSet.objects.in_force(), at=at)
    reason = override_reason.strip()[:LONGEST_REASON]
    if not judged.sales_ready:
        _check_override(judged, reason, by)
    lead.mark_sales_ready(by=by, at=at)
    return Qualification.objects.create(
        lead=lead,
        criteria_set=judged.criteria_set,
        sales_ready=judged.sales_ready,
        points=judged.points,
        points_needed=judged.points_needed,
        verdict=judged.as_json(),
        override_reason="" if judged.sales_ready else reason,
        marked_by=by,
        marked_at=at,
    )


def _check_override(judged: Verdict, reason: str, by: User | None) -> None:
    if not reason:
        raise NotSalesReady(judged)
    if by is None or not by.decides_for(Side.MARKETING):
        raise OverrideNotAllowed(judged)
