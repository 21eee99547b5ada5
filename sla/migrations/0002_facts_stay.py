from django.db import migrations

from leads.append_only import guard


class Migration(migrations.Migration):
    """The database refuses to change or delete a fact."""

    dependencies = [("sla", "0001_initial")]
    operations = guard("sla_calendarversion", "sla_signature", "sla_clockevent")
