from django.db import migrations

from leads.append_only import guard


class Migration(migrations.Migration):
    """The database refuses to change or delete a fact."""

    dependencies = [("handoff", "0001_initial")]
    operations = guard("handoff_briefitem", "handoff_contactattempt", "handoff_handoffevent")
