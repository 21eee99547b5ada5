"""SQL: the change that was planned. Existing leads first, so that a lead that ends makes room for the person's next one."""

from __future__ import annotations

from leads.imports.planning import LINE

_MOMENTS = list(LINE.values())

# The names of sequences are asked for in a sub-select: so they are looked up once for each statement, and not for each row.

# --- Companies, sources and campaigns, once per file ---

WRITE_COMPANIES = [
    """
    UPDATE leads_company c SET domain = n.domain, size = n.size, industry = n.industry, country = n.country, city = n.city
    FROM (SELECT DISTINCT ON (known_id) * FROM import_company WHERE changed ORDER BY known_id) n WHERE c.id = n.known_id
    """,
    "UPDATE import_company SET id = nextval((SELECT pg_get_serial_sequence('leads_company', 'id'))) WHERE known_id IS NULL",
    """
    INSERT INTO leads_company (id, name, domain, size, industry, country, city)
    SELECT id, name, domain, size, industry, country, city FROM import_company WHERE known_id IS NULL ORDER BY company_no
    """,
    """
    UPDATE leads_stagedcompany s SET company_id = n.id, changed = n.changed FROM import_company n
    WHERE s.batch_id = %(batch)s AND s.company_no = n.company_no
    """,
]

# What an earlier try of this batch has written is read back, so that "changed" stays true for the rows that are still to come.
COMPANIES_WRITTEN = """
CREATE TEMP TABLE import_company AS
SELECT s.company_no, s.company_id AS id, c.name, s.changed
FROM leads_stagedcompany s JOIN leads_company c ON c.id = s.company_id WHERE s.batch_id = %(batch)s
"""

# --- Contacts ---

_CONTACT = [
    "first_name",
    "last_name",
    "email",
    "phone",
    "job_title",
    "language",
    "consent",
    "company_id",
    "company_name",
    "do_not_contact_at",
]

WRITE_CONTACTS = [
    f"""
    UPDATE leads_contact c SET {", ".join(f"{name} = n.{name}" for name in _CONTACT)}
    FROM import_contact n WHERE n.person > 0 AND c.id = n.person AND cardinality(n.fields) > 0
    """,
    """
    CREATE TEMP TABLE import_new_contact ON COMMIT DROP AS
    SELECT person, nextval((SELECT pg_get_serial_sequence('leads_contact', 'id'))) AS id
    FROM (SELECT person FROM import_contact WHERE person < 0 ORDER BY row_no) n
    """,
    f"""
    INSERT INTO leads_contact (id, {", ".join(_CONTACT)})
    SELECT i.id, {", ".join(f"n.{name}" for name in _CONTACT)}
    FROM import_contact n JOIN import_new_contact i ON i.person = n.person ORDER BY i.id
    """,
]

# --- Leads ---

_LEAD = [
    "external_id",
    "source_id",
    "campaign_id",
    "marketer_id",
    "owner_id",
    "company_id",
    "reason",
    *(f"will_{moment}" for moment in _MOMENTS[1:]),
    "will_closed_at",
    "will_stage",
]
_CHANGED = "(n.moves OR n.dated OR cardinality(n.fields) > 0 OR n.learned IS NOT NULL)"
_ENDED = "n.will_stage IN ('CUSTOMER', 'LOST', 'DISQUALIFIED')"

WRITE_LEADS = [
    f"""
    UPDATE leads_lead l SET {", ".join(f"{name.removeprefix('will_')} = n.{name}" for name in _LEAD)},
        facts = l.facts || COALESCE(n.learned, '{{}}'), version = l.version + 1,
        next_step = CASE WHEN n.moves AND {_ENDED} THEN '' ELSE l.next_step END,
        next_step_at = CASE WHEN n.moves AND {_ENDED} THEN NULL ELSE l.next_step_at END
    FROM import_lead n WHERE l.id = n.known_id AND {_CHANGED}
    """,
    """
    CREATE TEMP TABLE import_lead_id ON COMMIT DROP AS
    SELECT lead, COALESCE(known_id, nextval((SELECT pg_get_serial_sequence('leads_lead', 'id')))) AS id
    FROM (SELECT lead, known_id FROM import_lead ORDER BY row_no) n
    """,
    f"""
    INSERT INTO leads_lead (id, contact_id, {", ".join(name.removeprefix("will_") for name in _LEAD)}, captured_at,
        facts, answers, version, next_step, last_activity_at, created_at)
    SELECT i.id, COALESCE(c.id, n.person), {", ".join(f"n.{name}" for name in _LEAD)}, n.will_captured_at,
        COALESCE(n.learned, '{{}}'), '{{}}', 1, '', n.will_captured_at, %(at)s
    FROM import_lead n JOIN import_lead_id i ON i.lead = n.lead LEFT JOIN import_new_contact c ON c.person = n.person
    WHERE n.known_id IS NULL ORDER BY i.id
    """,
]

# --- Facts ---

_STEPS = ", ".join(
    f"({rank}, '{stage}', {'CASE WHEN n.known_id IS NOT NULL THEN n.will_captured_at END' if rank == 1 else f'n.old_{moment}'}, n.will_{moment})"
    for rank, (stage, moment) in enumerate(LINE.items(), start=1)
)

