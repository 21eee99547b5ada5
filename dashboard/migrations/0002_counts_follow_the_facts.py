from django.db import migrations

# (column, expression) of what one lead adds on the day it was captured; `furthest` is 0 (new) .. 6 (customer).
COHORT = [
    ("cohort_captured", "1"),
    ("cohort_mql", "(furthest >= 1)::int"),
    ("cohort_sql", "(furthest >= 2)::int"),
    ("cohort_accepted", "(furthest >= 3)::int"),
    ("cohort_contacted", "(furthest >= 4)::int"),
    ("cohort_opportunity", "(furthest >= 5)::int"),
    ("cohort_customer", "(furthest = 6)::int"),
    ("cohort_moving", "(stage NOT IN ('CUSTOMER', 'DISQUALIFIED', 'LOST', 'RECYCLED'))::int"),
    ("cohort_recycled", "(stage = 'RECYCLED')::int"),
    ("cohort_disqualified", "(stage = 'DISQUALIFIED')::int"),
    ("cohort_lost", "(stage = 'LOST')::int"),
]
# (column, moment, condition) of what it adds on the day of each moment.
ENTERED = [
    ("entered_mql", "mql_at", "true"),
    ("entered_sql", "sql_at", "true"),
    ("entered_accepted", "accepted_at", "true"),
    ("entered_contacted", "contacted_at", "true"),
    ("entered_opportunity", "opportunity_at", "true"),
    ("entered_customer", "customer_at", "true"),
    ("entered_disqualified", "closed_at", "stage = 'DISQUALIFIED'"),
    ("entered_lost", "closed_at", "stage = 'LOST'"),
]
COUNTS = [name for name, _ in COHORT] + [name for name, _, _ in ENTERED]
MOMENTS = [
    "captured_at",
    "mql_at",
    "sql_at",
    "accepted_at",
    "contacted_at",
    "opportunity_at",
    "customer_at",
    "closed_at",
]

FURTHEST = """CASE WHEN customer_at IS NOT NULL THEN 6 WHEN opportunity_at IS NOT NULL THEN 5 WHEN contacted_at IS NOT NULL THEN 4
         WHEN accepted_at IS NOT NULL THEN 3 WHEN sql_at IS NOT NULL THEN 2 WHEN mql_at IS NOT NULL THEN 1 ELSE 0 END"""


def _entered_row(column: str, moment: str, condition: str) -> str:
    values = ", ".join("1" if name == column else "0" for name in COUNTS)
    return f"SELECT ({moment} AT TIME ZONE zone)::date, {values} WHERE {moment} IS NOT NULL AND {condition}"


_cohort_values = ", ".join([expression for _, expression in COHORT] + ["0"] * len(ENTERED))
_sums = ", ".join(f"sum(c.{name} * sign)" for name in COUNTS)
_any = " OR ".join(f"sum(c.{name} * sign) <> 0" for name in COUNTS)
_lead_arguments = ", ".join(f"l.{moment}" for moment in MOMENTS)

# One definition of what a lead adds to which day; the triggers and the recount both use it.
LEAD_COUNTS = f"""
CREATE FUNCTION dashboard_lead_counts(stage text, {", ".join(f"{moment} timestamptz" for moment in MOMENTS)}, zone text)
RETURNS TABLE (day date, {", ".join(f"{name} int" for name in COUNTS)}) LANGUAGE sql STABLE AS $$
    SELECT (captured_at AT TIME ZONE zone)::date, {_cohort_values} FROM (SELECT {FURTHEST} AS furthest) f
    UNION ALL {" UNION ALL ".join(_entered_row(*row) for row in ENTERED)}
$$;

CREATE FUNCTION dashboard_zone() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT COALESCE((SELECT time_zone FROM accounts_organisation WHERE id = 1), 'UTC')
$$;
"""

WRITE = f"""
    INSERT INTO dashboard_countdelta (day, source_id, campaign_id, {", ".join(COUNTS)}, cohort_amount, entered_amount)
    SELECT c.day, l.source_id, l.campaign_id, {_sums}, 0, 0
    FROM ({{rows}}) l, dashboard_lead_counts(l.stage, {_lead_arguments}, dashboard_zone()) c
    GROUP BY c.day, l.source_id, l.campaign_id HAVING {_any};
"""
_compared = ["stage", "source_id", "campaign_id", *MOMENTS]
_changed = f"({', '.join(f'o.{name}' for name in _compared)}) IS DISTINCT FROM ({', '.join(f'n.{name}' for name in _compared)})"
_columns = ", ".join(_compared)

