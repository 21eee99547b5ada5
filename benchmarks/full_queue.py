"""A rep whose queue is as long as it gets: 500 open leads, each handed over to this rep, each with its clocks."""

from __future__ import annotations

from django.db import connection

REP, OPEN_LEADS = "fullqueue@bench.example", 500

GIVE = """
INSERT INTO accounts_user (id, email, first_name, last_name, password, role, team_id, is_active, is_superuser, date_joined, language, theme, density, single_keys)
VALUES (1003, %(rep)s, 'Fay', 'Full', '!', 'MEMBER', 2, true, false, now(), 'en', 'auto', 'comfortable', true);
CREATE TEMP TABLE given AS
SELECT h.id, h.lead_id FROM handoff_handoff h JOIN leads_lead l ON l.id = h.lead_id
WHERE h.state IN ('SENT', 'ACCEPTED', 'CONTACTED') AND h.receiver_id IS NOT NULL AND l.stage IN ('SQL', 'ACCEPTED', 'CONTACTED', 'OPPORTUNITY')
ORDER BY h.sent_at DESC, h.id LIMIT %(number)s;
UPDATE handoff_handoff SET receiver_id = 1003 WHERE id IN (SELECT id FROM given);
UPDATE leads_lead SET owner_id = 1003 WHERE id IN (SELECT lead_id FROM given) AND owner_id IS NOT NULL;
UPDATE sla_clock SET holder_id = 1003 WHERE handoff_id IN (SELECT id FROM given);
"""


def give() -> int:
    """The rep has them from now on; says how many. A small crowd has fewer."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # as the crowd was made: these are no acts
        cursor.execute(GIVE, {"rep": REP, "number": OPEN_LEADS})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SELECT count(*) FROM given")
        return int(cursor.fetchone()[0])
