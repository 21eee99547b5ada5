"""A believable crowd of leads, made in SQL: the same for the same size and day.

Every choice is a hash of the row's number, so that nothing depends on the order in which rows are made. Foreign keys and triggers
sleep while it is written; the dashboard's counts are recounted afterwards, as after a restore.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from benchmarks import crowd_handoffs
from dashboard import counts
from smarketing.accounts.models import Team, User
from smarketing.demo import cast

FIRST = "Noor Jonas Aisha Luc Ana Pieter Eva Tom Sanne Daan Mila Finn Lotte Sem Julia Bram Emma Lars Sara Thijs Fleur Ruben Zoë Max Iris Jan".split()
LAST = "de-Wit Peeters Benali Maes Silva van-den-Broek Smit Jansen Kowalski Müller Dubois Rossi Novak Bakker Visser Meijer Mulder Bos Vos Peters".split()
TRADES = "Logistics Foods Systems Metals Textiles Energy Media Farms Tools Labs Marine Optics Paper Plastics Care Robotics".split()
INDUSTRIES = ["Logistics", "Software", "Manufacturing", "Retail", "Health", "Energy"]
COUNTRIES = ["NL", "BE", "DE", "LU", "FR"]
SOURCES = "organic_search paid_search webinar referral social email trade_fair direct display partner events other".split()
REPS, MARKETERS, CAMPAIGNS, DAYS = 60, 20, 60, 730

PREPARE = """
CREATE OR REPLACE FUNCTION pg_temp.dice(i bigint, salt int) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (hashint8extended(i, salt) & 4503599627370495)::float8 / 4503599627370496.0 $$;
CREATE OR REPLACE FUNCTION pg_temp.pick(choices text[], i bigint, salt int) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT choices[1 + floor(pg_temp.dice(i, salt) * array_length(choices, 1))::int] $$;
"""

PEOPLE = """
INSERT INTO accounts_team (id, name, kind) VALUES (1, 'Marketing', 'MARKETING'), (2, 'Sales', 'SALES');
INSERT INTO accounts_user (id, email, first_name, last_name, password, role, team_id, is_active, is_superuser, date_joined, language, theme, density, single_keys)
SELECT i, CASE WHEN i <= %(reps)s THEN 'rep' ELSE 'marketer' END || i || '@bench.example', pg_temp.pick(%(first)s, i, 1), pg_temp.pick(%(last)s, i, 2), '!',
       'MEMBER', CASE WHEN i <= %(reps)s THEN 2 ELSE 1 END, true, false, now(), 'en', 'auto', 'comfortable', true
FROM generate_series(1, %(reps)s + %(marketers)s) i;
INSERT INTO accounts_user (id, email, first_name, last_name, password, role, is_active, is_superuser, date_joined, language, theme, density, single_keys)
VALUES (1000, 'manager@bench.example', 'Mia', 'Manager', '!', 'MANAGER', true, false, now(), 'en', 'auto', 'comfortable', true);
INSERT INTO leads_source (id, key, name) SELECT n, k, initcap(replace(k, '_', ' ')) FROM unnest(%(sources)s) WITH ORDINALITY t(k, n);
INSERT INTO leads_campaign (id, name, source_id, spend) SELECT i, 'Campaign ' || i, 1 + i %% array_length(%(sources)s, 1), 1000 * i FROM generate_series(1, %(campaigns)s) i;
"""

CONTACTS = """
INSERT INTO leads_company (id, name, domain, size, industry, country, city)
SELECT i, pg_temp.pick(%(last)s, i, 3) || ' ' || pg_temp.pick(%(trades)s, i, 4) || ' ' || i, 'company' || i || '.example', 1 + (pg_temp.dice(i, 5) ^ 3 * 2000)::int,
       pg_temp.pick(%(industries)s, i, 6), pg_temp.pick(%(countries)s, i, 7), 'Utrecht'
FROM generate_series(1, greatest(%(leads)s / 4, 1)) i;
INSERT INTO leads_contact (id, first_name, last_name, email, phone, job_title, language, consent, company_id, company_name)
SELECT i, pg_temp.pick(%(first)s, i, 8), replace(pg_temp.pick(%(last)s, i, 9), '-', ' '), 'person' || i || '@company' || c.id || '.example',
       '+3120' || lpad((i %% 10000000)::text, 7, '0'), pg_temp.pick(ARRAY['Director', 'Buyer', 'Operations', 'Finance', 'Owner'], i, 10), 'nl', 'yes (form)', c.id, c.name
