from django.db import migrations, models


class Migration(migrations.Migration):
    """One row of rules exists before any agreement; the verb `reply` and the words of the reply have a name each."""

    dependencies = [("handoff", "0002_facts_stay")]
    operations = [
        migrations.RenameField("handoff", "reply", "reply_text"),
        migrations.AddConstraint(
            "handoffrules",
            models.UniqueConstraint(
                fields=["in_force_at"],
                condition=models.Q(agreement_version__isnull=True),
                name="uq_once_rules_before_any_agreement",
            ),
        ),
    ]
