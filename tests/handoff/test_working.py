"""The rep logs contacts, plans steps and brings the lead to its outcome, in a browser without JavaScript."""

from datetime import timedelta

import pytest

from handoff.models import Handoff, State
from leads.models import Activity, ActivityKind, Lead, Stage
from tests.conftest import TUESDAY_NOON
from tests.factories import LeadFactory
from tests.handoff.moments import TUESDAY_ELEVEN

pytestmark = pytest.mark.usefixtures("noon")

SPOKE = {"channel": "CALL", "result": "SPOKE"}


def page_of(lead, name) -> str:
    return f"/leads/{lead.pk}/{name}/"


def fresh(lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


@pytest.fixture
def called(handoff, sam):
    """Sam spoke to the lead at eleven."""
    handoff.log_contact("CALL", "SPOKE", by=sam, at=TUESDAY_ELEVEN)
    return fresh(handoff.lead)


def test_logging_a_call_just_now(signed_in, handoff, sam):
    response = signed_in(sam).post(page_of(handoff.lead, "contact"), SPOKE | {"note": "Wants a demo"})

    assert response.status_code == 302
    attempt = handoff.contact_attempts.get()
    assert (attempt.occurred_at, attempt.note, attempt.made_by) == (TUESDAY_NOON, "Wants a demo", sam)
    assert fresh(handoff.lead).stage == Stage.CONTACTED


def test_logging_a_call_of_this_morning(signed_in, handoff, sam):
    signed_in(sam).post(page_of(handoff.lead, "contact"), SPOKE | {"occurred_at": "2026-11-24T11:00"})

    assert Handoff.objects.get(pk=handoff.pk).first_contact_at == TUESDAY_ELEVEN


@pytest.mark.parametrize("moment", ["2026-11-24T12:01", "2026-11-24T09:00", "yesterday"])
def test_a_moment_that_cannot_be_is_asked_again_and_nothing_is_lost(signed_in, handoff, sam, moment):
    typed = SPOKE | {"occurred_at": moment, "note": "Wants a demo"}

    response = signed_in(sam).post(page_of(handoff.lead, "contact"), typed)

    assert response.status_code == 422
    assert "Wants a demo" in response.content.decode()
    assert not handoff.contact_attempts.exists()


def test_a_call_back_asks_when(signed_in, handoff, sam):
    response = signed_in(sam).post(page_of(handoff.lead, "contact"), SPOKE | {"result": "CALL_BACK"})

    assert response.status_code == 422
    assert "Say when" in response.content.decode()


def test_the_next_step_comes_along(signed_in, handoff, sam):
    step = {"next_step": "Send the offer", "next_step_at": "2026-11-25T10:00"}

    signed_in(sam).post(page_of(handoff.lead, "contact"), SPOKE | step)

    lead = fresh(handoff.lead)
    assert (lead.next_step, lead.next_step_at) == ("Send the offer", TUESDAY_NOON.replace(day=25, hour=10))
    assert Activity.objects.get(lead=lead, kind=ActivityKind.NEXT_STEP).title == "Send the offer"


def test_a_contact_fulfils_the_step_that_was_due(signed_in, called, sam):
    Lead.objects.filter(pk=called.pk).update(next_step="Call", next_step_at=TUESDAY_ELEVEN)

    signed_in(sam).post(page_of(called, "contact"), SPOKE)

    assert fresh(called).next_step_at is None


def test_a_contact_leaves_a_step_that_is_still_to_come(signed_in, called, sam):
    tomorrow = TUESDAY_NOON + timedelta(days=1)
    Lead.objects.filter(pk=called.pk).update(next_step="Call", next_step_at=tomorrow)

    signed_in(sam).post(page_of(called, "contact"), SPOKE)

    assert fresh(called).next_step_at == tomorrow


def test_a_step_in_the_past_is_refused(signed_in, called, sam):
    response = signed_in(sam).post(page_of(called, "next-step"), {"next_step_at": "2026-11-24T11:59"})

    assert response.status_code == 422
    assert "lies ahead" in response.content.decode()


def test_an_imported_lead_without_a_hand_off_is_called_too(signed_in, sam):
    lead = LeadFactory(stage=Stage.ACCEPTED, owner=sam, accepted_at=TUESDAY_ELEVEN)

    signed_in(sam).post(page_of(lead, "contact"), SPOKE | {"note": "Old friend"})

    assert fresh(lead).stage == Stage.CONTACTED
    assert Activity.objects.get(lead=lead).body == "Old friend"


def test_opening_winning(signed_in, called, handoff, sam):
    rep = signed_in(sam)
    offer = {"amount": "12500", "currency": "EUR", "expected_on": "2027-01-31"}

    rep.post(page_of(called, "open-opportunity"), offer)
    rep.post(page_of(called, "win"), {"amount": "11000.50"})

    lead = fresh(called)
    assert (lead.stage, str(lead.opportunity.amount)) == (Stage.CUSTOMER, "11000.50")
    assert Handoff.objects.get(pk=handoff.pk).state == State.CLOSED


@pytest.mark.parametrize(
    ("act", "stage"), [("lose", Stage.LOST), ("recycle", Stage.RECYCLED), ("disqualify", Stage.DISQUALIFIED)]
)
def test_ending_asks_for_a_reason(signed_in, called, sam, act, stage):
    rep = signed_in(sam)

    assert rep.post(page_of(called, act), {"reason": " "}).status_code == 422
    rep.post(page_of(called, act), {"reason": "Price"})

    assert (fresh(called).stage, fresh(called).reason) == (stage, "Price")


@pytest.mark.parametrize("amount", ["-1", "a lot", "9" * 20])
def test_an_amount_that_is_none_is_asked_again(signed_in, called, sam, amount):
    response = signed_in(sam).post(page_of(called, "win"), {"amount": amount})

    assert response.status_code == 422
    assert fresh(called).stage == Stage.CONTACTED


def test_a_second_click_on_won_is_told(signed_in, called, sam):
    rep = signed_in(sam)
    rep.post(page_of(called, "win"), {"amount": "1"})

    response = rep.post(page_of(called, "win"), {"amount": "2"})

    assert response.status_code == 409
    assert fresh(called).opportunity.amount == 1


@pytest.mark.parametrize("act", ["contact", "next-step", "open-opportunity", "win", "lose"])
@pytest.mark.parametrize("person", ["mia", "sonia", "fin", "ada"])
def test_who_does_not_have_the_lead_does_not_work_it(signed_in, called, request, act, person):
    response = signed_in(request.getfixturevalue(person)).post(page_of(called, act), SPOKE)

    assert response.status_code == 403
    assert fresh(called).stage == Stage.CONTACTED


def test_marketing_takes_back_what_sales_has_not_accepted(signed_in, handoff, mia):
    signed_in(mia).post(page_of(handoff.lead, "recycle"), {"reason": "Competitor"})

    assert Handoff.objects.get(pk=handoff.pk).state == State.CLOSED


def test_marketing_does_not_disqualify_what_waits_for_sales(signed_in, handoff, mia):
    assert signed_in(mia).post(page_of(handoff.lead, "disqualify"), {"reason": "x"}).status_code == 403
    assert signed_in(mia).post(f"/qualify/{handoff.lead_id}/discard/", {"reason": "x"}).status_code == 409
    assert fresh(handoff.lead).stage == Stage.SQL


def test_not_a_fit_before_the_first_contact_asks_how_the_contact_went(signed_in, handoff, sam):
    rep = signed_in(sam)
    page = rep.get(page_of(handoff.lead, "disqualify")).content.decode()
    assert "Nobody has contacted this lead yet" in page

    rep.post(page_of(handoff.lead, "disqualify"), {"reason": "x"})
    assert fresh(handoff.lead).stage == Stage.SQL, "nothing was said of a contact"

    rep.post(
        page_of(handoff.lead, "disqualify"),
        {"reason": "Fleet too small", "channel": "CALL", "result": "SPOKE"},
    )

    handoff.refresh_from_db()
    assert fresh(handoff.lead).stage == Stage.DISQUALIFIED
    assert (handoff.attempts, handoff.outcome) == (1, "DISQUALIFIED")


@pytest.mark.parametrize("act", ["recycle", "disqualify"])
def test_what_sales_has_marketing_does_not_end(signed_in, called, mia, act):
    assert signed_in(mia).post(page_of(called, act), {"reason": "x"}).status_code == 403


def test_the_team_lead_works_for_his_people(signed_in, called, sven):
    signed_in(sven).post(page_of(called, "lose"), {"reason": "Price"})

    assert fresh(called).stage == Stage.LOST
