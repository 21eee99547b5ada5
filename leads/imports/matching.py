"""SQL: which lead and which person each staged row is about.

Leaves `import_target`: for each row of the set its `lead` and its `person`. A number above 0 is one that is there already,
below 0 one that has to be made (named after the first row about it). The rules, in words, stand in docs/importing.md.
"""

# One set of whole clusters, so that rows about one person are always decided together; none that was loaded before.
TAKE_SET = """
CREATE TEMP TABLE import_staged ON COMMIT DROP AS
SELECT s.* FROM leads_stagedrow s
LEFT JOIN leads_importrow done ON done.batch_id = s.batch_id AND done.row_no = s.cluster
WHERE s.batch_id = %(batch)s AND s.cluster >= %(first)s AND s.cluster < %(before)s AND done.row_no IS NULL
"""

FIND_KNOWN = """
CREATE TEMP TABLE import_known ON COMMIT DROP AS
SELECT s.row_no, s.cluster, s.external_id, s.email, s.captured_at, s.fingerprint,
       (s.customer_at IS NOT NULL OR s.lost_at IS NOT NULL OR s.disqualified_at IS NOT NULL
        OR COALESCE(s.stage, '') IN ('CUSTOMER', 'DISQUALIFIED', 'LOST')) AS ends,
       COALESCE(by_id.id, again.lead_id) AS lead_id,
       COALESCE(by_id.contact_id, again.contact_id) AS contact_by_id,
       by_email.id AS contact_by_email,
       by_phone.id AS contact_by_phone
FROM import_staged s
LEFT JOIN leads_lead by_id ON by_id.external_id = s.external_id AND by_id.external_id <> ''
LEFT JOIN leads_contact by_email ON lower(by_email.email) = s.email AND by_email.email <> ''
LEFT JOIN LATERAL (
    SELECT c.id FROM leads_contact c
    WHERE s.external_id IS NULL AND s.email IS NULL AND c.phone = s.phone AND c.phone <> ''
      AND (s.last_name IS NULL OR c.last_name = '' OR lower(c.last_name) = lower(s.last_name))
      AND (s.first_name IS NULL OR c.first_name = '' OR lower(c.first_name) = lower(s.first_name))
    ORDER BY lower(c.last_name) = lower(COALESCE(s.last_name, '')) AND lower(c.first_name) = lower(COALESCE(s.first_name, '')) DESC,
             c.id
    LIMIT 1
) by_phone ON true
LEFT JOIN LATERAL (
    SELECT r.lead_id, l.contact_id FROM leads_importrow r JOIN leads_lead l ON l.id = r.lead_id
    WHERE s.external_id IS NULL AND s.email IS NULL AND s.phone IS NULL AND r.fingerprint = s.fingerprint
    ORDER BY r.batch_id LIMIT 1
) again ON true
WHERE s.problem IS NULL AND s.told_lead_id IS NULL
"""

# Rows of a cluster that found nobody are about the person whom another row of it found; else about one new person.
FIND_PERSONS = """
CREATE TEMP TABLE import_person_of ON COMMIT DROP AS
SELECT k.*, COALESCE(found, min(found) OVER (PARTITION BY cluster), -cluster::bigint) AS person,
       bool_or(ends) OVER (PARTITION BY cluster, external_id) AS unit_ends
FROM (SELECT *, COALESCE(contact_by_id, contact_by_email, contact_by_phone) AS found FROM import_known) k
"""

