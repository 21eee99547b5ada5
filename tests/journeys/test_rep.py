"""A rep's morning, without a mouse: the inbox, the queue, the call sheet. axe finds nothing on any of these pages."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from handoff.models import Handoff, State
from handoff.usual_brief import USUAL_BRIEF
from leads.models import Contact, Lead, Stage
from tests.browser import PHONE
from tests.factories import AgreementFactory, LeadFactory

BRIEF = {"why_now": "Asked for a price for 40 trucks", "wants": "Fuel cost down 8 % before spring"}
LONG = {item["key"]: ("Zorgvuldigheidsbepalingen " * 100)[: item["max_length"]] for item in USUAL_BRIEF}


@pytest.fixture
def hand_over(transactional_db, mia, sam):
    """`hand_over("Noor")` gave sam a lead an hour ago, under an agreement."""
    AgreementFactory(brief_items=USUAL_BRIEF)
    an_hour_ago = timezone.now() - timedelta(hours=1)

    def send(name, *, brief=BRIEF, to=sam):
        lead = LeadFactory(
            stage=Stage.SQL,
            captured_at=an_hour_ago,
            sql_at=an_hour_ago,
            contact__first_name=name,
        )
        return Handoff.send(lead, brief=brief, to=to, by=mia, at=an_hour_ago)

    return send


def test_the_inbox_by_keyboard(hand_over, browser_of, sam, assert_accessible):
    noor, jonas = hand_over("Noor"), hand_over("Jonas")
    page = browser_of(sam)
    page.goto("/handoffs/")
    assert_accessible(page)

    page.keyboard.press("j")
    expect(page.locator("#handoff-detail h2")).to_have_text("Jonas de Wit")
    page.keyboard.press("k")
    expect(page.locator("#handoff-detail h2")).to_have_text("Noor de Wit")
    page.keyboard.press("a")
    expect(page.get_by_text("Accepted. Noor de Wit is in the queue.")).to_be_visible()
    expect(page.locator("#handoff-detail h2")).to_have_text("Jonas de Wit")

    page.keyboard.press("i")
    page.get_by_label("What do you need to know?").fill("Who signs? a r j")
    assert_accessible(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Asked. The clock waits for marketing.")).to_be_visible()
    assert Handoff.objects.get(pk=noor.pk).state == State.ACCEPTED
    assert Handoff.objects.get(pk=jonas.pk).question == "Who signs? a r j"


def test_returning_by_keyboard(hand_over, browser_of, sam):
    noor = hand_over("Noor")
    page = browser_of(sam)
    page.goto(f"/handoffs/{noor.pk}/")

    page.keyboard.press("r")
    page.get_by_label("Duplicate").press("Space")
    page.get_by_role("button", name="Return", exact=True).press("Enter")

    expect(page.get_by_text("Returned to marketing with your reason.")).to_be_visible()
    assert Handoff.objects.get(pk=noor.pk).state == State.RETURNED


def test_a_day_of_calls_by_keyboard(hand_over, browser_of, sam, assert_accessible):
    noor, jonas, aisha = (hand_over(name) for name in ("Noor", "Jonas", "Aisha"))
    page = browser_of(sam)
    page.goto("/queue/")
    expect(page.get_by_role("heading", name="My queue")).to_be_visible()
    assert_accessible(page)

    page.keyboard.press("l")
    expect(page.get_by_text("How did it go?")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("2")
    page.keyboard.press("l")
    expect(page.locator(f"#lead-{noor.lead_id}")).to_contain_text("Logged: No answer.")
    expect(page.locator(f"#lead-{jonas.lead_id}")).to_be_focused()  # the next row

    page.keyboard.press("j")
    expect(page.locator(f"#lead-{aisha.lead_id}")).to_be_focused()
    page.keyboard.press("t")
    expect(page.locator(f"#call-{aisha.lead_id}")).to_be_focused()
    page.keyboard.press("s")
    page.get_by_label("Snooze until").fill(f"{timezone.localdate() + timedelta(days=1)}T10:00")
    page.get_by_role("button", name="Plan").press("Enter")
    expect(page.locator(f"#lead-{aisha.lead_id}")).to_contain_text("Snoozed.")
    expect(page.locator(f"#lead-{jonas.lead_id}")).to_be_focused()  # after the last row the one before it

    assert Handoff.objects.get(pk=noor.pk).first_attempt_at is not None
    assert Lead.objects.get(pk=aisha.lead_id).next_step_at is not None


def test_a_forgotten_answer_keeps_the_row_open(hand_over, browser_of, sam):
    noor = hand_over("Noor")
    page = browser_of(sam)
    page.goto("/queue/")

    page.keyboard.press("l")
    page.get_by_label("Note").fill("Wants a demo")
    page.locator("form.contact-form button[type=submit]").press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("1 thing needs attention")
    expect(page.get_by_label("Note")).to_have_value("Wants a demo")
    assert not noor.contact_attempts.exists()


def test_somebody_was_first(hand_over, browser_of, sam, sonia):
    noor, _jonas = hand_over("Noor", to="pool"), hand_over("Jonas", to="pool")
    page = browser_of(sonia)
    page.goto(f"/handoffs/{noor.pk}/?tab=pool")
    Handoff.objects.get(pk=noor.pk).accept(by=sam, at=timezone.now())

    page.keyboard.press("a")

    expect(page.get_by_role("alert")).to_contain_text("Sam Smit accepted this at")
    rows, current = page.locator("[data-row]"), page.locator('[data-row][aria-current="true"]')
    expect(rows).to_have_count(1)
    expect(current).to_have_count(0)
    page.keyboard.press("j")
    expect(current).to_contain_text("Jonas")
    assert Handoff.objects.get(pk=noor.pk).receiver == sam


def test_reading_the_sheet_prepares_the_rep(hand_over, browser_of, sam, assert_accessible):
    noor = hand_over("Noor")
    page = browser_of(sam)
    page.goto(f"/leads/{noor.lead_id}/call-sheet/")

    expect(page.get_by_text("I have read this sheet")).to_have_count(0)

    assert Handoff.objects.get(pk=noor.pk).prepared_at is not None
    assert_accessible(page)


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


@pytest.mark.parametrize("brief", [BRIEF, LONG], ids=["short", "long"])
def test_a_call_sheet_is_one_page(hand_over, browser_of, sam, brief):
    noor = hand_over("Noor", brief=brief)
    page = browser_of(sam)
    page.goto(f"/leads/{noor.lead_id}/call-sheet/")

    pdf = page.pdf(format="A4", prefer_css_page_size=True)

    assert pages_of(pdf) == 1


def test_seven_sheets_are_seven_pages(hand_over, browser_of, sam):
    for number in range(7):
        hand_over(f"Lead{number}", brief=LONG if number % 2 else BRIEF)
    page = browser_of(sam)
    page.goto("/queue/call-sheets/")

    assert pages_of(page.pdf(format="A4", prefer_css_page_size=True)) == 7


@pytest.mark.parametrize("address", ["/queue/", "/queue/?view=pool", "/handoffs/", "/handoffs/?tab=sent"])
@pytest.mark.parametrize("look", ["phone", "dark"])
def test_phone_and_dark(hand_over, browser_of, sam, assert_accessible, address, look):
    noor = hand_over("Wilhelmina-Antoinette")
    Contact.objects.filter(pk=noor.lead.contact_id).update(
        job_title="Arbeidsongeschiktheidsverzekeringsadviseur"
    )
    hand_over("Pool", to="pool")
    more = {"viewport": PHONE} if look == "phone" else {"color_scheme": "dark"}
    page = browser_of(sam, **more)
    page.goto(address)

    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "no sideways scroll"
