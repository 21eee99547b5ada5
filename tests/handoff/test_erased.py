"""Of a person who was erased nothing is written any more, whatever stood open; what ends the lead stays possible."""

import pytest

from handoff.models import Handoff, Message, State
from leads import erasing
from leads.models import Activity, ErasureReason, Lead, Stage
from sla.queue import bulk
from tests.conftest import TUESDAY_NOON
from tests.handoff.moments import TUESDAY_ONE

pytestmark = pytest.mark.usefixtures("noon", "promised")
CALL = {"channel": "CALL", "result": "SPOKE", "note": "She is kind"}
LATER = {"next_step": "Call her", "next_step_at": "2026-11-26T10:00"}


@pytest.fixture
def erased(handoff, max) -> Handoff:
    """It waits for an answer of sam."""
    erasing.erase_contact(handoff.lead.contact, by=max, reason=ErasureReason.ASKED, at=TUESDAY_NOON)
    return Handoff.objects.get(pk=handoff.pk)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/handoffs/{handoff}/say/", {"text": "She prefers mail"}),
        ("/handoffs/{handoff}/ask/", {"question": "Who is she?"}),
        ("/leads/{lead}/contact/", CALL),
        ("/leads/{lead}/next-step/", LATER),
        ("/queue/{lead}/contact/", CALL),
        ("/queue/{lead}/next-step/", LATER),
    ],
)
def test_sales_writes_nothing_more(erased, signed_in, sam, address, words):
    answer = signed_in(sam).post(address.format(handoff=erased.pk, lead=erased.lead_id), words)

    assert answer.status_code == 403
    assert "This person was erased" in answer.content.decode()
    erased.refresh_from_db()
    assert (erased.state, erased.first_contact_at, Message.objects.count()) == (State.SENT, None, 0)
    assert Lead.objects.get().next_step_at is None


def test_a_question_that_was_asked_stays_without_an_answer(handoff, signed_in, sam, mia, max):
    handoff.ask("Who signs?", by=sam, at=TUESDAY_NOON)
    erasing.erase_contact(handoff.lead.contact, by=max, reason=ErasureReason.ASKED, at=TUESDAY_NOON)

    answer = signed_in(mia).post(f"/handoffs/{handoff.pk}/reply/", {"answer": "She does"})

    assert answer.status_code == 403
    assert not Handoff.objects.get().reply_text


def test_marketing_neither_judges_nor_hands_over(lead, signed_in, mia, max):
    erasing.erase_contact(lead.contact, by=max, reason=ErasureReason.ASKED, at=TUESDAY_NOON)

    for address in (f"/qualify/{lead.pk}/judge/", f"/leads/{lead.pk}/hand-off/"):
        assert signed_in(mia).post(address, {}).status_code == 403
    assert not Activity.objects.exclude(body="").exists()


def test_many_at_once_leave_it_out(erased, sam):
    planned = bulk.plan("SNOOZE", [erased.lead_id], by=sam)

    assert [skipped.why for skipped in planned.skipped] == ["was erased"]
    assert planned.ready == []


def test_no_button_leads_to_a_refusal(erased, signed_in, sam):
    pages = [f"/leads/{erased.lead_id}/", f"/handoffs/{erased.pk}/"]
    shown = "".join(signed_in(sam).get(address).content.decode() for address in pages)

    for gone in ("/say/", "/ask/", "/coffee/", f"/leads/{erased.lead_id}/contact/", "/next-step/"):
        assert gone not in shown
    assert f"/handoffs/{erased.pk}/return/" in shown


def test_it_can_still_be_returned_and_ended(erased, sam, mia):
    erased.return_("WRONG_ROUTE", "", by=sam, at=TUESDAY_NOON)

    lead = Lead.objects.get()
    lead.disqualify("Erased", by=mia, at=TUESDAY_ONE)
    assert lead.stage == Stage.DISQUALIFIED
