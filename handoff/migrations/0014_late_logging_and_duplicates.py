import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("handoff", "0013_acts_can_be_undone"),
    ]

    operations = [
        migrations.AddField(
            model_name="handoffrules",
            name="late_logging_hours",
            field=models.PositiveSmallIntegerField(db_default=24, default=24),
        ),
        migrations.AddField(
            model_name="handoff",
            name="duplicate_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="duplicates",
                to="handoff.handoff",
            ),
        ),
    ]
