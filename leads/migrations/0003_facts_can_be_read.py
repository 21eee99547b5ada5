from django.db import migrations

from leads.criteria.coercion_sql import CREATE, DROP


class Migration(migrations.Migration):
    """How SQL reads a fact as text, number, yes or no, or day."""

    dependencies = [("leads", "0002_facts_stay")]
    operations = [migrations.RunSQL(CREATE, DROP)]
