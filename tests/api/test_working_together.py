"""The pool, capacity, routing and the conversation, for other software."""

import pytest

from handoff.models import Handoff, PoolTurn, TurnKind
from handoff.usual_brief import USUAL_BRIEF
from leads.models import Stage
from tests.factories import MONDAY_MORNING, AgreementFactory, LeadFactory
from tests.handoff.moments import BRIEF, TUESDAY_TEN


@pytest.fixture
def send(mia, sales):
    def one(to="pool"):
        lead = LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING)
        return Handoff.send(lead, brief=BRIEF, to=to, by=mia, at=TUESDAY_TEN)

    return one


def test_the_next_one_is_reserved(software_of, send, sam):
    handoff = send()

    answer = software_of(sam).post("/api/v1/handoffs/pool/next/")

    assert answer.status_code == 200
    assert answer.json()["id"] == handoff.pk
    assert answer.json()["reserved_until"] is not None
    assert software_of(sam).post("/api/v1/handoffs/pool/next/").json()["id"] == handoff.pk


def test_an_empty_pool_has_no_content(software_of, sam):
    assert software_of(sam).post("/api/v1/handoffs/pool/next/").status_code == 204


def test_letting_it_pass_needs_a_reason(software_of, send, sam):
    handoff, client = send(), software_of(sam)
    client.post("/api/v1/handoffs/pool/next/")
    url = f"/api/v1/handoffs/{handoff.pk}/skip/"

    assert client.post(url, {}).status_code in (400, 422)
    answer = client.post(url, {"reason": "language"})

    assert (answer.status_code, answer.json()["reason"]) == (200, "LANGUAGE")
    assert PoolTurn.objects.filter(kind=TurnKind.SKIPPED).count() == 1
    assert client.post(url, {"reason": "language"}).status_code == 422


def test_what_a_colleague_looks_at_is_a_conflict_that_names_him(software_of, send, sam, sonia):
    handoff = send()
    software_of(sam).post("/api/v1/handoffs/pool/next/")

    answer = software_of(sonia).post(f"/api/v1/handoffs/{handoff.pk}/claim/")

    assert (answer.status_code, answer.json()["who"]) == (409, "Sam Smit")


def test_capacity_week_by_week(software_of, sam, mia):
    AgreementFactory(brief_items=USUAL_BRIEF, terms={"CAPACITY": {"target_count": 210}})

    body = software_of(mia).get("/api/v1/capacity/").json()

    assert body["promised_per_month"] == 210
    assert len(body["weeks"]) == 6
    assert body["weeks"][1]["room"] > 0


def test_the_dry_run_says_who_and_why(software_of, send, sam, sonia):
    send(sam)

    body = software_of(sonia).get("/api/v1/routing/dry-run/").json()

    [row] = body["handoffs"]
    assert (row["receiver"]["name"], row["would_receive"]["name"], row["same"]) == (
        "Sam Smit",
        "Sam Smit",
        True,
    )
    assert row["because"] == "Fewest open hand-offs of those present: 0."


def test_a_message_with_a_mention(software_of, send, sam, mia):
    handoff, client = send(sam), software_of(mia)
    url = f"/api/v1/handoffs/{handoff.pk}/messages/"

    answer = client.post(url, {"text": "Call before four", "mentions": [sam.pk]})

    assert answer.status_code == 201
    assert [person["name"] for person in answer.json()["mentions"]] == ["Sam Smit"]
    assert [message["text"] for message in client.get(url).json()["messages"]] == ["Call before four"]


@pytest.mark.parametrize("mentions", [[999_999], ["sam"], "sam", [2**70]])
def test_only_colleagues_are_mentioned(software_of, send, sam, mia, mentions):
    url = f"/api/v1/handoffs/{send(sam).pk}/messages/"

    answer = software_of(mia).post(url, {"text": "Look", "mentions": mentions})

    assert answer.status_code in (400, 422)
    assert software_of(mia).get(url).json()["messages"] == []


def test_the_same_message_twice_is_written_once(software_of, send, sam, mia):
    url, client = f"/api/v1/handoffs/{send(sam).pk}/messages/", software_of(mia)
    for _ in range(2):
        client.post(url, {"text": "Look"}, headers={"Idempotency-Key": "look-1"})

    assert len(client.get(url).json()["messages"]) == 1
