from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("handoff", "0013_acts_can_be_undone"),
        ("sla", "0024_asked_to_sign"),
    ]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="round",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                fields=("handoff", "measure", "round"), name="uq_once_clock_per_handoff_measure_and_round"
            ),
        ),
        migrations.RemoveConstraint(
            model_name="clock",
            name="uq_once_clock_per_handoff_and_measure",
        ),
    ]
