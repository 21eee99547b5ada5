"""SQL: what each row changes. Decides everything and writes nothing, so that the counts before the act are those of the act.

Leaves `import_contact` and `import_lead` (what they will be, and the names of the fields that change), `import_note`
(messages and notes that are not on the timeline yet), and `import_outcome` (one line per row of the set).
"""

from __future__ import annotations

from leads.imports.columns import MOMENTS

LINE = {  # the main line, with the column of each moment
    "NEW": "captured_at",
    "MQL": "mql_at",
    "SQL": "sql_at",
    "ACCEPTED": "accepted_at",
    "CONTACTED": "contacted_at",
    "OPPORTUNITY": "opportunity_at",
    "CUSTOMER": "customer_at",
}
_LINE = "ARRAY['" + "', '".join(LINE) + "']"
_MIDDLE = [column for stage, column in LINE.items() if stage not in ("NEW", "CUSTOMER")]

# --- Companies, once per file ---

PLAN_COMPANIES = """
CREATE TEMP TABLE import_company AS
WITH known AS (
    SELECT sc.*, COALESCE(by_domain.id, by_name.id) AS known_id
    FROM leads_stagedcompany sc
    LEFT JOIN leads_company by_domain ON lower(by_domain.domain) = sc.domain AND by_domain.domain <> ''
    LEFT JOIN LATERAL (
        SELECT c.id FROM leads_company c
        WHERE by_domain.id IS NULL AND lower(c.name) = lower(sc.name) AND (sc.domain IS NULL OR c.domain = '')
        ORDER BY c.id LIMIT 1
    ) by_name ON true
    WHERE sc.batch_id = %(batch)s
), folded AS (
    SELECT known_id, {folds} FROM known WHERE known_id IS NOT NULL GROUP BY known_id
)
SELECT k.company_no, k.known_id, COALESCE(k.known_id, -k.company_no::bigint) AS id,
       COALESCE(c.name, k.name, k.domain) AS name, COALESCE(NULLIF(c.domain, ''), f.domain, k.domain, '') AS domain,
       COALESCE(f.size, k.size, c.size) AS size, COALESCE(f.industry, k.industry, c.industry, '') AS industry,
       COALESCE(f.country, k.country, c.country, '') AS country, COALESCE(f.city, k.city, c.city, '') AS city,
       c.id IS NOT NULL AND (
           (c.domain = '' AND f.domain IS NOT NULL) OR f.size <> COALESCE(c.size, -1) OR f.industry <> c.industry
           OR f.country <> c.country OR f.city <> c.city
       ) IS TRUE AS changed
FROM known k LEFT JOIN folded f ON f.known_id = k.known_id LEFT JOIN leads_company c ON c.id = k.known_id
""".format(
    folds=", ".join(
        f"(array_agg({name} ORDER BY company_no DESC) FILTER (WHERE {name} IS NOT NULL))[1] AS {name}"
        for name in ("domain", "size", "industry", "country", "city")
    )
)

# --- Contacts ---

_CONTACT_TEXTS = ["first_name", "last_name", "phone", "job_title", "language", "consent"]


def _last(name: str, table: str = "s") -> str:
    return f"(array_agg({table}.{name} ORDER BY t.row_no DESC) FILTER (WHERE {table}.{name} IS NOT NULL))[1] AS {name}"