FROM generate_series(1, %(leads)s) i JOIN leads_company c ON c.id = 1 + i %% greatest(%(leads)s / 4, 1);
"""

# furthest: how far on the main line the lead came (0 NEW .. 6 CUSTOMER). Old leads are not left lying in sales.
LEADS = """
CREATE TEMP TABLE plan AS
SELECT i AS id, captured_at, furthest, at,
       CASE WHEN furthest = 6 THEN 'CUSTOMER'
            WHEN end_dice < CASE WHEN captured_at < %(as_of)s::timestamptz - interval '60 days' AND furthest BETWEEN 2 AND 5 THEN 1 ELSE 0.15 END
                THEN CASE WHEN furthest >= 4 AND end_dice < 0.5 THEN 'LOST' WHEN end_dice < 0.85 THEN 'DISQUALIFIED' ELSE 'RECYCLED' END
            ELSE (ARRAY['NEW', 'MQL', 'SQL', 'ACCEPTED', 'CONTACTED', 'OPPORTUNITY'])[furthest + 1] END AS stage
FROM (
    SELECT i, captured_at, pg_temp.dice(i, 12) AS end_dice,
           CASE WHEN d < 0.45 THEN 0 WHEN d < 0.70 THEN 1 WHEN d < 0.78 THEN 2 WHEN d < 0.83 THEN 3 WHEN d < 0.89 THEN 4 WHEN d < 0.93 THEN 5 ELSE 6 END AS furthest,
           ARRAY(SELECT least(captured_at + sum(pg_temp.dice(i, 20 + step)) OVER (ORDER BY step) * CASE WHEN step > 4 THEN interval '9 days' ELSE interval '1 day' END,
                              %(as_of)s::timestamptz - interval '1 minute' * (7 - step)) FROM generate_series(1, 6) step) AS at
    FROM (SELECT i, pg_temp.dice(i, 11) AS d,
                 %(as_of)s::timestamptz - interval '10 minutes' - (pg_temp.dice(i, 13) ^ 1.2) * interval '1 day' * %(days)s AS captured_at
          FROM generate_series(1, %(leads)s) i) roll
) story;

INSERT INTO leads_lead (id, contact_id, company_id, source_id, campaign_id, external_id, stage, captured_at, mql_at, sql_at, accepted_at, contacted_at,
                        opportunity_at, customer_at, closed_at, reason, marketer_id, owner_id, hot_at, next_step_at, next_step, facts, answers, version, created_at)
SELECT p.id, p.id, 1 + p.id %% greatest(%(leads)s / 4, 1), 1 + floor(pg_temp.dice(p.id, 14) ^ 2 * array_length(%(sources)s, 1))::int,
       CASE WHEN pg_temp.dice(p.id, 15) < 0.6 THEN 1 + floor(pg_temp.dice(p.id, 16) * %(campaigns)s)::int END, 'bench-' || p.id, p.stage, p.captured_at,
       CASE WHEN furthest >= 1 THEN at[1] END, CASE WHEN furthest >= 2 THEN at[2] END, CASE WHEN furthest >= 3 THEN at[3] END,
       CASE WHEN furthest >= 4 THEN at[4] END, CASE WHEN furthest >= 5 THEN at[5] END, CASE WHEN furthest >= 6 THEN at[6] END,
       CASE WHEN p.stage IN ('LOST', 'DISQUALIFIED') THEN greatest(at[greatest(furthest, 1)], p.captured_at) + interval '1 minute' END,
       CASE WHEN p.stage IN ('LOST', 'DISQUALIFIED', 'RECYCLED') THEN 'No budget' ELSE '' END,
       CASE WHEN furthest >= 1 THEN %(reps)s + 1 + p.id %% %(marketers)s END,
       CASE WHEN furthest >= 3 AND p.stage <> 'RECYCLED' THEN 1 + p.id %% %(reps)s END,
       CASE WHEN furthest >= 2 AND pg_temp.dice(p.id, 17) < 0.3 THEN at[2] END,
       CASE WHEN p.stage IN ('CONTACTED', 'OPPORTUNITY') AND pg_temp.dice(p.id, 18) < 0.7 THEN %(as_of)s::timestamptz + (pg_temp.dice(p.id, 19) * 20 - 5) * interval '1 day' END,
       CASE WHEN p.stage IN ('CONTACTED', 'OPPORTUNITY') AND pg_temp.dice(p.id, 18) < 0.7 THEN 'Call again' ELSE '' END,
       jsonb_build_object('site_visits', floor(pg_temp.dice(p.id, 30) * 12)::int, 'requested', CASE WHEN pg_temp.dice(p.id, 31) < 0.5 THEN '["price"]'::jsonb ELSE '["brochure"]'::jsonb END),
       CASE WHEN furthest >= 2 THEN '{"decider": "YES"}'::jsonb ELSE '{}'::jsonb END, 1, p.captured_at
