"""Drafts, returns, contests and claims from the API."""

import pytest
from django.utils import timezone

from handoff.models import Handoff, Return
from leads.models import Stage
from tests.factories import BRIEF, AgreementFactory, LeadFactory

pytestmark = pytest.mark.django_db
TOLD = {item["key"]: "Asked for a price" for item in BRIEF}


@pytest.fixture
def lead(db):
    AgreementFactory()
    now = timezone.now()
    return LeadFactory(stage=Stage.SQL, captured_at=now, sql_at=now)


@pytest.fixture
def handoff(lead, mia, sam) -> Handoff:
    return Handoff.send(lead, brief=TOLD, to=sam, by=mia, at=timezone.now())


def test_a_draft_is_kept_and_read_again(lead, software_of, mia):
    address = f"/api/v1/leads/{lead.pk}/brief-draft/"

    kept = software_of(mia).put(
        address, {"brief": {"need": "40 trucks"}, "waived": {"when": "Would not say"}}
    )

    assert kept.status_code == 200, kept.content
    again = software_of(mia).get(address).json()
    assert (again["brief"], again["waived"], again["missing"]) == (
        {"need": "40 trucks"},
        {"when": "Would not say"},
        [],
    )
    assert again["kept_at"]


def test_a_demanded_item_is_waived_with_a_reason(lead, software_of, mia, sam):
    answer = software_of(mia).post(
        f"/api/v1/leads/{lead.pk}/hand-off/",
        {"to": sam.pk, "brief": {"need": "40 trucks"}, "waived": {"when": "Would not say"}},
    )

    assert answer.status_code == 201, answer.content
    assert {item["key"]: item["waived_reason"] for item in answer.json()["brief"]} == {
        "need": "",
        "when": "Would not say",
    }


def test_a_return_is_contested_and_decided(handoff, software_of, mia, sam, mara, sven):
    base = f"/api/v1/handoffs/{handoff.pk}"
    software_of(sam).post(f"{base}/return/", {"reason": "outside_definition", "note": "Too small"})
    assert software_of(mia).post(f"{base}/contest/", {"words": "60 vehicles"}).status_code == 200

    first = software_of(mara).post(f"{base}/decide/", {"decision": "upheld"})
    assert first.json()[0]["state"] == "CONTESTED"
    second = software_of(sven).post(f"{base}/decide/", {"decision": "upheld", "words": "Indeed"})

    assert second.json()[0]["state"] == "UPHELD"
    assert {said["side"] for said in second.json()[0]["decisions"]} == {"MARKETING", "SALES"}
    late = software_of(mia).post(f"{base}/contest/", {"words": "Again"})
    assert late.status_code == 409
    assert Return.objects.get().state == "UPHELD"


def test_claims_are_checked_after_a_conversation(handoff, software_of, sam, fin):
    base = f"/api/v1/handoffs/{handoff.pk}"
    early = software_of(sam).post(f"{base}/claims/", {"findings": {"brief-need": "confirmed"}})
    assert early.status_code == 409

    software_of(sam).post(f"{base}/contact/", {"channel": "call", "result": "spoke"})
    answer = software_of(sam).post(
        f"{base}/claims/", {"findings": {"brief-need": "confirmed", "brief-when": "denied"}}
    )

    assert {claim["id"]: claim["finding"] for claim in answer.json()} == {
        "brief-need": "CONFIRMED",
        "brief-when": "DENIED",
    }
    unknown = software_of(sam).post(f"{base}/claims/", {"findings": {"nonsense": "denied"}})
    assert unknown.status_code == 422
    held = software_of(fin).get("/api/v1/claims/precision/?period=all").json()
    assert (held["all"]["confirmed"], held["all"]["denied"], held["all"]["precision"]) == (1, 1, 0.5)
    assert software_of(fin).get("/api/v1/claims/precision/?period=x").status_code == 400


def test_nobody_is_disqualified_before_a_contact(handoff, software_of, sam, lead):
    answer = software_of(sam).post(f"/api/v1/leads/{lead.pk}/disqualify/", {"reason": "Too small"})

    assert answer.status_code in (403, 409)
    lead.refresh_from_db()
    assert lead.stage == Stage.SQL
