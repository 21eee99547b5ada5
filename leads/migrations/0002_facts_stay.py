from django.db import migrations

from leads.append_only import guard


class Migration(migrations.Migration):
    """The database refuses to change or delete a fact."""

    dependencies = [("leads", "0001_initial")]
    operations = guard(
        "leads_stagechange",
        "leads_activity",
        "leads_leadfact",
        "leads_judgement",
        "leads_qualification",
        "leads_approval",
    )
