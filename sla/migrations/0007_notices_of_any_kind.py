from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The new columns, empty; the next migration fills them, the one after it makes them required."""

    dependencies = [
        ("handoff", "0004_attempts_by_maker"),
        ("leads", "__first__"),
        ("sla", "0006_agreement_says_more"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("notice", "kind", models.CharField(max_length=12, null=True)),
        migrations.AddField("notice", "key", models.CharField(max_length=80, null=True)),
        migrations.AddField("notice", "text", models.CharField(blank=True, default="", max_length=300)),
        migrations.AddField(
            "notice",
            "clock",
            models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to="sla.clock"),
        ),
        migrations.AddField(
            "notice",
            "handoff",
            models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to="handoff.handoff"),
        ),
        migrations.AddField(
            "notice",
            "lead",
            models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to="leads.lead"),
        ),
        migrations.AddField(
            "notice",
            "by",
            models.ForeignKey(
                null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            "notice",
            "event",
            models.ForeignKey(
                null=True, on_delete=models.PROTECT, related_name="notices", to="sla.clockevent"
            ),
        ),
        migrations.AlterField(
            "notice",
            "channel",
            models.CharField(choices=[("IN_APP", "In the product"), ("MAIL", "E-mail")], max_length=8),
        ),
    ]
