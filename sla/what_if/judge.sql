-- The hand-offs of some days, judged once more (sla/what_if/judging.py): what each is to each promise, as it was and under the
-- new text. What is missed then or now is listed; everything is counted. Instants are microseconds since 1970.
WITH sent (handoff_id, sent_at, source, hot, accepted_at, returned_at, attempt_at, conversation_at, closed_at, was_complete, is_complete)
    AS MATERIALIZED ({sent}),
clock (handoff_id, measure, outcome, started_at, stopped_at, paused_since, agreement_id, is_cancelled, stands_apart)
    AS MATERIALIZED ({clocks}),
-- What is promised about time, and what is not: `hot` is empty where it does not matter.
timed AS (
    SELECT * FROM jsonb_to_recordset(%(timed)s::jsonb)
        AS t (key text, measure text, hot boolean, side text, of_marketing boolean, target bigint, left_out text[])),
timetable AS (
    SELECT * FROM jsonb_to_recordset(%(timetables)s::jsonb) AS t (side text, opens bigint[], closes bigint[], worked bigint[])),
untimed AS (SELECT * FROM jsonb_to_recordset(%(untimed)s::jsonb) AS t (key text, kind text, left_out text[])),
-- Due moments after pauses, walked one by one.
walked AS (
    SELECT * FROM unnest(%(walked_handoffs)s::bigint[], %(walked_keys)s::text[], %(walked_measures)s::text[], %(walked_dues)s::timestamptz[])
        AS w (handoff_id, key, measure, due_at)),
-- What marketing owes began with a question or a return, so there it is asked only of clocks.
wanted AS (
    SELECT s.handoff_id, s.source, s.returned_at, s.closed_at, t.key, t.measure, t.side, t.of_marketing, t.target, t.left_out,
           COALESCE(c.outcome, '') AS was, COALESCE(c.stands_apart, false) AS stands_apart, COALESCE(c.is_cancelled, false) AS is_cancelled,
           COALESCE(c.started_at, s.sent_at) AS started_at, c.paused_since,
           -- When what is promised occurred. A clock knows best, unless the new text counts another contact.
           CASE WHEN c.stopped_at IS NOT NULL AND (t.measure <> 'FIRST_CONTACT' OR c.agreement_id = ANY (%(counted_alike)s)) THEN c.stopped_at
                WHEN t.measure = 'ANSWER' THEN LEAST(s.accepted_at, s.returned_at)
                WHEN t.measure = 'FIRST_CONTACT' AND (c.agreement_id = ANY (%(counted_alike)s)) IS NOT TRUE
                    THEN CASE %(contact_counts)s WHEN 'CONVERSATION' THEN s.conversation_at ELSE s.attempt_at END END AS occurred_at
    FROM sent s
    JOIN timed t ON COALESCE(t.hot, s.hot) = s.hot
    LEFT JOIN clock c ON c.handoff_id = s.handoff_id AND c.measure = t.measure
    WHERE c.handoff_id IS NOT NULL OR NOT t.of_marketing
),
instants AS (
    SELECT w.*, (extract(epoch FROM started_at) * 1000000)::bigint AS start,
           -- From when on nobody owed it any more.
           LEAST(%(at)s, CASE WHEN NOT of_marketing THEN COALESCE(returned_at, closed_at) END, paused_since) AS last_at
    FROM wanted w
),
dues AS (
    SELECT i.*, w.handoff_id IS NOT NULL AS is_walked, w.due_at AS walked_at, due
    FROM instants i
    LEFT JOIN walked w ON w.handoff_id = i.handoff_id AND w.key = i.key AND w.measure = i.measure
    JOIN timetable USING (side)
    {due}
),
verdicts AS MATERIALIZED (
    SELECT key, measure, handoff_id, was,
           CASE WHEN source = ANY (left_out) OR stands_apart OR due_at IS NULL THEN ''
                WHEN occurred_at IS NOT NULL THEN CASE WHEN GREATEST(occurred_at, started_at) <= due_at THEN 'KEPT' ELSE 'MISSED' END
                WHEN of_marketing AND is_cancelled THEN was
                WHEN due_at < last_at THEN 'MISSED' ELSE '' END AS becomes
    FROM dues
    CROSS JOIN LATERAL (
        SELECT CASE WHEN is_walked THEN walked_at ELSE timestamptz 'epoch' + due * interval '1 microsecond' END AS due_at) AS d
    UNION ALL
    SELECT key, '', handoff_id, was, CASE WHEN source = ANY (left_out) THEN '' ELSE becomes END
    FROM sent
    CROSS JOIN untimed
    CROSS JOIN LATERAL (
        SELECT CASE WHEN returned_at IS NOT NULL THEN 'MISSED' WHEN accepted_at IS NOT NULL THEN 'KEPT' ELSE '' END AS answer) AS a
    CROSS JOIN LATERAL (
        SELECT CASE kind WHEN 'SQL_QUALITY' THEN answer WHEN 'BRIEF_COMPLETE' THEN CASE WHEN was_complete THEN 'KEPT' ELSE 'MISSED' END END AS was,
               CASE kind WHEN 'SQL_QUALITY' THEN answer WHEN 'BRIEF_COMPLETE' THEN CASE WHEN is_complete THEN 'KEPT' ELSE 'MISSED' END END AS becomes) AS v
),
listed AS (
    INSERT INTO sla_whatifcase (what_if_id, term_key, measure, handoff_id, was, becomes)
    SELECT %(what_if)s, key, measure, handoff_id, was, becomes FROM verdicts WHERE 'MISSED' IN (was, becomes)
)
SELECT key, was || '>' || becomes, count(*) FROM verdicts GROUP BY 1, 2
UNION ALL SELECT '', 'sent', count(*) FROM sent
UNION ALL SELECT '', 'accepted', count(accepted_at) FROM sent
