from django.db import migrations, models


class Migration(migrations.Migration):
    """The qualify list reads the newest or oldest of the leads that marketing still has."""

    dependencies = [("leads", "0007_leads_in_every_order")]
    operations = [
        migrations.AddIndex(
            "lead",
            models.Index(
                fields=["-captured_at", "-id"],
                name="lead_waiting",
                condition=models.Q(stage__in=["NEW", "MQL", "RECYCLED"]),
            ),
        )
    ]
