"""New hand-offs announce themselves while the list stays as it is: above it, and in the title of the tab."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from handoff.models import Handoff
from handoff.usual_brief import USUAL_BRIEF
from leads.models import Stage
from tests.factories import AgreementFactory, LeadFactory

BRIEF = {"why_now": "Asked for a price for 40 trucks", "wants": "Fuel cost down 8 % before spring"}


@pytest.fixture
def hand_over(transactional_db, mia, sam):
    AgreementFactory(brief_items=USUAL_BRIEF)

    def send(name) -> Handoff:
        before = timezone.now() - timedelta(minutes=20)
        lead = LeadFactory(stage=Stage.SQL, captured_at=before, sql_at=before, contact__first_name=name)
        return Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=timezone.now())

    return send


def test_two_new_ones_stand_in_the_title_and_move_nothing(hand_over, browser_of, sam):
    hand_over("Noor")
    page = browser_of(sam)
    page.clock.install()
    page.goto("/queue/")
    expect(page).to_have_title("(1) My queue · Smarketing")

    hand_over("Jonas")
    hand_over("Aisha")
    page.clock.run_for(31_000)

    expect(page).to_have_title("(3) My queue · Smarketing")
    expect(page.locator("#queue-news")).to_contain_text("2 new hand-offs.")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.get_by_role("link", name="Show them").click()
    expect(page.locator("[data-row]")).to_have_count(3)
    expect(page).to_have_title("(3) My queue · Smarketing")
