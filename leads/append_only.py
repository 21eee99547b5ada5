"""Facts are written once. Three guards say so: `save()`, the queryset, and a trigger in the database (migration 0001)."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.migrations import RunSQL


class FactsDoNotChange(Exception):
    """Somebody tried to change or delete what happened."""


class FactQuerySet(models.QuerySet[Any]):
    def update(self, **_: Any) -> NoReturn:
        raise FactsDoNotChange(f"{self.model.__name__} rows are facts: they are never updated.")

    def delete(self) -> NoReturn:
        raise FactsDoNotChange(f"{self.model.__name__} rows are facts: they are never deleted.")


class Fact(models.Model):
    """What happened, who did it, when it happened (`..._at` of the subclass) and when we learned of it (`recorded_at`)."""

    recorded_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and not self._state.adding:
            raise FactsDoNotChange(f"{type(self).__name__} {self.pk} is a fact: it is never saved again.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise FactsDoNotChange(f"{type(self).__name__} {self.pk} is a fact: it is never deleted.")


REFUSE_CHANGES = """
CREATE OR REPLACE FUNCTION refuse_to_change_a_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('smarketing.facts_may_change', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION '% rows are facts: they are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


def guard(*tables: str) -> list[RunSQL]:
    """Migration operations that let the database itself refuse UPDATE and DELETE on these tables.

    Erasing a person and undoing an import open the door for one transaction: `SET LOCAL smarketing.facts_may_change = 'on'`.
    """
    return [
        RunSQL(REFUSE_CHANGES, RunSQL.noop),
        *(
            RunSQL(
                f"CREATE TRIGGER facts_stay BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_to_change_a_fact()",
                f"DROP TRIGGER facts_stay ON {table}",
            )
            for table in tables
        ),
    ]
