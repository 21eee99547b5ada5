"""Every act that can be undone, undone in the browser by the key of its toast; and what the other side did first stays."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from handoff.models import Handoff, State
from handoff.usual_brief import USUAL_BRIEF
from leads import deals
from leads.models import Lead, Stage
from tests.factories import AgreementFactory, CriteriaSetFactory, LeadFactory

BRIEF = {"why_now": "Asked for a price for 40 trucks", "wants": "Fuel cost down 8 % before spring"}
AT = f"{timezone.localdate() + timedelta(days=2)}T10:00"


@pytest.fixture
def lead(transactional_db) -> Lead:
    AgreementFactory(brief_items=USUAL_BRIEF)
    CriteriaSetFactory(version=1, lines=[])
    an_hour_ago = timezone.now() - timedelta(hours=1)
    return LeadFactory(stage=Stage.SQL, captured_at=an_hour_ago, sql_at=an_hour_ago)


@pytest.fixture
def handoff(lead, mia, sam) -> Handoff:
    return Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=timezone.now() - timedelta(minutes=50))


def press(page, words) -> None:
    page.locator("main").get_by_role("button", name=words).first.click()


def undo(page, what) -> None:
    """By the key of the toast, as a rep does it."""
    expect(page.locator("#toasts")).to_contain_text("Undo")
    page.keyboard.press("z")
    expect(page.locator("#toasts")).to_contain_text(f"Undone: {what}, Noor de Wit.")


def accept(page):
    press(page, "Accept")


def ask(page):
    page.keyboard.press("i")
    page.get_by_label("What do you need to know?").fill("Who signs?")
    page.keyboard.press("Control+Enter")


def give_back(page):
    page.keyboard.press("r")
    page.get_by_label("Duplicate").press("Space")
    page.keyboard.press("Control+Enter")


@pytest.mark.parametrize(
    ("act", "what"), [(accept, "Accepted"), (ask, "Asked for information"), (give_back, "Returned")]
)
def test_an_answer_is_undone(handoff, sam, browser_of, act, what):
    page = browser_of(sam)
    page.goto(f"/handoffs/{handoff.pk}/")

    act(page)
    undo(page, what)

    handoff.refresh_from_db()
    assert handoff.state == State.SENT
    assert Lead.objects.get().stage == Stage.SQL
    page.goto("/handoffs/")
    expect(page.locator("#handoff-detail h2")).to_have_text("Noor de Wit")


def test_a_hand_over_is_undone_and_a_reply_too(handoff, lead, sam, mia, browser_of):
    page = browser_of(mia)
    handoff.ask("Who signs?", by=sam, at=timezone.now())
    page.goto(f"/handoffs/{handoff.pk}/reply/")
    page.get_by_label("Your answer").fill("The owner")
    page.keyboard.press("Control+Enter")
    undo(page, "Answered the question")
    assert Handoff.objects.get().state == State.ASKED

    handoff.refresh_from_db()
    handoff.return_("DUPLICATE", "", by=sam, at=timezone.now())
    page.goto(f"/leads/{lead.pk}/hand-off/")
    page.keyboard.press("Control+Enter")
    undo(page, "Handed over")
    assert Handoff.objects.latest("id").state == State.WITHDRAWN


def test_a_contact_and_a_next_step_are_undone(handoff, lead, sam, browser_of):
    handoff.accept(by=sam, at=timezone.now() - timedelta(minutes=30))
    page = browser_of(sam)
    page.goto(f"/leads/{lead.pk}/contact/")
    page.keyboard.press("2")
    page.keyboard.press("Control+Enter")
    undo(page, "Contact logged")
    assert Handoff.objects.get().first_contact_at is None

    page.goto(f"/leads/{lead.pk}/next-step/")
    page.get_by_label("Snooze until").fill(AT)
    page.keyboard.press("Control+Enter")
    undo(page, "Next step planned")
    assert Lead.objects.get().next_step_at is None


def test_outcomes_are_undone(handoff, lead, sam, browser_of):
    handoff.log_contact("CALL", "SPOKE", by=sam, at=timezone.now() - timedelta(minutes=20))
    page = browser_of(sam)

    page.goto(f"/leads/{lead.pk}/open-opportunity/")
    page.get_by_label("Amount").fill("40000")
    page.keyboard.press("Control+Enter")
    undo(page, "Opportunity opened")
    assert Lead.objects.get().stage == Stage.CONTACTED

    deals.open_opportunity(Lead.objects.get(), amount=None, by=sam, at=timezone.now())
    for address, what in (
        ("win", "Won"),
        ("lose", "Lost"),
        ("disqualify", "Disqualified"),
        ("recycle", "Recycled"),
    ):
        page.goto(f"/leads/{lead.pk}/{address}/")
        reason = page.get_by_label("Reason")
        if reason.count():
            reason.fill("They merge with a competitor")
        page.keyboard.press("Control+Enter")
        undo(page, what)
        assert Lead.objects.get().stage == Stage.OPPORTUNITY, what


def test_a_lead_that_is_passed_on_comes_back(handoff, sam, sonia, sven, browser_of):
    page = browser_of(sven)
    page.goto(f"/handoffs/{handoff.pk}/")
    page.keyboard.press("m")
    page.get_by_label("To whom").select_option(label="Sonia Smit")
    page.keyboard.press("Control+Enter")
    undo(page, "Reassigned")

    assert Handoff.objects.get().receiver == sam


def test_what_the_other_side_did_since_is_not_undone(handoff, sam, mia, browser_of):
    page = browser_of(sam)
    page.goto(f"/handoffs/{handoff.pk}/")
    ask(page)
    expect(page.locator("#toasts")).to_contain_text("Undo")
    Handoff.objects.get().reply("The owner", by=mia, at=timezone.now())

    page.keyboard.press("z")

    expect(page.locator("main")).to_contain_text("Mia Smit")
    assert Handoff.objects.get().reply_text == "The owner"


def test_without_javascript_it_is_a_button(handoff, sam, browser_of):
    page = browser_of(sam, java_script_enabled=False)
    page.goto(f"/handoffs/{handoff.pk}/")
    press(page, "Accept")

    page.locator("#toasts").get_by_role("button", name="Undo").click()

    expect(page.locator("#toasts")).to_contain_text("Undone: Accepted, Noor de Wit.")
    assert Handoff.objects.get().state == State.SENT


def test_what_is_said_aloud_is_written_over_nothing(handoff, sam, browser_of):
    page = browser_of(sam)
    page.goto(f"/leads/{handoff.lead_id}/next-step/")
    page.get_by_label("Snooze until").fill(AT)
    page.keyboard.press("Control+Enter")

    expect(page.locator("#say")).to_contain_text("Planned.")
    expect(page.get_by_role("link", name="Say something")).to_be_visible()
