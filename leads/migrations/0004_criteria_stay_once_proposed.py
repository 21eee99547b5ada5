from django.db import migrations, models

GUARDS = """
CREATE FUNCTION refuse_to_change_proposed_criteria() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    state_now text;
BEGIN
    FOR state_now IN
        SELECT state FROM leads_criteriaset WHERE id IN (OLD.criteria_set_id, NEW.criteria_set_id) FOR SHARE
    LOOP
        IF state_now <> 'DRAFT' THEN
            RAISE EXCEPTION 'criteria never change once they are proposed' USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER proposed_criteria_stay BEFORE INSERT OR UPDATE OR DELETE ON leads_criterion
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_proposed_criteria();

CREATE FUNCTION refuse_to_change_a_proposed_set() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'DRAFT' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' OR NEW.state = 'DRAFT'
       OR (NEW.version, NEW.points_needed, NEW.note, NEW.created_at) IS DISTINCT FROM (OLD.version, OLD.points_needed, OLD.note, OLD.created_at)
    THEN
        RAISE EXCEPTION 'a set of criteria never changes once it is proposed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER proposed_set_stays BEFORE UPDATE OR DELETE ON leads_criteriaset
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_a_proposed_set();
"""
NO_GUARDS = """
DROP TRIGGER proposed_set_stays ON leads_criteriaset;
DROP TRIGGER proposed_criteria_stay ON leads_criterion;
DROP FUNCTION refuse_to_change_a_proposed_set();
DROP FUNCTION refuse_to_change_proposed_criteria();
"""


class Migration(migrations.Migration):
    """Once proposed, a version never changes: the database says so too. There is one draft at a time."""

    dependencies = [("leads", "0003_facts_can_be_read")]
    operations = [
        migrations.AlterField(
            "criteriaset",
            "state",
            models.CharField(
                choices=[
                    ("DRAFT", "Draft"),
                    ("PROPOSED", "Proposed"),
                    ("IN_FORCE", "In force"),
                    ("SUPERSEDED", "Superseded"),
                    ("WITHDRAWN", "Withdrawn"),
                ],
                default="DRAFT",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            "criteriaset",
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="DRAFT"), name="uq_once_criteria_draft"
            ),
        ),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
