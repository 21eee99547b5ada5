"""A query that is put into SQL once: it answers as the queryset does, for whatever values, and refuses what it could get wrong."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Count, F
from django.test.utils import CaptureQueriesContext

from leads.models import Lead
from smarketing.prepared import Prepared
from tests.factories import LeadFactory
from tests.handoff.moments import TUESDAY_NOON

pytestmark = pytest.mark.django_db


def captured_before(person: int, at: datetime):
    return (
        Lead.objects.filter(owner=person, captured_at__lt=at)
        .order_by("captured_at")
        .values("pk", "captured_at")
    )


BEFORE = Prepared(captured_before, person=int, at=datetime)


def test_it_answers_as_the_queryset_does(sam, sonia):
    for person, hours in ((sam, 3), (sam, 2), (sonia, 1)):
        LeadFactory(owner=person, captured_at=TUESDAY_NOON - timedelta(hours=hours))

    for person in (sam, sonia):
        for at in (TUESDAY_NOON, TUESDAY_NOON - timedelta(hours=2)):
            assert BEFORE.dicts(person=person.pk, at=at) == list(captured_before(person.pk, at))


def test_a_fact_comes_back_as_what_it_was_and_not_as_its_json():
    LeadFactory(facts={"time_zone": "Europe/Lisbon"})
    zones = Prepared(
        lambda ids: Lead.objects.filter(pk__any_of=ids).values(zone=F("facts__time_zone")), ids=list
    )

    assert zones.dicts(ids=list(Lead.objects.values_list("pk", flat=True))) == [{"zone": "Europe/Lisbon"}]


def test_objects_bring_along_what_select_related_brings(django_assert_num_queries):
    lead = LeadFactory()
    whole = Prepared(
        lambda pk: Lead.objects.filter(pk=pk).select_related("contact", "company", "owner"), pk=int
    )

    with django_assert_num_queries(1):
        found = whole.first(pk=lead.pk)
        assert (found, found.contact.email) == (lead, lead.contact.email)
        assert found.owner is None

    found.next_step = "Call again"
    found.save(update_fields=["next_step"])
    assert whole.first(pk=lead.pk).next_step == "Call again"
    assert whole.first(pk=0) is None


def test_objects_bring_along_what_was_worked_out_for_them():
    lead = LeadFactory()
    counted = Prepared(
        lambda sources: Lead.objects.filter(source__key__any_of=sources).annotate(
            happened=Count("activities")
        ),
        sources=list,
    )

    assert [(one, one.happened) for one in counted.objects(sources=[lead.source.key])] == [(lead, 0)]
    assert counted.objects(sources=["x"]) == []


def test_one_statement_serves_any_number_of_rows():
    numbers = [LeadFactory().pk for _ in range(3)]
    some = Prepared(lambda ids: Lead.objects.filter(pk__any_of=ids).values_list("pk"), ids=list)

    for ids in ([], numbers[:1], numbers):
        assert sorted(some.rows(ids=ids)) == [(pk,) for pk in sorted(ids)]


def test_it_is_one_query():
    with CaptureQueriesContext(connection) as found:
        BEFORE.rows(person=1, at=TUESDAY_NOON)

    assert len(found) == 1


def test_a_value_that_somebody_reckoned_with_is_refused():
    wrong = Prepared(
        lambda at: Lead.objects.filter(captured_at__lt=at + timedelta(minutes=30)).values("pk"), at=datetime
    )

    with pytest.raises(ValueError, match="a value of its own"):
        wrong.rows(at=TUESDAY_NOON)
