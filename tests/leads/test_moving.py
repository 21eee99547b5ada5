"""A lead moves by verbs: each leaves one fact, and the columns always agree with the facts."""

import pytest
from django.db import DatabaseError, transaction

from leads.append_only import FactsDoNotChange
from leads.models import Lead, LeadMoved, Stage, StageChange, TransitionNotAllowed
from tests.conftest import TUESDAY_NOON
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db


def test_qualifying_says_who_and_when(mia):
    lead = LeadFactory()

    change = lead.qualify(by=mia, at=TUESDAY_NOON)

    assert (change.from_stage, change.to_stage, change.changed_by) == (Stage.NEW, Stage.MQL, mia)
    assert Lead.objects.get(pk=lead.pk).mql_at == TUESDAY_NOON


def test_a_stage_that_does_not_follow_is_refused(mia):
    lead = LeadFactory()

    with pytest.raises(TransitionNotAllowed):
        lead.open_opportunity(by=mia, at=TUESDAY_NOON)

    assert lead.stage_changes.count() == 1


def test_the_second_of_two_clicks_is_told_who_was_first(mia, mara):
    lead = LeadFactory()
    stale = Lead.objects.get(pk=lead.pk)
    lead.qualify(by=mara, at=TUESDAY_NOON)

    with pytest.raises(LeadMoved) as told:
        stale.qualify(by=mia, at=TUESDAY_NOON)

    assert told.value.change.changed_by == mara


def test_a_second_time_in_a_stage_keeps_the_first_moment(mia, sam):
    lead = LeadFactory(stage=Stage.SQL, sql_at=TUESDAY_NOON)
    lead.mark_accepted(by=sam, at=TUESDAY_NOON)
    lead.mark_returned("Wrong region", by=sam, at=TUESDAY_NOON.replace(hour=13))

    lead.mark_accepted(by=sam, at=TUESDAY_NOON.replace(hour=14))

    assert lead.accepted_at == TUESDAY_NOON


@pytest.mark.parametrize("attempt", ["save", "update", "delete", "delete_row"])
def test_what_happened_is_never_changed(attempt):
    change = LeadFactory().stage_changes.get()

    with pytest.raises(FactsDoNotChange):
        {
            "save": change.save,
            "delete_row": change.delete,
            "update": lambda: StageChange.objects.update(reason="x"),
            "delete": lambda: StageChange.objects.all().delete(),
        }[attempt]()


def test_the_database_refuses_too():
    change = LeadFactory().stage_changes.get()

    with pytest.raises(DatabaseError, match="facts"), transaction.atomic():
        StageChange.objects.filter(pk=change.pk)._raw_delete(using="default")
