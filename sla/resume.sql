-- Pauses that have reached their end: one batch of clocks runs on (sla/sweeps.py). What `pausing.let_run_out` does for one,
-- for many; due and warning moments were computed when it was paused.
WITH taken AS MATERIALIZED (
    SELECT c.*
    FROM sla_clock c
    WHERE c.next_check_at < %(as_of)s AND c.state = 'PAUSED'
    ORDER BY c.next_check_at, c.id
    LIMIT %(size)s
    FOR UPDATE SKIP LOCKED
),
ended AS (
    UPDATE sla_pause p SET to_at = GREATEST(p.from_at, LEAST(p.until_at, t.resumes_at))
    FROM taken t
    WHERE p.clock_id = t.id AND p.to_at IS NULL
),
events AS (
    INSERT INTO sla_clockevent (clock_id, kind, step, happened_at, detected_at, note)
    SELECT id, 'RESUMED', (SELECT count(*) FROM sla_clockevent r WHERE r.clock_id = taken.id AND r.kind = 'RESUMED'),
           resumes_at, %(as_of)s, 'RAN_OUT'
    FROM taken
    ON CONFLICT (clock_id, kind, step) DO NOTHING
),
moved AS (
    UPDATE sla_clock c
    SET state = 'RUNNING', remaining_seconds = NULL, resumes_at = NULL,
        next_check_at = COALESCE((CASE WHEN t.warn_at IS NULL THEN '{}' ELSE t.warn_at || t.warn_later_at END)[t.warn_step + 1], t.due_at)
    FROM taken t
    WHERE c.id = t.id
)
SELECT count(*) FROM taken
