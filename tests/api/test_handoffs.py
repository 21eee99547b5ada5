"""A hand-off from the API, from delivery to customer."""

import pytest
from django.utils import timezone

from leads import erasing
from leads.models import ErasureReason, Lead, Stage
from sla.models import Clock
from tests.factories import BRIEF, AgreementFactory, LeadFactory

pytestmark = pytest.mark.django_db
TOLD = {item["key"]: "Asked for a price" for item in BRIEF}


@pytest.fixture
def lead(db):
    AgreementFactory()
    now = timezone.now()
    return LeadFactory(stage=Stage.SQL, captured_at=now, sql_at=now)


@pytest.fixture
def handed_over(lead, software_of, mia, sam):
    answer = software_of(mia).post(f"/api/v1/leads/{lead.pk}/hand-off/", {"to": sam.pk, "brief": TOLD})
    assert answer.status_code == 201, answer.content
    return answer.json()["id"]


def test_a_brief_that_lacks_something_is_refused_by_name(lead, software_of, mia, sam):
    answer = software_of(mia).post(f"/api/v1/leads/{lead.pk}/hand-off/", {"to": sam.pk, "brief": {}})

    assert answer.status_code == 422
    assert set(answer.json()["missing"]) <= set(TOLD)
    assert not Clock.objects.exists()


@pytest.mark.parametrize("to", ["nobody", 0, -1, 10**30, True, None, [], {}])
def test_nobody_like_that_receives_it(lead, software_of, mia, to):
    assert (
        software_of(mia).post(f"/api/v1/leads/{lead.pk}/hand-off/", {"to": to, "brief": TOLD}).status_code
        == 400
    )


def test_it_shows_its_clock(handed_over, software_of, sam):
    clock = software_of(sam).get(f"/api/v1/handoffs/{handed_over}/").json()["clock"]

    assert clock["measure"] == "ANSWER"
    assert clock["state"] in ("calm", "paused")
    assert 0 < clock["remaining_seconds"] <= 7200


def test_the_second_of_two_is_told_who_was_first(handed_over, software_of, sam, sven):
    software_of(sam).post(f"/api/v1/handoffs/{handed_over}/accept/")

    answer = software_of(sven).post(f"/api/v1/handoffs/{handed_over}/accept/")

    assert answer.status_code == 409
    assert (answer.json()["who"], answer.json()["what"]) == ("Sam Smit", "ACCEPTED")


def test_only_the_receiver_answers(handed_over, software_of, sonia):
    assert software_of(sonia).post(f"/api/v1/handoffs/{handed_over}/accept/").status_code == 403


def test_a_question_and_its_answer(handed_over, software_of, sam, mia):
    software_of(sam).post(f"/api/v1/handoffs/{handed_over}/ask/", {"question": "Who signs?"})

    answer = software_of(mia).post(f"/api/v1/handoffs/{handed_over}/answer/", {"answer": "The owner"}).json()

    assert (answer["question"], answer["answer"], answer["state"]) == ("Who signs?", "The owner", "SENT")


def test_returning_needs_a_known_reason(handed_over, software_of, sam):
    assert (
        "reason"
        in software_of(sam)
        .post(f"/api/v1/handoffs/{handed_over}/return/", {"reason": "mood"})
        .json()["errors"]
    )


def test_from_contact_to_customer(handed_over, lead, software_of, sam):
    rep = software_of(sam)
    rep.post(
        f"/api/v1/handoffs/{handed_over}/contact/",
        {"channel": "call", "result": "spoke", "note": "Good talk"},
    )
    rep.post(f"/api/v1/leads/{lead.pk}/open-opportunity/", {"amount": "1200.00", "expected_on": "2027-01-15"})
    won = rep.post(f"/api/v1/leads/{lead.pk}/win/", {"amount": "1100.00"})

    assert won.json()["stage"] == "CUSTOMER"
    assert Lead.objects.get(pk=lead.pk).opportunity.amount == 1100
    assert rep.get(f"/api/v1/handoffs/{handed_over}/").json()["outcome"] == "WON"


@pytest.mark.parametrize(("query", "found"), [
    ("", 1), ("state=SENT", 1), ("state=CLOSED", 0), ("hot=false", 1), ("hot=true", 0), ("overdue=true", 0), ("overdue=false", 1), ("receiver=mine", 1),
    ("receiver=pool", 0), ("sender=mine", 0),
])  # fmt: skip
def test_a_list_is_narrowed(handed_over, software_of, sam, query, found):
    assert software_of(sam).get(f"/api/v1/handoffs/?{query}").json()["count"] == found


@pytest.mark.parametrize("query", ["state=LATE", "hot=maybe", "receiver=sam", "colour=red", "overdue="])
def test_an_unknown_filter_is_named(handed_over, software_of, sam, query):
    answer = software_of(sam).get(f"/api/v1/handoffs/?{query}")

    assert query.partition("=")[0] in answer.json()["errors"]


def test_a_clock_explains_itself(handed_over, software_of, sam):
    clock = software_of(sam).get("/api/v1/clocks/").json()["results"][0]

    told = software_of(sam).get(f"/api/v1/clocks/{clock['id']}/explain/").json()

    assert sum(block["seconds"] for block in told["blocks"]) == told["target_seconds"]


def test_the_agreement_in_force_is_readable(lead, software_of, fin):
    agreement = software_of(fin).get("/api/v1/agreements/current/").json()

    assert {signature["side"] for signature in agreement["signatures"]} == {"MARKETING", "SALES"}
    assert agreement["terms"][0]["sentence"]


def test_without_an_agreement_there_is_none(db, software_of, fin):
    assert software_of(fin).get("/api/v1/agreements/current/").status_code == 404


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("ask", {"question": "Who is she?"}),
        ("contact", {"channel": "call", "result": "spoke", "note": "She is kind"}),
        ("messages", {"text": "She prefers mail"}),
    ],
)
def test_of_a_person_who_was_erased_nothing_is_written(hand_over, software_of, sam, max, act, words):
    handoff = hand_over(sam)
    erasing.erase_contact(handoff.lead.contact, by=max, reason=ErasureReason.ASKED, at=timezone.now())

    answer = software_of(sam).post(f"/api/v1/handoffs/{handoff.pk}/{act}/", words, format="json")

    assert (answer.status_code, "was erased" in answer.json()["detail"]) == (403, True)
