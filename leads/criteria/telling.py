"""What the criteria tell on a lead's timeline: who answered what, and who went on without what was agreed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from leads import timeline
from leads.models import Answer
from leads.timeline import Entry, Group, Row, Source

# What the criterion is called now, or was when it was last in force.
LABEL = """(SELECT line.label FROM leads_criterion line JOIN leads_criteriaset version ON version.id = line.criteria_set_id
    WHERE line.key = row.key AND version.state <> 'DRAFT' ORDER BY version.version DESC LIMIT 1)"""
JUDGEMENTS = Source(
    "leads_judgement row WHERE row.lead_id = %(lead)s",
    at="row.judged_at",
    id="row.id",
    actor="row.judged_by_id",
    kind="row.answer",
    words=f"coalesce({LABEL}, row.key)",
    body="row.evidence",
)
OVERRIDES = Source(
    "leads_qualification row WHERE row.lead_id = %(lead)s AND NOT row.sales_ready",
    at="row.marked_at",
    id="row.id",
    actor="row.marked_by_id",
    body="row.override_reason",
)


def register() -> None:
    timeline.register("judgements", JUDGEMENTS, judgement, rank=12, groups={Group.CHANGES})
    timeline.register("overrides", OVERRIDES, override, rank=22, groups={Group.CHANGES})


def judgement(row: Row) -> Entry:
    title = f"{row.words}: {Answer(row.kind).label}"
    return timeline.entry(row, kind="JUDGED", group=Group.CHANGES, title=title, icon="list-checks")


def override(row: Row) -> Entry:
    title = _("Marked sales-ready without what was missing")
    return timeline.entry(row, kind="OVERRIDE", group=Group.CHANGES, title=title, icon="shield-alert")