PLAN_CONTACTS = f"""
CREATE TEMP TABLE import_contact ON COMMIT DROP AS
WITH told AS (
    SELECT t.person, t.row_no, t.email, s.company_no, s.do_not_contact, {", ".join(f"s.{name}" for name in _CONTACT_TEXTS)}
    FROM import_target t JOIN import_staged s USING (row_no) WHERE t.rows_of_person = 1
    UNION ALL
    SELECT t.person, min(t.row_no), {_last("email", "t")}, {_last("company_no")}, bool_or(s.do_not_contact),
           {", ".join(_last(name) for name in _CONTACT_TEXTS)}
    FROM import_target t JOIN import_staged s USING (row_no) WHERE t.rows_of_person > 1 GROUP BY t.person
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY email ORDER BY person) AS wish FROM told
)
SELECT n.person, n.row_no,
       {", ".join(f"COALESCE(n.{name}, c.{name}, '') AS {name}" for name in _CONTACT_TEXTS)},
       COALESCE(CASE WHEN n.wish = 1 AND n.email IS DISTINCT FROM lower(c.email) THEN n.email END, c.email, '') AS email,
       COALESCE(co.id, c.company_id) AS company_id, COALESCE(co.name, c.company_name, '') AS company_name,
       COALESCE(c.do_not_contact_at, CASE WHEN n.do_not_contact THEN %(at)s END) AS do_not_contact_at,
       CASE WHEN c.id IS NOT NULL THEN array_remove(ARRAY[
           {", ".join(f"CASE WHEN n.{name} <> c.{name} THEN '{name}' END" for name in _CONTACT_TEXTS)},
           CASE WHEN n.wish = 1 AND n.email <> lower(c.email) THEN 'email' END,
           CASE WHEN co.id IS DISTINCT FROM c.company_id AND co.id IS NOT NULL THEN 'company' END,
           CASE WHEN n.do_not_contact AND c.do_not_contact_at IS NULL THEN 'do_not_contact_at' END
       ], NULL) END AS fields
FROM ranked n
LEFT JOIN leads_contact c ON c.id = n.person
LEFT JOIN import_company co ON co.company_no = n.company_no
"""

# --- Leads ---

_LATER = [moment for moment in MOMENTS if moment != "captured_at"]
_LEAD_LASTS = [
    "source",
    "campaign",
    "stage",
    "reason",
    "marketer_id",
    "owner_id",
    "amount",
    "currency",
    "company_no",
]

FOLD_LEADS = f"""
CREATE TEMP TABLE import_told ON COMMIT DROP AS
WITH facts_of AS (
    SELECT t.lead, jsonb_object_agg(f.key, f.value ORDER BY t.row_no) AS facts
    FROM import_target t JOIN import_staged s USING (row_no), jsonb_each(s.facts) f WHERE t.rows_of_lead > 1 GROUP BY t.lead
)
SELECT t.lead, t.person, t.row_no, s.external_id, s.facts, {", ".join(f"s.{name}" for name in [*_LEAD_LASTS, *MOMENTS])}
FROM import_target t JOIN import_staged s USING (row_no) WHERE t.rows_of_lead = 1
UNION ALL
SELECT t.lead, min(t.person), min(t.row_no),
       (array_agg(s.external_id ORDER BY t.row_no) FILTER (WHERE s.external_id IS NOT NULL))[1],
       (array_agg(o.facts))[1],
       {", ".join(_last(name) for name in _LEAD_LASTS)}, {", ".join(f"min(s.{name})" for name in MOMENTS)}
FROM import_target t JOIN import_staged s USING (row_no) LEFT JOIN facts_of o USING (lead) WHERE t.rows_of_lead > 1 GROUP BY t.lead
"""

# OFFSET 0 keeps PostgreSQL from writing an expression out, and working it out, wherever its column is named further out.

# Where the row says the lead stands, and how far along the main line it says it came. Customer beats lost: it is final.
_GOAL = f"""
    SELECT n.*, GREATEST(
               array_position({_LINE}, n.stage), {", ".join(f"CASE WHEN n.{moment} IS NOT NULL THEN array_position({_LINE}, '{stage}') END" for stage, moment in LINE.items())}
           , 1) AS reached,
           CASE WHEN n.customer_at IS NOT NULL OR n.stage = 'CUSTOMER' THEN 'CUSTOMER'
                WHEN n.stage IN ('LOST', 'DISQUALIFIED', 'RECYCLED') THEN n.stage
                WHEN n.lost_at IS NOT NULL THEN 'LOST'
                WHEN n.disqualified_at IS NOT NULL THEN 'DISQUALIFIED' END AS goal,
           GREATEST({", ".join(f"n.{moment}" for moment in _LATER)}) AS last_told
    FROM import_told n OFFSET 0
"""

