"""The daily counts: adding up what the triggers wrote, and counting everything anew from the facts."""

from __future__ import annotations

from django.db import connection, transaction

from dashboard.models import AMOUNTS, COLUMNS

_ADDED = ", ".join(COLUMNS)
_SUMS = ", ".join(f"sum({column}) AS {column}" for column in COLUMNS)
_INCREASED = ", ".join(f"{column} = day_row.{column} + EXCLUDED.{column}" for column in COLUMNS)
_COUNTS = [column for column in COLUMNS if column not in AMOUNTS]

COMPACT = f"""
WITH taken AS (DELETE FROM dashboard_countdelta WHERE id IN (SELECT id FROM dashboard_countdelta ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING *),
by_source AS (
    INSERT INTO dashboard_sourceday AS day_row (day, source_id, {_ADDED})
    SELECT day, source_id, {_SUMS} FROM taken GROUP BY day, source_id ORDER BY day, source_id
    ON CONFLICT (day, source_id) DO UPDATE SET {_INCREASED}
),
by_campaign AS (
    INSERT INTO dashboard_campaignday AS day_row (day, source_id, campaign_id, {_ADDED})
    SELECT day, source_id, campaign_id, {_SUMS} FROM taken GROUP BY day, source_id, campaign_id ORDER BY day, source_id, campaign_id
    ON CONFLICT (day, source_id, campaign_id) DO UPDATE SET {_INCREASED}
)
SELECT count(*) FROM taken
"""

FROM_THE_FACTS = f"""
SELECT c.day, l.source_id, l.campaign_id, {", ".join(f"sum(c.{column})::int AS {column}" for column in _COUNTS)}, 0::numeric AS cohort_amount, 0::numeric AS entered_amount
FROM leads_lead l,
     dashboard_lead_counts(l.stage, l.captured_at, l.mql_at, l.sql_at, l.accepted_at, l.contacted_at, l.opportunity_at, l.customer_at, l.closed_at, dashboard_zone()) c
GROUP BY 1, 2, 3
UNION ALL
SELECT (moment AT TIME ZONE dashboard_zone())::date, l.source_id, l.campaign_id, {", ".join("0" for _ in _COUNTS)}, sum(cohort), sum(entered)
FROM leads_opportunity w JOIN leads_lead l ON l.id = w.lead_id,
     LATERAL (VALUES (l.captured_at, w.amount, 0::numeric), (w.won_at, 0, w.amount)) AS part (moment, cohort, entered)
WHERE w.won_at IS NOT NULL AND w.amount <> 0 AND w.currency = (SELECT currency FROM accounts_organisation WHERE id = 1)
GROUP BY 1, 2, 3
"""


@transaction.atomic
def compact(*, at_most: int = 50_000) -> int:
    """Up to `at_most` differences are added to the days and gone; returns how many. Safe beside itself and beside every click."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('dashboard.compact'))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(COMPACT, [at_most])
        return int(cursor.fetchone()[0])


@transaction.atomic
def recount() -> None:
    """The days hold what the facts say now. For a restore, or after the company's zone or currency changed; clicks wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE leads_lead, leads_opportunity IN SHARE MODE")
        cursor.execute("TRUNCATE dashboard_countdelta, dashboard_sourceday, dashboard_campaignday")
        cursor.execute(
            f"INSERT INTO dashboard_campaignday (day, source_id, campaign_id, {_ADDED}) "
            f"SELECT day, source_id, campaign_id, {_SUMS} FROM ({FROM_THE_FACTS}) fact GROUP BY 1, 2, 3"
        )
        cursor.execute(
            f"INSERT INTO dashboard_sourceday (day, source_id, {_ADDED}) SELECT day, source_id, {_SUMS} FROM dashboard_campaignday GROUP BY 1, 2"
        )


# Rows where the days and the facts disagree: must be empty. One snapshot, so it may run beside clicks.
DISAGREEMENTS = f"""
SELECT day, source_id, campaign_id FROM (
    SELECT day, source_id, campaign_id, {_ADDED} FROM dashboard_campaignday
    UNION ALL SELECT day, source_id, campaign_id, {_ADDED} FROM dashboard_countdelta
    UNION ALL SELECT day, source_id, campaign_id, {", ".join(f"-{column}" for column in COLUMNS)} FROM ({FROM_THE_FACTS}) fact
) difference
GROUP BY 1, 2, 3 HAVING {" OR ".join(f"sum({column}) <> 0" for column in COLUMNS)}
"""
SOURCE_DISAGREEMENTS = f"""
SELECT day, source_id FROM (
    SELECT day, source_id, {_ADDED} FROM dashboard_sourceday
    UNION ALL SELECT day, source_id, {", ".join(f"-{column}" for column in COLUMNS)} FROM dashboard_campaignday
) difference
GROUP BY 1, 2 HAVING {" OR ".join(f"sum({column}) <> 0" for column in COLUMNS)}
"""


def disagreements() -> list[tuple]:
    """Days on which the counts and the facts differ; empty is right."""
    with connection.cursor() as cursor:
        cursor.execute(DISAGREEMENTS)
        rows = cursor.fetchall()
        cursor.execute(SOURCE_DISAGREEMENTS)
        return rows + cursor.fetchall()