FROM plan p;
"""

FACTS = """
INSERT INTO leads_stagechange (lead_id, from_stage, to_stage, changed_at, changed_by_id, reason, recorded_at)
SELECT id, '', 'NEW', captured_at, NULL::bigint, '', captured_at FROM plan
UNION ALL
SELECT p.id, (ARRAY['NEW', 'MQL', 'SQL', 'ACCEPTED', 'CONTACTED', 'OPPORTUNITY'])[step], (ARRAY['MQL', 'SQL', 'ACCEPTED', 'CONTACTED', 'OPPORTUNITY', 'CUSTOMER'])[step],
       at[step], CASE WHEN step > 2 THEN 1 + p.id %% %(reps)s ELSE %(reps)s + 1 + p.id %% %(marketers)s END, '', at[step]
FROM plan p, generate_series(1, 6) step WHERE step <= furthest
UNION ALL
SELECT p.id, (ARRAY['NEW', 'MQL', 'SQL', 'ACCEPTED', 'CONTACTED', 'OPPORTUNITY'])[furthest + 1], stage,
       greatest(at[greatest(furthest, 1)], captured_at) + interval '1 minute', NULL::bigint, 'No budget', captured_at
FROM plan p WHERE stage IN ('LOST', 'DISQUALIFIED', 'RECYCLED');
INSERT INTO leads_activity (lead_id, kind, occurred_at, actor_id, title, body, details, recorded_at)
SELECT id, 'FORM', captured_at, NULL::bigint, 'Price request', 'We are looking for a supplier for next year.', '{}'::jsonb, captured_at FROM plan
UNION ALL
SELECT id, 'VISIT', captured_at - interval '20 minutes', NULL::bigint, 'Prices', '', '{}'::jsonb, captured_at FROM plan;
INSERT INTO leads_opportunity (lead_id, amount, currency, opened_at, won_at, lost_at)
SELECT id, 500 + floor(pg_temp.dice(id, 40) * 40000), 'EUR', at[5], CASE WHEN furthest = 6 THEN at[6] END,
       CASE WHEN stage IN ('LOST', 'DISQUALIFIED') THEN at[5] + interval '1 minute' END
FROM plan WHERE furthest >= 5;
"""


def gather(leads: int, *, as_of: str) -> None:
    """`leads` leads with people, companies, facts and hand-offs stand in the database, as if they had come in over two years."""
    words = {
        "leads": leads, "as_of": as_of, "first": FIRST, "last": LAST, "trades": TRADES, "industries": INDUSTRIES, "countries": COUNTRIES,
        "sources": SOURCES, "reps": REPS, "marketers": MARKETERS, "campaigns": CAMPAIGNS, "days": DAYS,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(PREPARE)
        cursor.execute(PEOPLE, words)
        agree(as_of)
        cursor.execute(
            "SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'"
        )
        for step in (CONTACTS, LEADS, FACTS, *crowd_handoffs.STEPS):
            cursor.execute(step, words)
        cursor.execute("SET session_replication_role = origin")


class TeamLeads(NamedTuple):
    marketing_lead: User
    sales_lead: User


def agree(as_of: str) -> None:
    """Office hours, criteria and a signed agreement, in force since before the first lead."""
    at = datetime.fromisoformat(as_of) - timedelta(days=DAYS + 30)
    marketing, sales = Team.objects.get(pk=1), Team.objects.get(pk=2)
    leads = TeamLeads(
        User.objects.create(id=1001, email="marketing.lead@bench.example", team=marketing, role="TEAM_LEAD"),
        User.objects.create(id=1002, email="sales.lead@bench.example", team=sales, role="TEAM_LEAD"),
    )
    cast.agree_on_criteria(leads, at)
    cast.sign_the_agreement(leads, cast.open_the_office(at), at)


def settle() -> None:
    """Identity columns go on after the highest number, daily counts are counted, statistics and visibility maps are fresh."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE is_identity = 'YES' AND table_schema = 'public'"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), greatest((SELECT max({column}) FROM {table}), 1))"
            )
    counts.recount()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