_KNOWN = f"""
    SELECT g.*, e.id AS known_id, e.stage AS old_stage, e.external_id AS old_external_id, e.source_id AS old_source_id,
           e.campaign_id AS old_campaign_id, e.marketer_id AS old_marketer_id, e.owner_id AS old_owner_id,
           e.company_id AS old_company_id, e.facts AS old_facts, e.reason AS old_reason, e.closed_at AS old_closed_at,
           {", ".join(f"e.{moment} AS old_{moment}" for moment in LINE.values())},
           GREATEST({", ".join(f"CASE WHEN e.{moment} IS NOT NULL THEN {rank} END" for rank, moment in enumerate(LINE.values(), start=1))}) AS old_reached,
           COALESCE(e.captured_at, g.captured_at, LEAST({", ".join(f"g.{moment}" for moment in _LATER)}), %(at)s) AS will_captured_at,
           CASE
               WHEN e.id IS NULL THEN COALESCE(g.goal, ({_LINE})[g.reached])
               WHEN e.stage IN ('CUSTOMER', 'LOST', 'DISQUALIFIED') THEN e.stage
               WHEN g.goal IN ('CUSTOMER', 'LOST', 'DISQUALIFIED') THEN g.goal
               WHEN g.goal = 'RECYCLED' THEN CASE WHEN EXISTS (
                   SELECT FROM leads_stagechange r WHERE r.lead_id = e.id AND r.to_stage = 'RECYCLED') THEN e.stage ELSE 'RECYCLED' END
               WHEN g.reached > GREATEST({", ".join(f"CASE WHEN e.{moment} IS NOT NULL THEN {rank} END" for rank, moment in enumerate(LINE.values(), start=1))})
                   THEN ({_LINE})[g.reached]
               ELSE e.stage
           END AS will_stage
    FROM ({_GOAL}) g LEFT JOIN leads_lead e ON e.id = g.lead OFFSET 0
"""


def _moment(stage: str, column: str) -> str:
    """The first moment stays; a stage that is reached without a date is dated by the latest date of the row, else by its capture or the import."""
    fallback = "COALESCE(k.last_told, CASE WHEN k.known_id IS NULL THEN k.will_captured_at ELSE %(at)s END)"
    reached = f"k.will_stage = '{stage}' AND k.will_stage IS DISTINCT FROM k.old_stage"
    told = f"COALESCE(k.{column}, CASE WHEN {reached} THEN {fallback} END)"
    if stage == "CUSTOMER":
        told = f"CASE WHEN k.will_stage = 'CUSTOMER' THEN {told} END"
    return f"COALESCE(k.old_{column}, {told}) AS will_{column}"


_WILL = f"""
    SELECT k.*, {", ".join(_moment(stage, column) for stage, column in LINE.items() if stage != "NEW")},
           CASE WHEN k.will_stage IN ('LOST', 'DISQUALIFIED') THEN COALESCE(k.old_closed_at,
               CASE k.will_stage WHEN 'LOST' THEN k.lost_at ELSE k.disqualified_at END, k.lost_at, k.disqualified_at, k.last_told,
               CASE WHEN k.known_id IS NULL THEN k.will_captured_at ELSE %(at)s END) END AS will_closed_at,
           k.old_stage IS DISTINCT FROM k.will_stage AS moves,
           -- What a lead has no column for (yet) is kept as facts.
           COALESCE(k.facts, '{{}}')
               || CASE WHEN k.amount IS NOT NULL AND k.will_stage NOT IN ('OPPORTUNITY', 'CUSTOMER') AND k.opportunity_at IS NULL
                        AND k.old_opportunity_at IS NULL AND k.old_customer_at IS NULL
                  THEN jsonb_build_object('amount', k.amount) ELSE '{{}}' END
               || CASE WHEN k.reason IS NOT NULL AND k.reason IS DISTINCT FROM k.old_reason AND k.will_stage NOT IN ('LOST', 'DISQUALIFIED', 'RECYCLED')
                  THEN jsonb_build_object('reason', k.reason) ELSE '{{}}' END AS all_facts
    FROM ({_KNOWN}) k OFFSET 0
"""

