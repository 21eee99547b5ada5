"""The crowd's hand-offs, briefs and clocks: each lead that was once sales-ready has what belongs to its stage."""

from __future__ import annotations

# at[2] is when the lead became sales-ready, at[3] accepted, at[4] contacted, at[6] customer; a promise is kept in five of six cases.
HANDOFFS = """
INSERT INTO handoff_handoff (id, lead_id, cycle, state, hot, rules_id, sender_id, sent_at, receiving_team_id, receiver_id, received_at, routed_because, question, reply_text,
                             accepted_at, returned_at, return_reason, return_note, first_attempt_at, first_conversation_at, first_contact_at, attempts, closed_at, outcome)
SELECT p.id, p.id, 1,
       CASE WHEN p.stage = 'SQL' THEN 'SENT' WHEN p.stage = 'ACCEPTED' THEN 'ACCEPTED' WHEN p.stage IN ('CONTACTED', 'OPPORTUNITY') THEN 'CONTACTED'
            WHEN furthest = 2 THEN 'RETURNED' ELSE 'CLOSED' END,
       pg_temp.dice(p.id, 17) < 0.3, (SELECT id FROM handoff_handoffrules ORDER BY in_force_at DESC LIMIT 1), %(reps)s + 1 + p.id %% %(marketers)s, at[2], 2,
       CASE WHEN p.stage <> 'SQL' OR pg_temp.dice(p.id, 50) > 0.1 THEN 1 + p.id %% %(reps)s END, at[2], 'Least open load', '', '',
       CASE WHEN furthest >= 3 THEN at[3] END, CASE WHEN furthest = 2 AND p.stage <> 'SQL' THEN at[2] + interval '40 minutes' END,
       CASE WHEN furthest = 2 AND p.stage <> 'SQL' THEN 'OUTSIDE_DEFINITION' ELSE '' END, '',
       CASE WHEN furthest >= 4 THEN at[4] END, CASE WHEN furthest >= 4 THEN at[4] END, CASE WHEN furthest >= 4 THEN at[4] END, (furthest >= 4)::int,
       CASE WHEN p.stage IN ('CUSTOMER', 'LOST', 'DISQUALIFIED', 'RECYCLED') AND furthest >= 3 THEN at[furthest] + interval '1 minute' END,
       CASE WHEN furthest < 3 THEN CASE WHEN p.stage = 'SQL' THEN '' ELSE 'RETURNED' END WHEN p.stage = 'CUSTOMER' THEN 'WON'
            WHEN p.stage IN ('LOST', 'DISQUALIFIED', 'RECYCLED') THEN p.stage ELSE '' END
FROM plan p WHERE furthest >= 2 AND (p.stage <> 'SQL' OR pg_temp.dice(p.id, 51) < 0.8);
INSERT INTO handoff_briefitem (handoff_id, key, label, text, required, waived_reason, position, recorded_at)
SELECT id, key, label, text, true, '', position, sent_at FROM handoff_handoff,
       (VALUES ('why_now', 'Why now', 'Asked for a price for next year after the webinar.', 1), ('wants', 'What they want', 'Lower cost before the second quarter.', 2))
           AS item (key, label, text, position);
INSERT INTO handoff_handoffevent (handoff_id, kind, happened_at, actor_id, receiver_id, note, recorded_at)
SELECT id, 'SENT', sent_at, sender_id, receiver_id, '', sent_at FROM handoff_handoff
UNION ALL SELECT id, 'ACCEPTED', accepted_at, receiver_id, receiver_id, '', accepted_at FROM handoff_handoff WHERE accepted_at IS NOT NULL
UNION ALL SELECT id, 'RETURNED', returned_at, receiver_id, receiver_id, '', returned_at FROM handoff_handoff WHERE returned_at IS NOT NULL;
INSERT INTO handoff_return (handoff_id, state, returned_at, returned_by_id, reason, note, state_before, settled_at, settlement, contest_words)
SELECT id, 'RECYCLED', returned_at, coalesce(receiver_id, 1), return_reason, '', 'SENT', returned_at, 'RECYCLED', '' FROM handoff_handoff WHERE state = 'RETURNED';
INSERT INTO handoff_contactattempt (handoff_id, channel, result, occurred_at, made_by_id, note, recorded_at)
SELECT id, 'CALL', 'SPOKE', first_attempt_at, receiver_id, '', first_attempt_at FROM handoff_handoff WHERE first_attempt_at IS NOT NULL;
"""

CLOCKS = """
INSERT INTO sla_clock (handoff_id, measure, side, holder_id, team_id, agreement_id, term_id, calendar_version_id, state, target_seconds, warn_seconds, started_at, due_at, warn_at,
                       stopped_at, breached_at, breach_holder_id, ladder_at, ladder_step, next_check_at)
SELECT handoff_id, measure, 'SALES', receiver_id, 2, agreement_id, term_id, version_id, state, target, target / 4, sent_at, due_at, due_at - target * interval '0.25 second',
       CASE WHEN state = 'STOPPED' THEN stopped_at END, CASE WHEN late THEN due_at END, CASE WHEN late THEN receiver_id END, '{}', CASE WHEN late THEN 2 ELSE 0 END,
       CASE WHEN state = 'RUNNING' AND NOT late THEN due_at END
FROM (
    SELECT h.id AS handoff_id, t.measure, h.receiver_id, a.id AS agreement_id, term.id AS term_id, v.id AS version_id, term.target_seconds AS target, h.sent_at, due_at, stopped_at,
           CASE WHEN h.state = 'RETURNED' AND t.measure = 'FIRST_CONTACT' THEN 'CANCELLED' WHEN stopped_at IS NOT NULL THEN 'STOPPED'
                WHEN h.state IN ('CLOSED', 'RETURNED') THEN 'CANCELLED' ELSE 'RUNNING' END AS state,
           coalesce(stopped_at, CASE WHEN h.state IN ('CLOSED', 'RETURNED') THEN h.sent_at ELSE %(as_of)s::timestamptz END) > due_at AS late
    FROM handoff_handoff h
    CROSS JOIN (VALUES ('ANSWER'), ('FIRST_CONTACT')) t (measure)
    CROSS JOIN (SELECT id FROM sla_agreement WHERE state = 'IN_FORCE') a
    CROSS JOIN (SELECT id FROM sla_calendarversion ORDER BY id LIMIT 1) v
    JOIN sla_term term ON term.agreement_id = a.id
        AND term.kind = CASE WHEN t.measure = 'ANSWER' THEN 'ANSWER_HANDOFF' WHEN h.hot THEN 'FIRST_CONTACT_HOT' ELSE 'FIRST_CONTACT_OTHER' END
    CROSS JOIN LATERAL (SELECT CASE WHEN t.measure = 'ANSWER' THEN coalesce(h.accepted_at, h.returned_at) ELSE h.first_contact_at END AS stopped_at) s
    CROSS JOIN LATERAL (SELECT CASE WHEN pg_temp.dice(h.id, 60) < 0.83 THEN greatest(coalesce(stopped_at, h.sent_at) + interval '30 minutes', h.sent_at + interval '1 hour')
                                    ELSE h.sent_at + term.target_seconds * interval '1 second' END AS due_at) d
) made;
"""

STEPS = [HANDOFFS, CLOCKS]
