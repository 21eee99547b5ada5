from django.db import migrations

GUARD_AGREEMENT = """
CREATE FUNCTION refuse_to_change_a_proposed_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moves constant text[] := ARRAY[
        'DRAFT>DRAFT', 'DRAFT>PROPOSED', 'PROPOSED>SIGNED', 'PROPOSED>WITHDRAWN', 'SIGNED>IN_FORCE',
        'SIGNED>SUPERSEDED', 'IN_FORCE>SUPERSEDED'];
    free constant text[] := ARRAY['state', 'in_force_at', 'superseded_at'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state = 'DRAFT' THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'agreement % was proposed: it is never deleted', OLD.version USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT (OLD.state || '>' || NEW.state) = ANY (moves) THEN
        RAISE EXCEPTION 'agreement %: % does not lead to %', OLD.version, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'DRAFT' AND (to_jsonb(OLD) - free) <> (to_jsonb(NEW) - free) THEN
        RAISE EXCEPTION 'agreement % was proposed: its text never changes', OLD.version
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state IN ('SIGNED', 'IN_FORCE') AND (
        SELECT count(DISTINCT side) FROM sla_signature
        WHERE agreement_id = NEW.id AND content_hash = NEW.content_hash) < 2 THEN
        RAISE EXCEPTION 'agreement % is not signed by both sides', NEW.version USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER proposed_agreement_stays BEFORE UPDATE OR DELETE ON sla_agreement
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_a_proposed_agreement();

CREATE FUNCTION refuse_to_change_a_proposed_term() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP <> 'INSERT' THEN touched := touched || OLD.agreement_id; END IF;
    IF TG_OP <> 'DELETE' THEN touched := touched || NEW.agreement_id; END IF;
    IF EXISTS (SELECT FROM sla_agreement WHERE id = ANY (touched) AND state <> 'DRAFT') THEN
        RAISE EXCEPTION 'terms of a proposed agreement never change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER proposed_term_stays BEFORE INSERT OR UPDATE OR DELETE ON sla_term
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_a_proposed_term();
"""

LET_GO = """
DROP TRIGGER proposed_term_stays ON sla_term;
DROP FUNCTION refuse_to_change_a_proposed_term();
DROP TRIGGER proposed_agreement_stays ON sla_agreement;
DROP FUNCTION refuse_to_change_a_proposed_agreement();
"""


class Migration(migrations.Migration):
    """Once proposed, an agreement and its terms are fixed, and only two signatures on the same text bring it further."""

    dependencies = [("sla", "0003_clocks_warn_and_climb")]
    operations = [migrations.RunSQL(GUARD_AGREEMENT, LET_GO)]
