"""The qualify page hands over in one step, and shows first what sales gave back."""

import pytest

from handoff.models import Handoff
from leads.models import Lead, Stage
from tests.conftest import TUESDAY_NOON
from tests.factories import CriteriaSetFactory, LeadFactory

pytestmark = pytest.mark.django_db
BRIEF = {"brief_why_now": "Their lease ends in March", "brief_wants": "Forty vans", "to": "route"}
ANSWERS = {"criteria_version": "7", "answer_decider": "YES"}


@pytest.fixture
def lead():
    CriteriaSetFactory(version=7)
    return LeadFactory(facts={"vehicles": 60})


def test_mark_and_hand_over_in_one_submit(lead, mia, sam, signed_in):
    response = signed_in(mia).post(f"/qualify/{lead.pk}/hand-over/", ANSWERS | BRIEF, follow=True)

    handoff = Handoff.objects.get()
    assert (handoff.lead, handoff.receiver, handoff.sender) == (lead, sam, mia)
    assert handoff.qualification.sales_ready
    assert "Handed over to Sam" in response.content.decode()


def test_an_empty_brief_leaves_the_lead_where_it_was(lead, mia, sam, signed_in):
    response = signed_in(mia).post(f"/qualify/{lead.pk}/hand-over/", ANSWERS | {"to": "route"})

    assert response.status_code == 422
    assert "Why now" in response.content.decode()
    assert Lead.objects.get(pk=lead.pk).stage == Stage.NEW
    assert not Handoff.objects.exists()


def test_a_second_click_is_told_that_it_was_handed_over(lead, mia, mara, sam, signed_in):
    signed_in(mara).post(f"/qualify/{lead.pk}/hand-over/", ANSWERS | BRIEF)

    response = signed_in(mia).post(f"/qualify/{lead.pk}/hand-over/", ANSWERS | BRIEF)

    assert response.status_code == 409
    assert "Mara" in response.content.decode()
    assert Handoff.objects.count() == 1


def test_while_sales_has_it_the_page_only_shows(lead, mia, sam, signed_in):
    client = signed_in(mia)
    client.post(f"/qualify/{lead.pk}/hand-over/", ANSWERS | BRIEF)

    page = client.get(f"/qualify/{lead.pk}/").content.decode()

    assert "Sales has this lead" in page
    assert "Save answers" not in page


def test_what_sales_gave_back_comes_first(lead, mia, sam, signed_in):
    client = signed_in(mia)
    client.post(f"/qualify/{lead.pk}/hand-over/", ANSWERS | BRIEF)
    Handoff.objects.get().return_("INCOMPLETE", "Which vans?", by=sam, at=TUESDAY_NOON)

    page = client.get("/qualify/").content.decode()

    assert "Returned by sales: Brief incomplete" in page
    assert "Which vans?" in page


def test_a_lead_that_was_marked_and_forgotten_comes_first_too(lead, mia, sam, signed_in):
    client = signed_in(mia)
    client.post(f"/qualify/{lead.pk}/mark-sales-ready/", ANSWERS)

    assert "Sales-ready, not handed over yet" in client.get("/qualify/").content.decode()
