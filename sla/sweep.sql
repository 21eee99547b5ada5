-- One batch of the sweep (sla/sweeps.py): take, judge, record, tell, look again later. Everything is strict: at the due
-- moment itself a clock is still in time.
WITH taken AS MATERIALIZED (
    SELECT c.*
    FROM sla_clock c
    WHERE c.next_check_at < %(as_of)s AND c.state = 'RUNNING'
      AND c.id <> ALL (%(left_alone)s::bigint[])
      AND (%(only)s::bigint[] IS NULL OR c.id = ANY (%(only)s::bigint[]))
    ORDER BY c.next_check_at, c.id
    LIMIT %(size)s
    FOR UPDATE SKIP LOCKED
),
-- What each rung is called in each agreement; who stands in for whom; who hears of what nobody holds.
rungs AS (
    SELECT * FROM unnest(%(rung_agreements)s::bigint[], %(rung_steps)s::int[], %(rung_whos)s::text[]) AS r (agreement_id, step, who)
),
stand_ins AS (SELECT * FROM unnest(%(away)s::bigint[], %(stand_ins)s::bigint[]) AS s (person_id, user_id)),
seats AS (SELECT * FROM unnest(%(seat_agreements)s::bigint[], %(seats)s::bigint[]) AS s (agreement_id, user_id)),
-- What was promised may have occurred without anybody telling the clock: then it is settled, not flagged.
looked_at AS MATERIALIZED (
    SELECT t.*,
           CASE t.measure WHEN 'ANSWER' THEN COALESCE(h.accepted_at, h.returned_at, h.closed_at) IS NOT NULL
                          WHEN 'FIRST_CONTACT' THEN COALESCE(h.first_contact_at, h.returned_at, h.closed_at) IS NOT NULL
                          WHEN 'QUESTION' THEN h.state <> 'ASKED'
                          ELSE h.state <> 'RETURNED' END AS is_settled,
           CASE WHEN t.holder_id IS NULL THEN (SELECT s.user_id FROM seats s WHERE s.agreement_id = t.agreement_id)
                WHEN t.holder_id = ANY (%(present)s::bigint[]) THEN t.holder_id
                ELSE (SELECT s.user_id FROM stand_ins s WHERE s.person_id = t.holder_id) END AS hearer_id,
           -- Back to the pool is an act of its own (sla.climbing), which comes after this batch; here the ladder waits below it.
           (SELECT min(r.step) FROM rungs r WHERE r.agreement_id = t.agreement_id AND r.who = 'POOL' AND r.step > t.ladder_step
               AND t.side = 'SALES') AS pool_step,
           (SELECT r.who FROM rungs r WHERE r.agreement_id = t.agreement_id AND r.step = 1) AS first_who,
           100 * (SELECT count(*)::int FROM sla_clockevent l WHERE l.clock_id = t.id AND l.kind = 'LIFTED') AS base,
           COALESCE(t.due_at < %(as_of)s, false) AS is_late,
           CASE WHEN t.warn_at IS NULL THEN '{}' ELSE t.warn_at || t.warn_later_at END AS points,
           -- A breach is the holder's at the due moment, if he had it with the agreed minimum left; else the team's.
           -- (A subquery and not a join: however few rows the planner expects, it is one look into an index for each.)
           (SELECT CASE WHEN s.answers_for_breach THEN s.holder_id END FROM sla_segment s
            WHERE s.clock_id = t.id AND s.from_at <= t.due_at ORDER BY s.from_at DESC, s.id DESC LIMIT 1) AS answering_id
    FROM taken t JOIN handoff_handoff h ON h.id = t.handoff_id
),
-- Several moments that have passed make one message: what is late is not announced as due soon any more.
judged AS MATERIALIZED (
    SELECT l.*, passed,
           NOT is_settled AND NOT is_late AND passed > warn_step AS is_warned,
           NOT is_settled AND is_late AND breached_at IS NULL AS is_breached,
           CASE WHEN is_settled OR NOT is_late THEN ladder_step
                ELSE GREATEST(ladder_step, LEAST(climbed, COALESCE(pool_step - 1, climbed))) END AS new_step,
           NOT is_settled AND is_late AND ladder_at[pool_step] < %(as_of)s AS goes_to_pool
    FROM looked_at l
    CROSS JOIN LATERAL (
        SELECT GREATEST(
            (SELECT count(*) FROM unnest(ladder_at) AS rung_at WHERE rung_at < %(as_of)s),
            CASE WHEN hearer_id IS NULL AND first_who = 'TEAM_LEAD' THEN LEAST(1, cardinality(ladder_at)) ELSE 0 END  -- nobody to wait for
        )::int AS climbed) AS c
    CROSS JOIN LATERAL (SELECT count(*)::int AS passed FROM unnest(points) AS point WHERE point < %(as_of)s) AS p
),
events AS (
    INSERT INTO sla_clockevent (clock_id, kind, step, happened_at, detected_at, note)
    SELECT id, 'WARNED', (SELECT count(*) FROM sla_clockevent w WHERE w.clock_id = judged.id AND w.kind = 'WARNED'),
           points[passed], %(as_of)s, '' FROM judged WHERE is_warned
    UNION ALL
    SELECT id, 'BREACHED', (SELECT count(*) FROM sla_clockevent b WHERE b.clock_id = judged.id AND b.kind = 'BREACHED'),
           due_at, %(as_of)s, '' FROM judged WHERE is_breached
    UNION ALL
    SELECT id, 'ESCALATED', base + step, CASE WHEN ladder_at[step] < %(as_of)s THEN ladder_at[step] ELSE due_at END, %(as_of)s, ''
    FROM judged CROSS JOIN LATERAL generate_series(ladder_step + 1, new_step) AS step
    ON CONFLICT (clock_id, kind, step) DO NOTHING
    RETURNING id, clock_id, kind, step
),
people AS (
    SELECT * FROM unnest(%(whos)s::text[], %(teams)s::bigint[], %(people)s::bigint[]) AS p (who, team_id, user_id)
),
-- The holder hears first, or who stands in for him. Without anybody the team lead hears in his place, and once is enough.
told AS (
    SELECT e.id AS event_id, e.kind, j.id AS clock_id, j.handoff_id, j.hearer_id AS user_id
    FROM events e JOIN judged j ON j.id = e.clock_id
    LEFT JOIN rungs r ON e.kind = 'ESCALATED' AND r.agreement_id = j.agreement_id AND r.step = e.step - j.base
    WHERE j.hearer_id IS NOT NULL AND (e.kind <> 'ESCALATED' OR r.who = 'HOLDER')
    UNION
    SELECT e.id, e.kind, j.id, j.handoff_id, p.user_id
    FROM events e JOIN judged j ON j.id = e.clock_id
    LEFT JOIN rungs r ON e.kind = 'ESCALATED' AND r.agreement_id = j.agreement_id AND r.step = e.step - j.base
    JOIN people p ON p.team_id = j.team_id
    WHERE CASE WHEN e.kind <> 'ESCALATED' THEN p.who = 'TEAM_LEAD' AND j.hearer_id IS NULL
               WHEN r.who = 'HOLDER' THEN p.who = 'TEAM_LEAD' AND j.hearer_id IS NULL AND NOT j.is_breached
               ELSE p.who = r.who AND (r.who <> 'TEAM_LEAD' OR j.hearer_id IS NOT NULL OR NOT j.is_breached) END
),
notices AS (
    INSERT INTO sla_notice (kind, key, event_id, clock_id, handoff_id, text,
                            recipient_id, channel, created_at, sent_at, attempts, next_attempt_at, failure)
    SELECT told.kind, 'event:' || told.event_id, told.event_id, told.clock_id, told.handoff_id, '',
           told.user_id, channel, %(as_of)s,
           CASE channel WHEN 'IN_APP' THEN %(as_of)s END, 0, CASE channel WHEN 'MAIL' THEN %(as_of)s END, ''
    FROM told CROSS JOIN (VALUES ('IN_APP'), ('MAIL')) AS c (channel)
    WHERE channel <> 'MAIL' OR told.user_id <> ALL (%(no_mail)s::bigint[])
    ON CONFLICT (key, recipient_id, channel) DO NOTHING
),
posts AS (
    INSERT INTO sla_notice (kind, key, event_id, clock_id, handoff_id, text,
                            connection_id, channel, created_at, attempts, next_attempt_at, failure)
    SELECT e.kind, 'event:' || e.id, e.id, j.id, j.handoff_id, '', c.connection_id, 'POST', %(as_of)s, 0, %(as_of)s, ''
    FROM events e JOIN judged j ON j.id = e.clock_id
    JOIN unnest(%(connections)s::bigint[], %(connection_teams)s::bigint[]) AS c (connection_id, team_id)
      ON c.team_id IS NULL OR c.team_id = j.team_id
    ON CONFLICT (key, connection_id) DO NOTHING
),
moved AS (
    UPDATE sla_clock c
    SET warned_at = CASE WHEN j.is_warned THEN j.points[j.passed] ELSE c.warned_at END,
        warn_step = CASE WHEN j.is_warned THEN j.passed ELSE c.warn_step END,
        breached_at = CASE WHEN j.is_breached THEN j.due_at ELSE c.breached_at END,
        breach_holder_id = CASE WHEN j.is_breached THEN j.answering_id ELSE c.breach_holder_id END,
        ladder_step = j.new_step,
        next_check_at = CASE WHEN j.is_settled THEN c.next_check_at
                             WHEN j.is_late THEN j.ladder_at[j.new_step + 1]
                             ELSE COALESCE(j.points[GREATEST(j.passed, j.warn_step) + 1], j.due_at) END
    FROM judged j
    WHERE c.id = j.id
)
SELECT (SELECT count(*) FROM taken),
       (SELECT count(*) FROM events WHERE kind = 'WARNED'),
       (SELECT count(*) FROM events WHERE kind = 'BREACHED'),
       (SELECT count(*) FROM events WHERE kind = 'ESCALATED'),
       (SELECT array_agg(id) FROM judged WHERE is_settled),
       (SELECT array_agg(id) FROM judged WHERE goes_to_pool)