WRITE_FACTS = [
    # New leads that only were captured are nearly all of them: no history to work out.
    """
    INSERT INTO leads_stagechange (lead_id, from_stage, to_stage, changed_at, changed_by_id, reason)
    SELECT i.id, '', 'NEW', n.will_captured_at, %(by)s::bigint, ''
    FROM import_lead n JOIN import_lead_id i ON i.lead = n.lead WHERE n.known_id IS NULL AND n.will_stage = 'NEW' ORDER BY i.id
    """,
    f"""
    INSERT INTO leads_stagechange (lead_id, from_stage, to_stage, changed_at, changed_by_id, reason)
    SELECT id, from_stage, to_stage, changed_at, %(by)s::bigint, reason FROM (
        SELECT i.id, s.rank,
               CASE WHEN n.old_stage = 'RECYCLED' AND s.rank > n.old_reached THEN
                        CASE WHEN lag(s.old) OVER line IS NOT NULL THEN 'RECYCLED' ELSE lag(s.stage) OVER line END
                    ELSE COALESCE(lag(s.stage) OVER line, '') END AS from_stage,
               s.stage AS to_stage, s.will AS changed_at, '' AS reason, s.old IS NULL AS is_new
        FROM import_lead n JOIN import_lead_id i ON i.lead = n.lead
        CROSS JOIN LATERAL (VALUES {_STEPS}) s (rank, stage, old, will)
        WHERE s.will IS NOT NULL AND (n.moves OR n.dated) AND NOT (n.known_id IS NULL AND n.will_stage = 'NEW')
        WINDOW line AS (PARTITION BY i.id ORDER BY s.rank)
        UNION ALL
        SELECT i.id, 99, COALESCE(CASE WHEN n.old_stage = 'RECYCLED' THEN 'RECYCLED' END,
                   (SELECT s.stage FROM (VALUES {_STEPS}) s (rank, stage, old, will) WHERE s.will IS NOT NULL ORDER BY s.rank DESC LIMIT 1)),
               n.will_stage, COALESCE(n.will_closed_at, GREATEST({", ".join(f"n.will_{moment}" for moment in _MOMENTS if moment != "customer_at")}, CASE WHEN n.known_id IS NOT NULL THEN %(at)s END)),
               n.reason, true
        FROM import_lead n JOIN import_lead_id i ON i.lead = n.lead
        WHERE n.moves AND n.will_stage IN ('LOST', 'DISQUALIFIED', 'RECYCLED')
    ) moved WHERE is_new ORDER BY id, rank
    """,
    """
    INSERT INTO leads_leadfact (lead_id, key, value, origin, known_at, known_by_id)
    SELECT i.id, f.key, f.value, %(origin)s, %(at)s, %(by)s::bigint
    FROM import_lead n JOIN import_lead_id i ON i.lead = n.lead CROSS JOIN LATERAL jsonb_each(n.learned) f
    WHERE n.learned IS NOT NULL ORDER BY i.id
    """,
    """
    INSERT INTO leads_activity (lead_id, kind, occurred_at, actor_id, title, body, details)
    SELECT i.id, n.kind, COALESCE(n.captured_at, %(at)s), CASE n.kind WHEN 'NOTE' THEN %(by)s::bigint END, '', n.body, '{}'
    FROM import_note n JOIN import_lead_id i ON i.lead = n.lead ORDER BY i.id, n.row_no
    """,
    """
    INSERT INTO leads_activity (lead_id, kind, occurred_at, actor_id, title, body, details)
    SELECT n.known_id, 'EDIT', %(at)s, %(by)s::bigint, '', '',
           jsonb_build_object('fields', to_jsonb(array(SELECT DISTINCT unnest(n.fields || c.fields) ORDER BY 1)), 'origin', %(origin)s)
    FROM import_lead n JOIN import_contact c ON c.person = n.person
    WHERE n.known_id IS NOT NULL AND cardinality(n.fields) + COALESCE(cardinality(c.fields), 0) > 0 ORDER BY n.known_id
    """,
    """
    INSERT INTO leads_opportunity (lead_id, amount, currency, opened_at, won_at, lost_at)
    SELECT i.id, n.amount, COALESCE(n.currency, %(currency)s), COALESCE(n.will_opportunity_at, n.will_customer_at),
           n.will_customer_at, n.will_closed_at
    FROM import_lead n JOIN import_lead_id i ON i.lead = n.lead
    WHERE n.opportunity_id IS NULL AND n.opportunity_changed ORDER BY i.id
    """,
    """
    UPDATE leads_opportunity o SET amount = COALESCE(n.amount, o.amount), currency = COALESCE(n.currency, o.currency),
        won_at = COALESCE(o.won_at, n.will_customer_at), lost_at = COALESCE(o.lost_at, n.will_closed_at)
    FROM import_lead n WHERE o.id = n.opportunity_id AND n.opportunity_changed
    """,
]

WRITE_OUTCOMES = """
INSERT INTO leads_importrow (batch_id, row_no, outcome, lead_id, problem, warnings, fingerprint)
SELECT %(batch)s, o.row_no, o.outcome, COALESCE(o.told_lead_id, i.id), o.problem, o.warnings, o.fingerprint
FROM import_outcome o LEFT JOIN import_lead_id i ON i.lead = o.lead ORDER BY o.row_no
"""

STEPS = [*WRITE_CONTACTS, *WRITE_LEADS, *WRITE_FACTS, WRITE_OUTCOMES]