LEAD_TRIGGERS = f"""
CREATE FUNCTION dashboard_count_new_leads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {WRITE.format(rows=f"SELECT 1 AS sign, {_columns} FROM new_rows")}
    RETURN NULL;
END $$;

CREATE FUNCTION dashboard_count_deleted_leads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {WRITE.format(rows=f"SELECT -1 AS sign, {_columns} FROM old_rows")}
    RETURN NULL;
END $$;

CREATE FUNCTION dashboard_count_changed_leads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM old_rows o JOIN new_rows n USING (id) WHERE {_changed}) THEN
        RETURN NULL;
    END IF;
    {
    WRITE.format(
        rows=f'''SELECT -1 AS sign, {", ".join(f"o.{name}" for name in _compared)} FROM old_rows o JOIN new_rows n USING (id) WHERE {_changed}
    UNION ALL SELECT 1, {", ".join(f"n.{name}" for name in _compared)} FROM old_rows o JOIN new_rows n USING (id) WHERE {_changed}'''
    )
}
    -- What was won moves along when a lead gets another source, campaign or day of capture.
    INSERT INTO dashboard_countdelta (day, source_id, campaign_id, cohort_amount, entered_amount)
    SELECT (moment AT TIME ZONE dashboard_zone())::date, source_id, campaign_id, sum(cohort), sum(entered)
    FROM (SELECT o.source_id AS old_source, o.campaign_id AS old_campaign, o.captured_at AS old_captured, n.source_id AS new_source,
                 n.campaign_id AS new_campaign, n.captured_at AS new_captured, w.amount, w.won_at
          FROM old_rows o JOIN new_rows n USING (id) JOIN leads_opportunity w ON w.lead_id = n.id
          WHERE w.won_at IS NOT NULL AND w.amount <> 0 AND w.currency = (SELECT currency FROM accounts_organisation WHERE id = 1)
            AND (o.source_id, o.campaign_id, o.captured_at) IS DISTINCT FROM (n.source_id, n.campaign_id, n.captured_at)) moved,
         LATERAL (VALUES (old_captured, old_source, old_campaign, -amount, 0::numeric), (new_captured, new_source, new_campaign, amount, 0),
                         (won_at, old_source, old_campaign, 0, -amount), (won_at, new_source, new_campaign, 0, amount))
             AS part (moment, source_id, campaign_id, cohort, entered)
    GROUP BY 1, 2, 3 HAVING sum(cohort) <> 0 OR sum(entered) <> 0;
    RETURN NULL;
END $$;

CREATE TRIGGER dashboard_counts_insert AFTER INSERT ON leads_lead REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dashboard_count_new_leads();
CREATE TRIGGER dashboard_counts_delete AFTER DELETE ON leads_lead REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dashboard_count_deleted_leads();
CREATE TRIGGER dashboard_counts_update AFTER UPDATE ON leads_lead REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dashboard_count_changed_leads();
"""

# FOR SHARE: a lead that somebody gives another source at this moment is waited for, so that the amount lands where the lead is.
AMOUNTS = """
    INSERT INTO dashboard_countdelta (day, source_id, campaign_id, cohort_amount, entered_amount)
    SELECT (moment AT TIME ZONE dashboard_zone())::date, source_id, campaign_id, sum(cohort), sum(entered)
    FROM (SELECT l.captured_at, l.source_id, l.campaign_id, w.won_at, w.amount * w.sign AS amount
          FROM ({rows}) w JOIN leads_lead l ON l.id = w.lead_id
          WHERE w.won_at IS NOT NULL AND w.amount <> 0 AND w.currency = (SELECT currency FROM accounts_organisation WHERE id = 1)
          FOR SHARE OF l) won,
         LATERAL (VALUES (captured_at, amount, 0::numeric), (won_at, 0, amount)) AS part (moment, cohort, entered)
    GROUP BY 1, 2, 3 HAVING sum(cohort) <> 0 OR sum(entered) <> 0;
"""
_won = "lead_id, won_at, amount, currency"
OPPORTUNITY_TRIGGERS = f"""
CREATE FUNCTION dashboard_count_opportunities() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {AMOUNTS.format(rows=f"SELECT 1 AS sign, {_won} FROM new_rows")}
    ELSIF TG_OP = 'DELETE' THEN
        {AMOUNTS.format(rows=f"SELECT -1 AS sign, {_won} FROM old_rows")}
    ELSE
        {AMOUNTS.format(rows=f"SELECT -1 AS sign, {_won} FROM old_rows UNION ALL SELECT 1, {_won} FROM new_rows")}
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER dashboard_amounts_insert AFTER INSERT ON leads_opportunity REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dashboard_count_opportunities();
CREATE TRIGGER dashboard_amounts_delete AFTER DELETE ON leads_opportunity REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dashboard_count_opportunities();
CREATE TRIGGER dashboard_amounts_update AFTER UPDATE ON leads_opportunity REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dashboard_count_opportunities();
"""

UNDO = f"""
DROP TRIGGER dashboard_counts_insert ON leads_lead;
DROP TRIGGER dashboard_counts_delete ON leads_lead;
DROP TRIGGER dashboard_counts_update ON leads_lead;
DROP TRIGGER dashboard_amounts_insert ON leads_opportunity;
DROP TRIGGER dashboard_amounts_delete ON leads_opportunity;
DROP TRIGGER dashboard_amounts_update ON leads_opportunity;
DROP FUNCTION dashboard_count_new_leads();
DROP FUNCTION dashboard_count_deleted_leads();
DROP FUNCTION dashboard_count_changed_leads();
DROP FUNCTION dashboard_count_opportunities();
DROP FUNCTION dashboard_lead_counts(text, {", ".join(["timestamptz"] * len(MOMENTS))}, text);
DROP FUNCTION dashboard_zone();
"""


class Migration(migrations.Migration):
    """Whatever changes leads (a click, an import, raw SQL), the daily counts change with it, in the same transaction."""

    dependencies = [("dashboard", "0001_initial"), ("leads", "0001_initial"), ("accounts", "0001_initial")]
    operations = [migrations.RunSQL(LEAD_COUNTS + LEAD_TRIGGERS + OPPORTUNITY_TRIGGERS, UNDO)]
