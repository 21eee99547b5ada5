"""The figures for other software are those of the page."""

import pytest

from tests.conftest import TUESDAY_NOON
from tests.factories import AgreementFactory, LeadFactory, SourceFactory

pytestmark = pytest.mark.django_db


def test_a_funnel_by_cohort(software_of, max):
    LeadFactory(stage="CUSTOMER", customer_at=TUESDAY_NOON, source=SourceFactory(key="fair"))
    LeadFactory(source=SourceFactory(key="fair"))

    told = (
        software_of(max)
        .get("/api/v1/dashboard/funnel/?by=cohort&from=2026-11-01&to=2026-12-01&group=source")
        .json()
    )

    assert [stage["count"] for stage in told["stages"]] == [2, 1, 1, 1, 1, 1, 1]
    assert told["stages"][-1]["rate"] == 0.5
    assert told["still_moving"] == 1
    assert told["groups"][0]["key"] == "fair"


def test_each_figure_opens_its_leads(software_of, max, signed_in):
    LeadFactory(stage="CUSTOMER", customer_at=TUESDAY_NOON)
    LeadFactory()

    for stage in software_of(max).get("/api/v1/dashboard/funnel/").json()["stages"]:
        query = stage["leads_url"].partition("?")[2]
        assert software_of(max).get(f"/api/v1/leads/?{query}").json()["count"] == stage["count"]
        assert signed_in(max).get(stage["leads_url"]).status_code == 200


@pytest.mark.parametrize(
    "query", ["by=mood", "from=yesterday", "group=colour", "source=no-such", "colour=red"]
)
def test_what_is_asked_wrongly_is_named(software_of, max, query):
    answer = software_of(max).get(f"/api/v1/dashboard/funnel/?{query}")

    assert query.partition("=")[0] in answer.json()["errors"]


def test_promises_of_a_month(software_of, max):
    AgreementFactory()

    told = software_of(max).get("/api/v1/dashboard/promises/?month=2026-11").json()

    assert {"sqls_delivered", "capacity"} <= {promise["key"] for promise in told}


def test_a_month_that_is_none_is_named(software_of, max):
    assert "month" in software_of(max).get("/api/v1/dashboard/promises/?month=soon").json()["errors"]


def test_an_unknown_address_is_a_problem_too(software_of, max):
    answer = software_of(max).get("/api/v1/nowhere/")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