# A row with an id of its own is about its own lead, but a person has one open lead at most. A row without an id is about the
# person's open lead, or about his latest one when it was captured before that ended (or does not say when it was captured).
FIND_LEADS = """
CREATE TEMP TABLE import_target ON COMMIT DROP AS
WITH ending AS (
    SELECT DISTINCT lead_id FROM import_person_of WHERE lead_id IS NOT NULL AND ends
), candidate AS (
    SELECT p.*,
           CASE
               WHEN p.lead_id IS NOT NULL THEN p.lead_id
               WHEN p.external_id IS NULL THEN COALESCE(open_lead.id, CASE
                   WHEN p.captured_at IS NULL OR p.captured_at <= latest.ended_at THEN latest.id END)
               WHEN open_lead.external_id = ''
                    AND min(p.row_no) FILTER (WHERE p.external_id IS NOT NULL) OVER (PARTITION BY p.person)
                      = min(p.row_no) OVER (PARTITION BY p.person, p.external_id) THEN open_lead.id
               WHEN NOT p.unit_ends THEN open_lead.id
           END AS known_lead,
           min(p.row_no) OVER (PARTITION BY p.person, p.external_id) AS unit
    FROM import_person_of p
    LEFT JOIN leads_lead open_lead
           ON open_lead.contact_id = p.person AND p.lead_id IS NULL
          AND open_lead.stage IN ('NEW', 'MQL', 'SQL', 'ACCEPTED', 'CONTACTED', 'OPPORTUNITY', 'RECYCLED')
          AND (p.external_id IS NULL OR open_lead.id NOT IN (SELECT lead_id FROM ending))
    LEFT JOIN LATERAL (
        SELECT l.id, GREATEST(l.captured_at, COALESCE(l.customer_at, l.closed_at)) AS ended_at FROM leads_lead l
        WHERE p.lead_id IS NULL AND p.external_id IS NULL AND open_lead.id IS NULL AND l.contact_id = p.person
        ORDER BY l.captured_at DESC, l.id DESC LIMIT 1
    ) latest ON true
), placed AS (
    SELECT c.*,
           min(unit) FILTER (WHERE NOT unit_ends AND known_lead IS NULL) OVER (PARTITION BY person) AS first_open,
           max(unit) FILTER (WHERE external_id IS NOT NULL AND known_lead IS NULL) OVER (PARTITION BY person) AS last_unit
    FROM candidate c
), targets AS (
    SELECT row_no, cluster, person, external_id, email, fingerprint, contact_by_email,
           COALESCE(known_lead, -CASE
               WHEN NOT unit_ends THEN first_open
               WHEN external_id IS NULL THEN COALESCE(first_open, last_unit, unit)
               ELSE unit END::bigint) AS lead
    FROM placed
), one_lead_per_id AS (  -- also when the rows that carry the id mean different people
    SELECT row_no, cluster, external_id, email, fingerprint, contact_by_email,
           CASE WHEN external_id IS NULL THEN lead ELSE first_value(lead) OVER same_id END AS lead,
           CASE WHEN external_id IS NULL THEN person ELSE first_value(person) OVER same_id END AS person
    FROM targets WINDOW same_id AS (PARTITION BY external_id ORDER BY row_no)
)
SELECT t.row_no, t.lead, t.external_id, t.fingerprint,
       -- The person of a lead that is there is its contact, whoever else the row may mean.
       COALESCE(l.contact_id, t.person) AS person,
       CASE WHEN t.contact_by_email IS NULL OR t.contact_by_email = COALESCE(l.contact_id, t.person) THEN t.email END AS email,
       t.email IS NOT NULL AND t.contact_by_email <> COALESCE(l.contact_id, t.person) AS email_taken,
       count(*) OVER (PARTITION BY t.lead) AS rows_of_lead,
       count(*) OVER (PARTITION BY COALESCE(l.contact_id, t.person)) AS rows_of_person,
       row_number() OVER (PARTITION BY t.lead ORDER BY t.row_no) AS place
FROM one_lead_per_id t LEFT JOIN leads_lead l ON l.id = t.lead
"""

# Nobody moves or edits them until this set is in.
LOCK_KNOWN = [
    "SELECT id FROM leads_contact WHERE id IN (SELECT person FROM import_target WHERE person > 0) ORDER BY id FOR NO KEY UPDATE",
    "SELECT id FROM leads_lead WHERE id IN (SELECT lead FROM import_target WHERE lead > 0) ORDER BY id FOR NO KEY UPDATE",
]

STEPS = [
    TAKE_SET,
    "ANALYZE import_staged (row_no, cluster, external_id, email, phone, problem, told_lead_id)",  # of forty columns
    FIND_KNOWN,
    FIND_PERSONS,
    FIND_LEADS,
    "CREATE INDEX ON import_target (row_no)",
    "ANALYZE import_target",
]
