from django.db import migrations

FILL = """
UPDATE sla_notice n
SET kind = e.kind, key = 'event:' || e.id, clock_id = e.clock_id, handoff_id = c.handoff_id
FROM sla_clockevent e JOIN sla_clock c ON c.id = e.clock_id
WHERE e.id = n.event_id AND n.id IN (SELECT id FROM sla_notice WHERE key IS NULL ORDER BY id LIMIT 20000)
"""


def fill(apps, schema_editor):
    """In batches, each committed: nobody waits long for a row."""
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(FILL)
            if not cursor.rowcount:
                return


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sla", "0007_notices_of_any_kind")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
