"""A lead's facts: the newest in a column, all of them in the history."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from leads import activities, facts
from leads.models import ActivityKind, Lead
from leads.signals import fact_learned
from tests.conftest import TUESDAY_NOON
from tests.factories import LeadFactory


def learn(lead, **values):
    return facts.learn(lead, values, origin="form", by=None, at=TUESDAY_NOON)


@pytest.mark.django_db
def test_a_fact_is_known_and_remembered():
    lead = LeadFactory()

    learn(lead, vehicles=40, budget="yes")

    assert Lead.objects.get(pk=lead.pk).facts == {"vehicles": 40, "budget": "yes"}
    assert lead.fact_history.count() == 2


@pytest.mark.django_db
def test_what_was_known_already_is_no_news():
    lead = LeadFactory(facts={"vehicles": 40})
    heard = []
    fact_learned.connect(listener := lambda keys, **_: heard.append(keys))

    learn(lead, vehicles=40)
    learn(lead, vehicles=41)

    assert [fact.value for fact in lead.fact_history.all()] == [41]
    assert heard == [["vehicles"]]
    assert fact_learned.disconnect(listener)


@pytest.mark.django_db
def test_true_is_not_one():
    lead = LeadFactory(facts={"vehicles": 1})

    assert learn(lead, vehicles=True)


@pytest.mark.django_db
def test_a_stale_copy_does_not_lose_what_others_learned():
    lead = LeadFactory()
    stale = Lead.objects.get(pk=lead.pk)
    learn(lead, vehicles=40)

    learn(stale, budget="yes")

    assert stale.facts == {"vehicles": 40, "budget": "yes"}


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{"": 1}, {"x" * 81: 1}, {"words": "x" * 2001}])
def test_what_is_no_fact_is_refused(values):
    with pytest.raises(facts.NotAFact):
        facts.learn(LeadFactory(), values, origin="api", by=None, at=TUESDAY_NOON)


@pytest.mark.django_db(transaction=True)
def test_each_of_many_simultaneous_visits_counts():
    lead = LeadFactory()

    def visit(_):
        try:
            activities.log(lead, ActivityKind.VISIT, by=None, at=TUESDAY_NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(visit, range(20)))

    assert Lead.objects.get(pk=lead.pk).facts == {"site_visits": 20}
