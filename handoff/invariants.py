"""What must always be true of hand-offs (reliability.md, I-2 and I-7)."""

from smarketing.invariants import register

register(
    "I-2",
    "A lead has at most one open hand-off",
    """
    SELECT lead_id, count(*) FROM handoff_handoff WHERE state IN ('SENT', 'ASKED', 'ACCEPTED', 'CONTACTED')
    GROUP BY lead_id HAVING count(*) > 1
    """,
)
register(
    "I-7",
    "The first attempt is the earliest one that was logged, whatever the order",
    """
    SELECT h.id, h.first_attempt_at, a.earliest FROM handoff_handoff h
    JOIN (SELECT handoff_id, min(occurred_at) AS earliest FROM handoff_contactattempt GROUP BY handoff_id) a
      ON a.handoff_id = h.id
    WHERE h.first_attempt_at IS DISTINCT FROM a.earliest
    """,
)
register(
    "I-H1",
    "State and moments of a hand-off agree",
    """
    SELECT id, state FROM handoff_handoff
    WHERE (state = 'ACCEPTED' AND accepted_at IS NULL) OR (state = 'CONTACTED' AND first_contact_at IS NULL)
       OR (state = 'RETURNED' AND returned_at IS NULL) OR (state = 'CLOSED' AND closed_at IS NULL)
    """,
)
