import django.db.models.deletion
from django.db import migrations, models

WAITING = "('NEW', 'MQL', 'RECYCLED')"
# What the rules can test (leads/criteria/known_facts.py), and what decides whether a lead is on the list and where.
OF_LEAD = "stage facts answers contact_id company_id source_id campaign_id captured_at last_activity_at"
OF = {
    "contact": "job_title language email phone consent",
    "company": "name size industry country city",
    "source": "key name",
    "campaign": "name",
}


def differ(columns: str) -> str:
    return "({}) IS DISTINCT FROM ({})".format(
        *(", ".join(f"{row}.{column}" for column in columns.split()) for row in "on")
    )


LEADS = f"""
CREATE FUNCTION judge_new_leads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO leads_leadtojudge (lead_id) SELECT id FROM new_rows WHERE stage IN {WAITING};
    RETURN NULL;
END $$;
CREATE FUNCTION judge_changed_leads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO leads_leadtojudge (lead_id)
    SELECT n.id FROM old_rows o JOIN new_rows n USING (id)
    WHERE (o.stage IN {WAITING} OR n.stage IN {WAITING}) AND {differ(OF_LEAD)};
    RETURN NULL;
END $$;
CREATE TRIGGER judge_insert AFTER INSERT ON leads_lead REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION judge_new_leads();
CREATE TRIGGER judge_update AFTER UPDATE ON leads_lead REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION judge_changed_leads();
"""
NO_LEADS = """
DROP TRIGGER judge_update ON leads_lead;
DROP TRIGGER judge_insert ON leads_lead;
DROP FUNCTION judge_changed_leads();
DROP FUNCTION judge_new_leads();
"""


def other(name: str, columns: str) -> migrations.RunSQL:
    """Whatever belongs to many leads: all of those that wait are judged again when it changes."""
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION judge_leads_of_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO leads_leadtojudge (lead_id)
            SELECT l.id FROM old_rows o JOIN new_rows n USING (id) JOIN leads_lead l ON l.{name}_id = n.id
            WHERE l.stage IN {WAITING} AND {differ(columns)};
            RETURN NULL;
        END $$;
        CREATE TRIGGER judge_update AFTER UPDATE ON leads_{name} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION judge_leads_of_{name}();
        """,
        f"DROP TRIGGER judge_update ON leads_{name}; DROP FUNCTION judge_leads_of_{name}();",
    )


class Migration(migrations.Migration):
    """What the criteria say of the leads that wait is kept; whatever changes a lead says so in the same transaction."""

    dependencies = [("leads", "0014_count_by_source_and_stage")]
    operations = [
        migrations.CreateModel(
            name="Rejudging",
            fields=[
                (
                    "criteria_set",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="rejudging",
                        serialize=False,
                        to="leads.criteriaset",
                    ),
                ),
                ("back_to", models.DateTimeField(null=True)),
                ("back_to_lead", models.BigIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="LeadToJudge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="leads.lead",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="KeptVerdict",
            fields=[
                (
                    "lead",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="kept_verdict",
                        serialize=False,
                        to="leads.lead",
                    ),
                ),
                ("captured_at", models.DateTimeField()),
                ("missing", models.PositiveSmallIntegerField()),
                ("changes_on", models.DateField(null=True)),
                (
                    "criteria_set",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="leads.criteriaset",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["criteria_set", "missing", "-captured_at", "-lead"],
                        name="kept_verdict_in_order",
                    ),
                    models.Index(
                        condition=models.Q(("changes_on__isnull", False)),
                        fields=["changes_on"],
                        name="kept_verdict_that_changes",
                    ),
                ],
            },
        ),
        migrations.RunSQL(LEADS, NO_LEADS),
        *(other(name, columns) for name, columns in OF.items()),
    ]
