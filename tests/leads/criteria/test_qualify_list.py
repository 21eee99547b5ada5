"""The list from which marketing takes the next lead to judge."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.criteria import hooks, waiting
from leads.criteria.known_facts import facts_of
from leads.models import CriteriaSet, Lead, Source, Stage
from tests.conftest import TUESDAY_NOON
from tests.factories import MONDAY_MORNING, CampaignFactory, CriteriaSetFactory, LeadFactory, SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def criteria():
    CriteriaSetFactory()
    return CriteriaSet.objects.in_force()


def ready(**more):
    return LeadFactory(facts={"vehicles": 60}, answers={"decider": "YES"}, **more)


def names(response):
    return [row.lead.pk for row in response.context["list"].rows]


def test_each_lead_says_whether_it_is_ready_or_what_is_missing(criteria, signed_in, mia):
    ready()
    LeadFactory(facts={"vehicles": 60})

    page = signed_in(mia).get("/qualify/").content.decode()

    assert "Ready" in page
    assert "Decider reachable" in page
    assert "2 waiting" in page


def test_only_leads_that_marketing_still_has_wait_here(criteria, signed_in, mia):
    new, recycled = LeadFactory(), LeadFactory(stage=Stage.RECYCLED)
    for stage in (Stage.SQL, Stage.ACCEPTED):
        LeadFactory(stage=stage)

    shown = names(signed_in(mia).get("/qualify/"))

    assert set(shown) == {new.pk, recycled.pk}


@pytest.mark.parametrize(("order", "first"), [("newest", "new"), ("oldest", "old")])
def test_it_starts_with_the_newest_or_the_oldest(criteria, signed_in, mia, order, first):
    leads = {"old": LeadFactory(captured_at=MONDAY_MORNING - timedelta(days=9)), "new": LeadFactory()}

    shown = names(signed_in(mia).get("/qualify/", {"order": order}))

    assert shown[0] == leads[first].pk


@pytest.mark.parametrize(
    ("show", "expected"), [("ready", ["ready"]), ("one-missing", ["one"]), ("", ["one", "ready", "two"])]
)
def test_it_narrows_to_what_is_ready_or_nearly(criteria, signed_in, mia, show, expected):
    leads = {"ready": ready(), "one": LeadFactory(facts={"vehicles": 60}), "two": LeadFactory()}

    shown = names(signed_in(mia).get("/qualify/", {"show": show}))

    assert sorted(name for name, lead in leads.items() if lead.pk in shown) == expected


def test_it_narrows_to_my_leads_and_to_a_source(criteria, signed_in, mia):
    mine = LeadFactory(marketer=mia, source=SourceFactory(key="fair"))
    LeadFactory(marketer=mia)
    LeadFactory(source=Source.objects.get(key="fair"))

    assert names(signed_in(mia).get("/qualify/", {"mine": "yes", "source": "fair"})) == [mine.pk]


@pytest.mark.parametrize(
    "query",
    [
        "show=x",
        "order=x",
        "page=x",
        "page=-1",
        "page=999999999999",
        "page=²",
        "source=" + "x" * 500,
        "source=%00",
    ],
)
def test_an_address_that_means_nothing_still_shows_the_list(criteria, signed_in, mia, query):
    LeadFactory()

    assert signed_in(mia).get(f"/qualify/?{query}").status_code == 200


def test_leads_that_another_room_puts_on_top_come_first(criteria, signed_in, mia, monkeypatch):
    returned = LeadFactory(stage=Stage.SQL)
    monkeypatch.setattr(
        hooks,
        "_on_top",
        [lambda user, limit: [hooks.OnTop(returned, "Returned by Sam: no budget", TUESDAY_NOON)]],
    )

    page = signed_in(mia).get("/qualify/").content.decode()

    assert "Returned by Sam: no budget" in page


def test_the_list_says_that_verdicts_are_still_worked_out(criteria, signed_in, mia, monkeypatch):
    monkeypatch.setattr(waiting, "LOOKED_THROUGH", 2)
    for _ in range(3):
        ready()

    response = signed_in(mia).get("/qualify/", {"show": "ready"})

    assert len(names(response)) == 2
    assert "only 2 of these are looked through here" in response.content.decode()


def test_counts_stop_at_the_cap(criteria, signed_in, mia, monkeypatch):
    monkeypatch.setattr(waiting, "CAP", 2)
    for _ in range(4):
        LeadFactory()

    assert "More than 2 waiting" in signed_in(mia).get("/qualify/").content.decode()


def test_pages_follow_each_other(criteria, signed_in, mia, monkeypatch):
    monkeypatch.setattr(waiting, "PAGE", 2)
    for _ in range(3):
        LeadFactory()

    first, second = (names(signed_in(mia).get("/qualify/", {"page": page})) for page in (1, 2))

    assert len(first) == 2
    assert set(first) | set(second) == set(Lead.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("show", ["", "ready"])
def test_twelve_leads_ask_as_little_as_two(criteria, signed_in, mia, show):
    client = signed_in(mia)
    asked = []
    for more in (2, 10):
        for _ in range(more):
            ready()
        with CaptureQueriesContext(connection) as queries:
            client.get("/qualify/", {"show": show})
        asked.append(len(queries))

    assert asked[0] == asked[1] <= 16


def test_without_criteria_the_list_says_so(signed_in, mia):
    LeadFactory()

    assert "No criteria are in force yet" in signed_in(mia).get("/qualify/").content.decode()


def test_when_all_is_done_it_says_so(criteria, signed_in, mia):
    assert "All leads are judged" in signed_in(mia).get("/qualify/").content.decode()


def test_sales_reads_it_too(criteria, signed_in, sam):
    assert signed_in(sam).get("/qualify/").status_code == 200


def test_every_fact_of_a_listed_lead_is_there_without_asking_again(django_assert_num_queries):
    lead = LeadFactory(source=SourceFactory(), campaign=CampaignFactory())

    (listed,) = waiting.LISTED.objects(ids=[lead.pk])

    with django_assert_num_queries(0):
        assert facts_of(listed) == facts_of(lead)
        assert str(listed) == str(lead)
