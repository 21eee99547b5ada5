"""The scorecard for other software is that of the page; own numbers come in by it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sla.models import OwnValue, Restatement, TermKind
from sla.scorecard import freezing
from smarketing.accounts.models import Side
from smarketing.periods import month_of
from tests.factories import AgreementFactory
from tests.sla.moments import on

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(db):
    """In force for two months, with a number that marketing enters."""
    began = (timezone.localtime() - timedelta(days=62)).replace(hour=9)
    agreement = AgreementFactory(state="DRAFT", at=began)
    agreement.terms.create(kind="OWN", key="webinars", label="Webinars held", side="MARKETING", target_amount=2, position=20)  # fmt: skip
    vera, victor = AgreementFactory.signers()
    agreement.propose(by=vera, at=began)
    agreement.sign(Side.MARKETING, by=vera, at=began)
    agreement.sign(Side.SALES, by=victor, at=began)
    return agreement


@pytest.fixture
def last_month():
    month = month_of(timezone.localdate()).before()
    assert month
    return month


def address(month):
    return f"/api/v1/scorecard/?month={month.first_day:%Y-%m}"


def test_this_month_stands_as_on_the_page(software_of, agreement, fin):
    told = software_of(fin).get("/api/v1/scorecard/").json()

    assert told["frozen_at"] is None
    assert told["agreement_version"] == agreement.version
    delivered = next(row for row in told["rows"] if row["key"] == "sqls_delivered")
    assert (delivered["unit"], delivered["target"], len(delivered["months"])) == ("count", 160, 12)
    assert delivered["target_note"] == ""
    assert {"median_seconds", "wall_p90_seconds"} <= set(told["response_times"][0])


def test_the_first_month_says_why_it_asks_for_less_than_was_promised(software_of, fin):
    AgreementFactory(at=on(24, "08:00"), terms={TermKind.SQLS_DELIVERED: {"target_count": 42}})

    told = software_of(fin).get("/api/v1/scorecard/?month=2026-11").json()

    delivered = next(row for row in told["rows"] if row["key"] == "sqls_delivered")
    assert delivered["target"] == 10, "five of 21 working days"
    assert delivered["target_note"] == "42, for the days since the first agreement"


def test_a_frozen_month_tells_its_restatements(software_of, agreement, mia, last_month):
    freezing.freeze_what_ended(timezone.now())
    software = software_of(mia)

    answer = software.post(
        "/api/v1/scorecard/values/webinars/",
        {"month": f"{last_month.first_day:%Y-%m}", "value": 3, "note": "Counted late"},
        format="json",
    )

    assert answer.status_code == 200
    told = software.get(address(last_month)).json()
    assert told["frozen_at"]
    row = next(row for row in told["rows"] if row["key"] == "webinars")
    assert (row["actual"], row["latest"]) == (None, 3)
    assert row["restatements"][0]["reason"] == "Counted late"


def test_another_number_for_a_frozen_month_needs_a_reason(software_of, agreement, mia, last_month):
    month = f"{last_month.first_day:%Y-%m}"
    software = software_of(mia)
    software.post("/api/v1/scorecard/values/webinars/", {"month": month, "value": 3}, format="json")
    freezing.freeze_what_ended(timezone.now())

    answer = software.post("/api/v1/scorecard/values/webinars/", {"month": month, "value": 4}, format="json")

    assert answer.status_code == 400
    assert "note" in answer.json()["errors"]
    assert OwnValue.objects.get().value == 3
    assert not Restatement.objects.exists()


def test_the_other_side_and_unknown_numbers_are_refused(software_of, agreement, sam, mia):
    month = f"{timezone.localdate():%Y-%m}"
    given = {"month": month, "value": 3}

    assert (
        software_of(sam).post("/api/v1/scorecard/values/webinars/", given, format="json").status_code == 403
    )
    assert software_of(mia).post("/api/v1/scorecard/values/riches/", given, format="json").status_code == 404


@pytest.mark.parametrize("query", ["month=soon", "month=%00", "month=9999-12", "colour=red"])
def test_what_is_asked_wrongly_is_named(software_of, agreement, fin, query):
    answer = software_of(fin).get(f"/api/v1/scorecard/?{query}")

    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["errors"]


@pytest.mark.parametrize(
    "given",
    [{}, {"month": "x", "value": 3}, {"month": "2199-01", "value": 3}, {"month": "2026-11", "value": "many"}],
)
def test_a_number_that_is_none_is_refused(software_of, agreement, mia, given):
    answer = software_of(mia).post("/api/v1/scorecard/values/webinars/", given, format="json")

    assert answer.status_code == 400
    assert not OwnValue.objects.exists()
