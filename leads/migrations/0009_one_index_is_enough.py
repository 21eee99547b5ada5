import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# 0007 took the plain index of lead.contact away, and Django, which finds it by its column, took this one with it.
ONE_OPEN_LEAD = """
CREATE UNIQUE INDEX IF NOT EXISTS uq_once_open_lead_per_contact ON leads_lead (contact_id)
WHERE stage IN ('NEW', 'MQL', 'SQL', 'ACCEPTED', 'CONTACTED', 'OPPORTUNITY', 'RECYCLED')
"""


class Migration(migrations.Migration):
    """No column has two indexes that begin with it; and a contact has one open lead again."""

    dependencies = [
        ("leads", "0008_leads_that_wait_for_marketing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="activity",
            name="lead",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="activities",
                to="leads.lead",
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="campaign",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="leads.campaign",
                verbose_name="campaign",
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="company",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="leads.company",
                verbose_name="company",
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="sales rep",
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="source",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="leads.source",
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="leadfact",
            name="lead",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="fact_history",
                to="leads.lead",
            ),
        ),
        migrations.AlterField(
            model_name="stagechange",
            name="lead",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stage_changes",
                to="leads.lead",
            ),
        ),
        migrations.RunSQL(ONE_OPEN_LEAD, migrations.RunSQL.noop),
    ]