_ORDER_BROKEN = " OR ".join(
    f"w.will_{later} < GREATEST({', '.join(f'w.will_{earlier}' for earlier in list(LINE.values())[: place + 1])})"
    for place, later in enumerate(list(LINE.values())[1:])
)

PLAN_LEADS = f"""
CREATE TEMP TABLE import_lead ON COMMIT DROP AS
SELECT w.lead, w.person, w.row_no, w.known_id, w.old_stage, w.will_stage, w.moves, w.old_reached,
       w.will_captured_at, {", ".join(f"w.old_{moment}, w.will_{moment}" for moment in list(LINE.values())[1:])},
       w.will_closed_at, w.captured_at,
       CASE WHEN w.will_stage IN ('LOST', 'DISQUALIFIED', 'RECYCLED')
            THEN CASE WHEN w.moves OR w.old_reason = '' THEN COALESCE(w.reason, w.old_reason, '') ELSE w.old_reason END
            ELSE COALESCE(w.old_reason, '') END AS reason,
       COALESCE(NULLIF(w.old_external_id, ''), w.external_id, '') AS external_id,
       COALESCE(w.old_source_id, src.id) AS source_id,
       COALESCE(w.old_campaign_id, cam.id) AS campaign_id,
       COALESCE(w.old_marketer_id, w.marketer_id) AS marketer_id,
       COALESCE(w.old_owner_id, w.owner_id) AS owner_id,
       COALESCE(co.id, w.old_company_id) AS company_id,
       learned.facts AS learned,
       o.id AS opportunity_id, w.amount, w.currency,
       COALESCE(co.changed, false) AS company_changed,
       COALESCE(CASE WHEN o.id IS NULL THEN COALESCE(w.will_opportunity_at, w.will_customer_at) IS NOT NULL
                 AND (w.known_id IS NULL OR w.amount IS NOT NULL OR COALESCE(w.old_opportunity_at, w.old_customer_at) IS NULL)
            ELSE w.amount <> COALESCE(o.amount, -1) OR w.currency <> o.currency
                 OR (w.moves AND w.will_stage IN ('CUSTOMER', 'LOST', 'DISQUALIFIED')) END, false) AS opportunity_changed,
       CASE WHEN w.known_id IS NOT NULL THEN array_remove(ARRAY[
           CASE WHEN w.old_external_id = '' AND w.external_id IS NOT NULL THEN 'external_id' END,
           CASE WHEN w.old_source_id IS NULL AND w.source IS NOT NULL THEN 'source' END,
           CASE WHEN w.old_campaign_id IS NULL AND w.campaign IS NOT NULL THEN 'campaign' END,
           CASE WHEN w.old_marketer_id IS NULL AND w.marketer_id IS NOT NULL THEN 'marketer' END,
           CASE WHEN w.old_owner_id IS NULL AND w.owner_id IS NOT NULL THEN 'rep' END,
           CASE WHEN co.id IS NOT NULL AND co.id IS DISTINCT FROM w.old_company_id THEN 'company' END,
           CASE WHEN NOT w.moves AND w.old_reason = '' AND w.reason <> '' AND w.will_stage IN ('LOST', 'DISQUALIFIED', 'RECYCLED')
                THEN 'reason' END
       ], NULL) END AS fields,
       w.known_id IS NOT NULL AND ({" OR ".join(f"w.old_{moment} IS DISTINCT FROM w.will_{moment}" for moment in list(LINE.values())[1:])}
           OR w.old_closed_at IS DISTINCT FROM w.will_closed_at) AS dated,
       (w.known_id IS NULL OR w.last_told IS NOT NULL) AND ({_ORDER_BROKEN}
           OR w.will_closed_at < GREATEST({", ".join(f"w.will_{moment}" for moment in LINE.values())})) IS TRUE AS contradicts,
       w.goal = 'CUSTOMER' AND (w.lost_at IS NOT NULL OR w.disqualified_at IS NOT NULL) AS won_and_lost,
       w.old_stage IN ('CUSTOMER', 'LOST', 'DISQUALIFIED') AND w.goal IN ('CUSTOMER', 'LOST', 'DISQUALIFIED')
           AND w.goal <> w.old_stage AS ended_otherwise,
       w.known_id IS NOT NULL AND w.owner_id <> w.old_owner_id AS rep_kept,
       w.known_id IS NOT NULL AND ({" OR ".join(f"w.{moment} <> w.old_{moment}" for moment in list(LINE.values())[1:])}) IS TRUE AS date_kept
FROM ({_WILL}) w
LEFT JOIN leads_source src ON src.key = w.source
LEFT JOIN leads_campaign cam ON cam.name = w.campaign
LEFT JOIN import_company co ON co.company_no = w.company_no
LEFT JOIN leads_opportunity o ON o.lead_id = w.known_id
LEFT JOIN LATERAL (
    SELECT CASE WHEN w.known_id IS NULL THEN NULLIF(w.all_facts, '{{}}')
           ELSE (SELECT jsonb_object_agg(f.key, f.value) FROM jsonb_each(w.all_facts) f
                 WHERE f.value IS DISTINCT FROM w.old_facts -> f.key) END AS facts
) learned ON true
"""

