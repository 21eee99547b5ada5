from django.db import migrations


def copy(apps, _editor):
    """The rules that agreements installed before know for how long a contact may be told late."""
    rules = apps.get_model("handoff", "HandoffRules")
    for agreement in apps.get_model("sla", "Agreement").objects.all().iterator():
        rules.objects.filter(agreement_version=agreement.version).update(
            late_logging_hours=agreement.late_logging_hours
        )


class Migration(migrations.Migration):
    dependencies = [
        ("handoff", "0014_late_logging_and_duplicates"),
        ("sla", "0025_a_clock_for_each_return"),
    ]

    operations = [migrations.RunPython(copy, migrations.RunPython.noop)]
