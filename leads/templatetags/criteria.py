"""`{% load criteria %}{% verdict_panel lead %}`: why a lead is sales-ready, or what is missing."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from leads import access
from leads.criteria.rules import sentence
from leads.criteria.verdicts import verdict
from leads.criteria.waiting import WAITING_STAGES
from leads.models import CriteriaSet, Lead, Qualification, Stage
from smarketing.prepared import Prepared

register = template.Library()
LATEST_MARK = Prepared(
    lambda lead: (
        Qualification.objects.filter(lead=lead)
        .select_related("marked_by", "criteria_set")
        .defer("verdict")
        .order_by("-id")[:1]
    ),
    lead=int,
)


@register.inclusion_tag("leads/_verdict_panel.html", takes_context=True)
def verdict_panel(context: template.Context, lead: Lead) -> dict[str, Any]:
    """What the criteria in force say now, and under what the lead was marked sales-ready. At most three queries."""
    marked = LATEST_MARK.first(lead=lead.pk) if lead.sql_at else None
    return {
        "lead": lead,
        "verdict": verdict(lead, CriteriaSet.objects.in_force(), at=timezone.now(), with_origins=False),
        "marked": marked,
        "may_judge": access.may_judge(context["request"].user) and lead.stage in (*WAITING_STAGES, Stage.SQL),
    }


@register.simple_tag
def rule_in_words(rule: dict[str, Any]) -> str:
    """{% rule_in_words line.rule %}: "Vehicles is at least 50"."""
    return sentence(rule)
