"""What a rep must know before he dials."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoff.models import EventKind, Handoff
from leads.models import Contact
from tests.factories import ActivityFactory, LeadFactory
from tests.handoff.moments import TUESDAY_ELEVEN

pytestmark = pytest.mark.usefixtures("noon")


def sheet(client, lead) -> str:
    return client.get(f"/leads/{lead.pk}/call-sheet/").content.decode()


def test_it_shows_who_why_and_what_is_missing(signed_in, promised, handoff, sam):
    ActivityFactory(lead=handoff.lead, title="Price request")

    page = sheet(signed_in(sam), handoff.lead)

    for words in (
        "Noor de Wit",
        "Asked for a price for 40 trucks",
        "Price request",
        "Call before",
        "Not given",
    ):
        assert words in page
    assert 'href="tel:+31205550134"' in page


@pytest.mark.parametrize("consent", ["No (mail of 3 May)", "nee"])
def test_without_permission_there_is_no_number_to_dial(signed_in, handoff, sam, consent):
    Contact.objects.filter(pk=handoff.lead.contact_id).update(consent=consent)

    page = sheet(signed_in(sam), handoff.lead)

    assert "Do not call: no permission." in page
    assert "tel:" not in page


def test_who_asked_not_to_be_contacted_is_not_called(signed_in, handoff, sam):
    Contact.objects.filter(pk=handoff.lead.contact_id).update(do_not_contact_at=TUESDAY_ELEVEN)

    assert "tel:" not in sheet(signed_in(sam), handoff.lead)


def test_permission_that_begins_like_no_is_no_refusal(signed_in, handoff, sam):
    Contact.objects.filter(pk=handoff.lead.contact_id).update(consent="Noted on the form of 20 Nov")

    assert "tel:" in sheet(signed_in(sam), handoff.lead)


def test_a_lead_without_a_hand_off_has_a_sheet_too(signed_in, lead, fin):
    assert "there is no brief" in sheet(signed_in(fin), lead)


def test_reading_changes_nothing_and_saying_so_is_kept_once(signed_in, handoff, sam):
    rep = signed_in(sam)
    sheet(rep, handoff.lead)
    assert Handoff.objects.get(pk=handoff.pk).prepared_at is None

    for _ in range(2):
        rep.post(f"/leads/{handoff.lead_id}/call-sheet/open/")

    assert handoff.events.filter(kind=EventKind.PREPARED).count() == 1
    assert "I have read this sheet" not in sheet(rep, handoff.lead)


def test_only_the_receiver_prepares(signed_in, handoff, sonia, mia):
    for person in (sonia, mia):
        signed_in(person).post(f"/leads/{handoff.lead_id}/call-sheet/open/")

    assert Handoff.objects.get(pk=handoff.pk).prepared_at is None


def test_an_unknown_lead_has_none(signed_in, sam):
    assert signed_in(sam).get("/leads/999/call-sheet/").status_code == 404


def test_it_costs_the_same_with_a_long_history(signed_in, handoff, sam):
    rep = signed_in(sam)
    sheet(rep, handoff.lead)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            sheet(rep, handoff.lead)
        return len(found)

    before = queries()
    ActivityFactory.create_batch(12, lead=handoff.lead)

    assert queries() == before


def test_a_hostile_name_is_shown_as_typed(signed_in, sam):
    lead = LeadFactory(contact__first_name="<b>x</b>\"'", contact__last_name="")

    page = sheet(signed_in(sam), lead)

    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x" in page
