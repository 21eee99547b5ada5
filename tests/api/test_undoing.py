"""Taking back from the API: as from the page, with who acted since."""

import pytest

from handoff.models import Handoff
from leads.models import Act

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted(hand_over, software_of, sam) -> Handoff:
    handoff = hand_over(sam)
    software_of(sam).post(f"/api/v1/handoffs/{handoff.pk}/accept/", {})
    return handoff


def acts_of(handoff, software):
    return software.get(f"/api/v1/leads/{handoff.lead_id}/acts/").json()


def test_acts_tell_what_can_be_taken_back(accepted, software_of, mia, sam):
    latest, sent = acts_of(accepted, software_of(mia))

    assert (latest["act"], latest["words"], latest["by"]["id"]) == ("ACCEPT", "Accepted", sam.pk)
    assert (sent["act"], sent["by"]["id"]) == ("HAND_OVER", mia.pk)
    assert latest["undo_before"] > latest["at"]


def test_what_was_undone_stands_as_before(accepted, software_of, sam):
    key = acts_of(accepted, software_of(sam))[0]["key"]

    answer = software_of(sam).post(f"/api/v1/acts/{key}/undo/")

    assert answer.status_code == 200, answer.content
    assert answer.json()[0]["undone_at"]
    assert software_of(sam).get(f"/api/v1/handoffs/{accepted.pk}/").json()["state"] == "SENT"


def test_a_second_undo_is_told_so(accepted, software_of, sam):
    key = acts_of(accepted, software_of(sam))[0]["key"]
    software_of(sam).post(f"/api/v1/acts/{key}/undo/")

    again = software_of(sam).post(f"/api/v1/acts/{key}/undo/")

    assert again.status_code == 409
    assert again.json()["detail"] == "This was undone already."


def test_once_the_other_side_acted_it_says_who(accepted, software_of, mia, sam):
    sent = acts_of(accepted, software_of(mia))[1]

    answer = software_of(mia).post(f"/api/v1/acts/{sent['key']}/undo/")

    assert answer.status_code == 409
    assert (answer.json()["who"], answer.json()["what"]) == ("Sam Smit", "ACCEPT")


def test_what_somebody_else_did_is_not_yours_to_undo(accepted, software_of, sonia):
    key = Act.objects.get(kind="ACCEPT").key

    assert software_of(sonia).post(f"/api/v1/acts/{key}/undo/").status_code == 404
    assert Handoff.objects.get(pk=accepted.pk).state == "ACCEPTED"
