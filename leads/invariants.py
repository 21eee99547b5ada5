"""What must always be true of leads (reliability.md, I-15)."""

from __future__ import annotations

from leads.criteria import invariants  # noqa: F401  (registers those of the criteria)
from leads.models import MAIN_LINE, MOMENT_OF
from smarketing.invariants import register

_FIRST = " UNION ALL ".join(
    f"SELECT id AS lead_id, '{stage}' AS stage, {MOMENT_OF[stage]} AS moment FROM leads_lead WHERE {MOMENT_OF[stage]} IS NOT NULL"
    for stage in MAIN_LINE[1:]
)

register(
    "I-15a",
    "A lead stands where its last move left it",
    """
    SELECT l.id, l.stage, last.to_stage FROM leads_lead l
    LEFT JOIN LATERAL (SELECT to_stage FROM leads_stagechange c WHERE c.lead_id = l.id ORDER BY c.id DESC LIMIT 1) last ON true
    WHERE last.to_stage IS DISTINCT FROM l.stage
    """,
)
register(
    "I-15b",
    "The moments of a lead are those of its moves",
    f"""
    SELECT said.lead_id, said.stage, said.moment FROM ({_FIRST}) said
    WHERE NOT EXISTS (SELECT FROM leads_stagechange c WHERE c.lead_id = said.lead_id AND c.to_stage = said.stage AND c.changed_at = said.moment)
    """,
)