PLAN_NOTES = """
CREATE TEMP TABLE import_note ON COMMIT DROP AS
SELECT DISTINCT ON (t.lead, said.kind, said.body) t.lead, t.row_no, said.kind, said.body, s.captured_at
FROM import_target t JOIN import_staged s USING (row_no)
CROSS JOIN LATERAL (VALUES ('FORM', s.message), ('NOTE', s.note)) said (kind, body)
WHERE said.body IS NOT NULL AND NOT EXISTS (
    SELECT FROM leads_activity a WHERE a.lead_id = t.lead AND a.kind = said.kind AND a.body = said.body)
ORDER BY t.lead, said.kind, said.body, t.row_no
"""

_WARNINGS = {
    "dates_contradict": "t.place = 1 AND l.contradicts",
    "won_and_lost": "t.place = 1 AND l.won_and_lost",
    "ended_otherwise": "t.place = 1 AND l.ended_otherwise",
    "rep_kept": "t.place = 1 AND l.rep_kept",
    "date_kept": "t.place = 1 AND l.date_kept",
    "email_taken": "t.email_taken",
    "joined_open_lead": "t.external_id <> l.external_id",
}

_WARNED = " ".join(
    f"|| CASE WHEN {condition} THEN jsonb_build_array(jsonb_build_object('code', '{code}')) ELSE '[]' END"
    for code, condition in _WARNINGS.items()
)

PLAN_OUTCOMES = f"""
CREATE TEMP TABLE import_outcome ON COMMIT DROP AS
SELECT s.row_no, s.problem, s.fingerprint, t.lead, s.told_lead_id,
       CASE WHEN s.problem IS NOT NULL THEN 'REJECTED'
            WHEN s.told_lead_id IS NOT NULL THEN 'UNCHANGED'
            WHEN l.known_id IS NULL AND t.place = 1 THEN 'CREATED'
            WHEN l.known_id IS NULL OR l.moves OR l.dated OR cardinality(l.fields) > 0 OR l.learned IS NOT NULL
                 OR l.opportunity_changed OR l.company_changed OR cardinality(c.fields) > 0
                 OR EXISTS (SELECT FROM import_note n WHERE n.lead = t.lead) THEN 'UPDATED'
            ELSE 'UNCHANGED' END AS outcome,
       NULLIF(COALESCE(s.warnings, '[]') {_WARNED}, '[]') AS warnings
FROM import_staged s
LEFT JOIN import_target t ON t.row_no = s.row_no
LEFT JOIN import_lead l ON l.lead = t.lead
LEFT JOIN import_contact c ON c.person = t.person
"""

STEPS = [
    PLAN_CONTACTS,
    FOLD_LEADS,
    PLAN_LEADS,
    PLAN_NOTES,
    "ANALYZE import_lead (lead, person, row_no, known_id, will_stage, moves, dated, opportunity_changed)",  # of fifty
    PLAN_OUTCOMES,
]
