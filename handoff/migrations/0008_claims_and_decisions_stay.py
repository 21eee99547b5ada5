from django.db import migrations

from leads.append_only import guard


class Migration(migrations.Migration):
    """The database refuses to change or delete what was found out about a claim and what was decided on a contest."""

    dependencies = [("handoff", "0007_brief_returns_and_claims")]
    operations = guard("handoff_claimcheck", "handoff_contestdecision")
