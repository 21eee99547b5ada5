"""Marketing fills in the brief in a browser without JavaScript."""

import pytest

from handoff.models import Handoff
from leads.models import Stage
from smarketing.accounts.models import Absence
from tests.conftest import TUESDAY_NOON
from tests.factories import MONDAY_MORNING, LeadFactory
from tests.handoff.moments import TUESDAY_ELEVEN

pytestmark = pytest.mark.usefixtures("noon")

TYPED = {"brief_why_now": "Asked for a price", "brief_wants": "Lower costs", "to": "route"}


def form_of(lead) -> str:
    return f"/leads/{lead.pk}/hand-off/"


def test_the_form_asks_what_the_rules_demand(signed_in, lead, mia, sam):
    page = signed_in(mia).get(form_of(lead)).content.decode()

    for words in ("Why now", "What they want", "Who decides", "The pool", "Sam Smit (0)"):
        assert words in page


def test_an_absent_colleague_is_not_offered(signed_in, lead, mia, sam):
    Absence.objects.create(user=sam, starts_at=MONDAY_MORNING, ends_at=TUESDAY_NOON.replace(hour=17))

    assert "Sam Smit" not in signed_in(mia).get(form_of(lead)).content.decode()


@pytest.mark.parametrize("to", ["route", "named", "pool"])
def test_handing_over(signed_in, lead, mia, sam, to):
    signed_in(mia).post(form_of(lead), TYPED | {"to": str(sam.pk) if to == "named" else to})

    handoff = Handoff.objects.get(lead=lead)
    assert handoff.receiver == (None if to == "pool" else sam)
    assert handoff.brief_items.get(key="wants").text == "Lower costs"


def test_what_was_typed_stays_when_something_is_missing(signed_in, lead, mia, sam):
    response = signed_in(mia).post(form_of(lead), TYPED | {"brief_wants": "", "brief_careful": "Invoice"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "Asked for a price" in page
    assert "Invoice" in page
    assert "<title>Error:" in page
    assert not Handoff.objects.exists()


def test_a_lead_that_is_not_ready_says_so(signed_in, mia, sam):
    lead = LeadFactory(stage=Stage.MQL)

    response = signed_in(mia).post(form_of(lead), TYPED)

    assert response.status_code == 422
    assert "not sales-ready" in response.content.decode()


def test_the_second_of_two_senders_is_told(signed_in, handoff, mara):
    response = signed_in(mara).post(form_of(handoff.lead), TYPED)

    assert response.status_code == 409
    assert "Mia Smit handed this over at 10:00." in response.content.decode()


def test_a_lead_that_is_handed_over_shows_its_hand_off(signed_in, handoff, mia):
    assert signed_in(mia).get(form_of(handoff.lead)).url == f"/handoffs/{handoff.pk}/"


def test_a_receiver_who_is_not_in_the_list_is_refused(signed_in, lead, mia, mara, sam):
    response = signed_in(mia).post(form_of(lead), TYPED | {"to": str(mara.pk)})

    assert response.status_code == 422
    assert not Handoff.objects.exists()


@pytest.mark.parametrize("person", ["sam", "fin", "ada"])
def test_only_marketing_hands_over(signed_in, lead, request, person):
    response = signed_in(request.getfixturevalue(person)).post(form_of(lead), TYPED)

    assert response.status_code == 403
    assert not Handoff.objects.exists()


def test_after_a_return_the_reason_is_seen_and_it_can_be_sent_again(signed_in, handoff, mia, sam):
    handoff.return_("OUTSIDE_DEFINITION", "They have 4 trucks", by=sam, at=TUESDAY_ELEVEN)
    marketer = signed_in(mia)

    assert "They have 4 trucks" in marketer.get(f"/handoffs/{handoff.pk}/").content.decode()

    marketer.post(form_of(handoff.lead), TYPED)
    assert Handoff.objects.filter(lead=handoff.lead).count() == 2
