"""Lists ask the database as often for twelve rows as for two, and their pages can be walked."""

import pytest

from tests.assertions import assert_queries_do_not_grow
from tests.factories import ActivityFactory, LeadFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["leads/", "handoffs/", "clocks/"])
def test_queries_do_not_grow(hand_over, software_of, sam, sonia, address):
    software = software_of(sam)
    for _ in range(6):
        hand_over(sam), hand_over(sonia)

    assert_queries_do_not_grow(
        lambda: software.get(f"/api/v1/{address}?page_size=2"),
        lambda: software.get(f"/api/v1/{address}?page_size=12"),
    )


def test_queries_do_not_grow_with_activities(software_of, sam, mia):
    lead, software = LeadFactory(), software_of(sam)
    ActivityFactory.create_batch(12, lead=lead, actor=mia)
    url = f"/api/v1/leads/{lead.pk}/activities/"

    assert_queries_do_not_grow(
        lambda: software.get(f"{url}?page_size=2"), lambda: software.get(f"{url}?page_size=12")
    )


def test_pages_are_walked_by_their_links(software_of, sam):
    everybody, software = {lead.pk for lead in LeadFactory.create_batch(5)}, software_of(sam)

    url, seen = "/api/v1/leads/?page_size=2&stage=NEW", []
    while url:
        page = software.get(url).json()
        seen += [lead["id"] for lead in page["results"]]
        url = page["next"]

    assert sorted(seen) == sorted(everybody)
    assert page["previous"].endswith("/api/v1/leads/?page_size=2&stage=NEW&page=2")


def test_a_page_holds_two_hundred_at_most(software_of, sam):
    LeadFactory.create_batch(3)

    assert len(software_of(sam).get("/api/v1/leads/?page_size=100000").json()["results"]) == 3
    assert software_of(sam).get("/api/v1/leads/?page=2").status_code == 404


def test_counting_stops_and_says_so(software_of, sam, monkeypatch):
    monkeypatch.setattr("smarketing.api.paging.CAP", 3)
    LeadFactory.create_batch(5)

    page = software_of(sam).get("/api/v1/leads/?page_size=2").json()

    assert (page["count"], page["count_capped"]) == (3, True)


def test_what_is_given_is_changed_and_nothing_else(software_of, mia):
    lead = LeadFactory()
    before = software_of(mia).get(f"/api/v1/leads/{lead.pk}/").json()

    after = software_of(mia).patch(
        f"/api/v1/leads/{lead.pk}/", {"contact": {"job_title": "Buyer"}, "facts": {"vehicles": 60}}
    )

    expected = before | {"version": before["version"] + 1, "facts": {"vehicles": 60}}
    expected["contact"] = before["contact"] | {"job_title": "Buyer"}
    assert after.json() == expected
