from django.db import migrations

REMEMBER = """
INSERT INTO handoff_return
    (handoff_id, state, returned_at, returned_by_id, reason, note, state_before, settled_at, settled_by_id, settlement, contest_words)
SELECT h.id, how.state, h.returned_at, told.actor_id, h.return_reason, h.return_note,
       CASE WHEN h.accepted_at IS NULL THEN 'SENT' ELSE 'ACCEPTED' END,
       CASE how.state WHEN 'OPEN' THEN NULL WHEN 'SENT_AGAIN' THEN again.sent_at ELSE h.returned_at END,
       CASE how.state WHEN 'SENT_AGAIN' THEN again.sender_id END,
       CASE how.state WHEN 'OPEN' THEN '' ELSE how.state END, ''
FROM handoff_handoff h
JOIN leads_lead lead ON lead.id = h.lead_id
JOIN LATERAL (SELECT e.actor_id FROM handoff_handoffevent e
              WHERE e.handoff_id = h.id AND e.kind = 'RETURNED' AND e.actor_id IS NOT NULL ORDER BY e.id DESC LIMIT 1) told ON true
LEFT JOIN handoff_handoff again ON again.lead_id = h.lead_id AND again.cycle = h.cycle + 1
CROSS JOIN LATERAL (SELECT CASE WHEN again.id IS NOT NULL THEN 'SENT_AGAIN' WHEN lead.stage = 'SQL' THEN 'OPEN' ELSE 'RECYCLED' END AS state) how
WHERE h.state = 'RETURNED' AND NOT EXISTS (SELECT 1 FROM handoff_return r WHERE r.handoff_id = h.id)
"""


class Migration(migrations.Migration):
    """Hand-offs that were returned before returns had rows of their own have one too."""

    dependencies = [("handoff", "0008_claims_and_decisions_stay")]
    operations = [migrations.RunSQL(REMEMBER, migrations.RunSQL.noop)]
