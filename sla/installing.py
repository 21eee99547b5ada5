"""An agreement that comes into force installs its parts in the rooms below, so that they never have to ask this one."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from handoff import rules
from leads.criteria import versions
from sla.models.agreement import Agreement
from sla.models.term import TermKind


def install(agreement: Agreement, *, at: datetime) -> None:
    """From now on hand-offs are sent under these rules, and its criteria set, if it names one, decides what is sales-ready."""
    if agreement.criteria_set is not None:
        versions.install(agreement.criteria_set, at=at)
    capacity = agreement.terms.filter(kind=TermKind.CAPACITY).values_list("target_count", flat=True).first()
    rules.install(
        agreement_version=agreement.version,
        brief_items=agreement.brief_items,
        hot_rule=agreement.hot_rule,
        contact_counts=agreement.contact_counts,
        capacity_per_month=capacity,
        routing_shares=agreement.routing_shares,
        overflow=agreement.overflow,
        late_logging_hours=agreement.late_logging_hours,
        at=at,
    )
    if agreement.criteria_set:
        versions.install(agreement.criteria_set, at=at)


def start_what_is_due(at: datetime) -> list[Agreement]:
    """Every signed agreement whose start date has come is in force, or was replaced by a later one. Safe to run twice, and late."""
    due = Agreement.objects.waiting_to_start(timezone.localdate(at)).order_by("version")
    return [agreement for agreement in due if agreement.come_into_force(at=at)]
