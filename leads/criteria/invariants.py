"""What must always be true of the criteria and of leads marked sales-ready."""

from leads.criteria import keeping
from smarketing.invariants import register

register(
    "I-C1",
    "A version in force was approved by two different people, one of each side, or came with a signed agreement",
    """
    SELECT s.id, s.version FROM leads_criteriaset s
    WHERE s.state IN ('IN_FORCE', 'SUPERSEDED') AND EXISTS (
        SELECT 1 FROM leads_approval a JOIN leads_approval b ON b.criteria_set_id = a.criteria_set_id AND b.side <> a.side
        WHERE a.criteria_set_id = s.id AND a.approved_by_id = b.approved_by_id)
    """,
)
register(
    "I-C2",
    "A lead's answer to a question of people is the newest judgement of it",
    """
    SELECT j.lead_id, j.key, j.answer, l.answers ->> j.key AS kept
    FROM (SELECT DISTINCT ON (lead_id, key) lead_id, key, answer FROM leads_judgement ORDER BY lead_id, key, id DESC) j
    JOIN leads_lead l ON l.id = j.lead_id
    WHERE l.answers ->> j.key IS DISTINCT FROM j.answer AND l.answers ->> j.key IS NOT NULL
    """,
)
register(
    "I-C3",
    "Who went on without what was agreed gave a reason and his name",
    """
    SELECT id FROM leads_qualification WHERE NOT sales_ready AND (override_reason = '' OR marked_by_id IS NULL)
    """,
)
register(
    "I-C4",
    "What is kept of a waiting lead is what its facts and the criteria in force give",
    keeping.disagreements,
)
