"""What the criteria tell on a lead's timeline: who answered what, and who went on without what was agreed."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from leads import timeline
from leads.models import CriteriaState, Criterion, Judgement, Lead, Qualification
from leads.timeline import Entry, Group, Older


def register() -> None:
    timeline.register("judgements", judgements, rank=12, groups={Group.CHANGES})
    timeline.register("overrides", overrides, rank=22, groups={Group.CHANGES})


def judgements(lead: Lead, *, older: Older, limit: int, group: str) -> Iterable[Entry]:
    rows = older.among(Judgement.objects.filter(lead=lead), moment="judged_at")
    found = list(rows.select_related("judged_by", "judged_by__team")[:limit])
    labels = _labels({row.key for row in found}) if found else {}
    return [
        Entry(
            row.judged_at,
            row.pk,
            "JUDGED",
            Group.CHANGES,
            f"{labels.get(row.key, row.key)}: {row.get_answer_display()}",
            row.evidence,
            row.judged_by,
            icon="list-checks",
        )
        for row in found
    ]


def overrides(lead: Lead, *, older: Older, limit: int, group: str) -> Iterable[Entry]:
    rows = older.among(Qualification.objects.filter(lead=lead, sales_ready=False), moment="marked_at")
    return [
        Entry(
            row.marked_at,
            row.pk,
            "OVERRIDE",
            Group.CHANGES,
            _("Marked sales-ready without what was missing"),
            row.override_reason,
            row.marked_by,
            icon="shield-alert",
        )
        for row in rows.select_related("marked_by", "marked_by__team")[:limit]
    ]


def _labels(keys: set[str]) -> dict[str, str]:
    """What each criterion is called now, or was when it was last in force."""
    known = Criterion.objects.filter(key__in=keys).exclude(criteria_set__state=CriteriaState.DRAFT)
    return dict(known.order_by("key", "criteria_set__version").values_list("key", "label"))
