"""What was done with each lead at once stands in its facts and its undo key; nobody read this table."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0022_pauses_cut_short"),
    ]

    operations = [
        migrations.DeleteModel(name="BulkAct"),
    ]
