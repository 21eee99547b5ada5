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
    JOIN (SELECT handoff_id, min(occurred_at) AS earliest FROM handoff_contactattempt c
          WHERE NOT EXISTS (SELECT FROM handoff_attempttakenback b WHERE b.attempt_id = c.id) GROUP BY handoff_id) a
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
register(
    "I-R1",
    "A hand-off is returned exactly when its latest return was not upheld",
    """
    SELECT h.id, h.state, r.state FROM handoff_handoff h
    LEFT JOIN LATERAL (SELECT state FROM handoff_return WHERE handoff_id = h.id ORDER BY id DESC LIMIT 1) r ON true
    WHERE (h.state = 'RETURNED') <> (r.state IS NOT NULL AND r.state <> 'UPHELD')
      AND (h.state = 'RETURNED' OR r.state IS NOT NULL)
    """,
)
register(
    "I-R2",
    "A return that waits for somebody belongs to a lead that is sales-ready and not with sales",
    """
    SELECT r.id, l.stage FROM handoff_return r
    JOIN handoff_handoff h ON h.id = r.handoff_id JOIN leads_lead l ON l.id = h.lead_id
    WHERE r.state IN ('OPEN', 'CONTESTED', 'REJECTED')
      AND (l.stage <> 'SQL' OR EXISTS (SELECT 1 FROM handoff_handoff o
           WHERE o.lead_id = l.id AND o.state IN ('SENT', 'ASKED', 'ACCEPTED', 'CONTACTED')))
    """,
)
register(
    "I-R3",
    "A contest is decided exactly when the newest word of both sides is the same",
    """
    SELECT r.id, r.state FROM handoff_return r
    LEFT JOIN LATERAL (
        SELECT count(*) AS sides, bool_and(upheld) AS all_upheld, bool_or(upheld) AS any_upheld FROM (
            SELECT DISTINCT ON (side) side, upheld FROM handoff_contestdecision WHERE returned_id = r.id ORDER BY side, id DESC) newest
    ) said ON true
    WHERE (r.state = 'CONTESTED' AND said.sides = 2 AND said.all_upheld = said.any_upheld)
       OR (r.state = 'UPHELD' AND (said.sides < 2 OR NOT said.all_upheld))
       OR (r.state = 'REJECTED' AND (said.sides < 2 OR said.any_upheld))
    """,
)
register(
    "I-B1",
    "A demanded item of a brief has a text or a reason why it was sent without",
    "SELECT id, handoff_id FROM handoff_briefitem WHERE required AND text = '' AND waived_reason = ''",
)
register(
    "I-B2",
    "No draft of a brief outlives the hand-off that it became",
    """
    SELECT d.id, h.id FROM handoff_briefdraft d
    JOIN handoff_handoff h ON h.lead_id = d.lead_id AND h.sent_at >= d.kept_at
    """,
)
register(
    "I-C1",
    "Claims are checked only after a contact that reached the lead",
    """
    SELECT c.id, c.handoff_id FROM handoff_claimcheck c
    WHERE NOT EXISTS (SELECT FROM handoff_contactattempt a WHERE a.handoff_id = c.handoff_id AND a.result IN ('SPOKE', 'CALL_BACK'))
    """,
)
register(
    "I-2b",
    "Somebody looks at one hand-off of the pool at most",
    "SELECT reserved_by_id, count(*) FROM handoff_handoff WHERE reserved_by_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1",
)
register(
    "I-2c",
    "Nobody looks at a hand-off that is claimed or answered",
    """
    SELECT id FROM handoff_handoff
    WHERE reserved_by_id IS NOT NULL AND (receiver_id IS NOT NULL OR state NOT IN ('SENT', 'ASKED'))
    """,
)
register(
    "I-H2",
    "Credits of shares are neither made nor lost",
    "SELECT rules_id, sum(credit) FROM handoff_routingtally GROUP BY rules_id HAVING sum(credit) <> 0",
)
register(
    "I-H3",
    "Whoever was routed to stood first among those who were considered",
    """
    SELECT d.id FROM handoff_routingdecision d
    JOIN handoff_handoffevent e ON e.handoff_id = d.handoff_id AND e.kind = 'SENT'
    WHERE d.way = 'ROUTED' AND e.receiver_id IS DISTINCT FROM
          (SELECT (c ->> 'id')::bigint FROM jsonb_array_elements(d.candidates) c WHERE (c ->> 'place')::int = 1)
    """,
)
register(
    "I-H4",
    "An invitation was sent or is to be sent, or an administrator can see that it failed",
    """
    SELECT id FROM handoff_invitation
    WHERE sent_at IS NULL AND quarantined_at IS NULL AND next_attempt_at < %(as_of)s::timestamptz - interval '15 minutes'
    """,
)
