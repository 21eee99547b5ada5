from django.db import migrations

from leads.append_only import guard

MONTH_STAYS = """
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE OF id, month, agreement_id, frozen_at ON sla_scorecardmonth
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_a_fact();
"""


class Migration(migrations.Migration):
    """A frozen month reads for ever as it was frozen; only when it was last compared with the facts is noted anew."""

    dependencies = [("sla", "0010_scorecards")]
    operations = [
        *guard("sla_scorecardrow", "sla_restatement", "sla_restatedcase"),
        migrations.RunSQL(MONTH_STAYS, "DROP TRIGGER facts_stay ON sla_scorecardmonth"),
    ]
