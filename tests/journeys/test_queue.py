"""The queue in a real browser: many at once by keyboard, without JavaScript, on a phone, in Dutch, and two people at one lead."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from handoff.models import Handoff
from handoff.usual_brief import USUAL_BRIEF
from leads.models import Lead, SavedView, Stage
from tests.browser import PHONE
from tests.factories import AgreementFactory, LeadFactory

BRIEF = {"why_now": "Asked for a price for 40 trucks", "wants": "Fuel cost down 8 % before spring"}


@pytest.fixture
def hand_over(transactional_db, mia, sam):
    AgreementFactory(brief_items=USUAL_BRIEF)
    before = timezone.now() - timedelta(minutes=20)

    def send(name, *, to=sam, **columns):
        lead = LeadFactory(
            stage=Stage.SQL, captured_at=before, sql_at=before, contact__first_name=name, **columns
        )
        return Handoff.send(lead, brief=BRIEF, to=to, by=mia, at=before).lead

    return send


def tomorrow() -> str:
    return f"{timezone.localdate() + timedelta(days=1)}T10:00"


def snoozed() -> set[str]:
    return set(Lead.objects.exclude(next_step_at=None).values_list("contact__first_name", flat=True))


def picture(page, name):
    """`PICTURES=/some/folder ./run test …` keeps what the page looks like."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_many_at_once_by_keyboard(hand_over, browser_of, sam, assert_accessible):
    noor, jonas, _aisha = (hand_over(name) for name in ("Noor", "Jonas", "Aisha"))
    page = browser_of(sam)
    page.goto("/queue/")
    expect(page.locator(".bulk-bar")).to_be_hidden()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.locator("[data-selected]")).to_have_text("2 selected")
    page.keyboard.press("Escape")
    expect(page.locator(".bulk-bar")).to_be_hidden()

    page.locator(f"#lead-{noor.pk} .check-cell input").check()
    page.locator(f"#lead-{jonas.pk} .check-cell input").check()
    page.get_by_role("button", name="Snooze…").press("Enter")
    expect(page.get_by_text("2 leads will change").first).to_be_visible()
    assert snoozed() == set(), "nothing is done before it is said what will be"
    assert_accessible(page)
    picture(page, "bulk")
    page.get_by_label("Snooze until").fill(tomorrow())
    page.get_by_role("button", name="Snooze", exact=True).press("Enter")

    expect(page.get_by_text("2 leads snoozed.").first).to_be_visible()
    assert snoozed() == {"Noor", "Jonas"}
    assert page.locator("[data-row]").count() == 1


def test_without_javascript(hand_over, browser_of, sam):
    noor = hand_over("Noor")
    hand_over("Jonas", source=None)
    page = browser_of(sam, java_script_enabled=False)
    page.goto("/queue/")
    expect(page.get_by_text("Asked for a price for 40 trucks").first).to_be_visible()

    page.get_by_label("Source").select_option("webinar")
    page.get_by_role("search").get_by_role("button", name="Show").click()
    expect(page.locator("[data-row]")).to_have_count(1)

    page.locator(f"#lead-{noor.pk} .check-cell input").check()
    page.get_by_role("button", name="Snooze…").click()
    expect(page.get_by_text("1 lead will change")).to_be_visible()
    page.get_by_label("Snooze until").fill(tomorrow())
    page.get_by_role("button", name="Snooze", exact=True).click()
    expect(page.get_by_text("1 lead snoozed.").first).to_be_visible()
    assert snoozed() == {"Noor"}

    page.goto("/queue/")
    page.get_by_role("link", name="Log").first.click()
    page.get_by_label("No answer").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="My queue")).to_be_visible()
    assert Handoff.objects.exclude(attempts=0).count() == 1


def test_a_call_back_without_a_moment_keeps_the_row(hand_over, browser_of, sam):
    hand_over("Noor"), hand_over("Jonas"), hand_over("Aisha")
    page = browser_of(sam)
    page.goto("/queue/")
    expect(page.locator("#queue-standing")).to_contain_text("3 to call")
    page.keyboard.press("j")
    row = page.locator('[data-row][aria-current="true"]')
    name = row.locator(".table__name").inner_text()

    page.keyboard.press("l")
    expect(page.get_by_text("How did it go?")).to_be_visible()
    expect(page.locator(".htmx-added")).to_have_count(0)
    page.keyboard.press("4")
    page.keyboard.press("l")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(row.locator(".table__name")).to_have_text(name)

    page.get_by_label("On (optional)").fill(tomorrow())
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#queue-standing")).to_contain_text("2 to call")
    expect(page.locator("#tab-now")).to_have_text("2")
    expect(row.locator(".table__name")).not_to_have_text(name)
    expect(row).to_be_focused()


def test_two_people_at_one_lead(hand_over, browser_of, sam, sonia):
    lead = hand_over("Noor", to="pool")
    first, second = browser_of(sam), browser_of(sonia)
    for page in (first, second):
        page.goto("/queue/?view=pool")

    first.keyboard.press("a")
    expect(first.locator(f"#lead-{lead.pk}")).to_contain_text("Accepted: it is in your queue.")
    second.keyboard.press("a")

    row = second.locator(f"#lead-{lead.pk}")
    expect(row).to_contain_text("Sam Smit accepted this at")
    expect(row.get_by_role("link", name="Look at the lead")).to_be_visible()
    expect(row).to_be_focused()
    assert Handoff.objects.get().receiver == sam


def test_a_view_is_narrowed_and_kept(hand_over, browser_of, sam, assert_accessible):
    hand_over("Noor")
    hand_over("Jonas", source=None)
    page = browser_of(sam)
    page.goto("/queue/")

    page.get_by_label("Source").select_option("webinar")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.get_by_role("link", name="Save as…").click()
    page.get_by_label("Name").fill("Webinars")
    assert_accessible(page)
    page.get_by_role("button", name="Save view").click()

    expect(page.get_by_role("link", name="Webinars")).to_have_attribute("aria-current", "page")
    expect(page.locator("[data-row]")).to_have_count(1)
    assert SavedView.objects.get().query == "source=webinar"
    picture(page, "kept")
    page.keyboard.press("1")
    expect(page.locator("[data-row]")).to_have_count(2)
    page.keyboard.press("7")
    expect(page.locator("[data-row]")).to_have_count(1)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_on_a_phone_the_panel_is_a_sheet_at_the_bottom(hand_over, browser_of, sam, assert_accessible, look):
    lead = hand_over("Wilhelmina-Antoinette")
    page = browser_of(sam, viewport=PHONE, color_scheme=look, has_touch=True)
    page.goto("/queue/")
    call = page.locator(f"#call-{lead.pk}").bounding_box()
    assert call["height"] >= 44
    assert call["width"] >= 300
    picture(page, f"phone-{look}")

    page.get_by_role("link", name="Log").click()

    save = page.locator("form.contact-form button[type=submit]")
    expect(save).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page)
    picture(page, f"phone-sheet-{look}")


def test_in_dutch(hand_over, browser_of, sam):
    hand_over("Noor")
    type(sam).objects.filter(pk=sam.pk).update(language="nl")
    page = browser_of(sam)
    page.goto("/queue/")

    expect(page.get_by_role("heading", name="Mijn bellijst")).to_be_visible()
    page.keyboard.press("x")
    page.get_by_role("button", name="Uitstellen…").click()
    expect(page.get_by_text("1 lead verandert").first).to_be_visible()
    picture(page, "dutch")
    for english in ("Snooze", "Reassign", "Clear", "selected", "due"):
        assert english not in page.locator("main").inner_text()


def test_the_palette_knows_the_leads_that_were_looked_at_last(hand_over, browser_of, sam):
    lead = hand_over("Noor")
    page = browser_of(sam)
    page.goto(f"/leads/{lead.pk}/")
    page.goto("/queue/")

    page.keyboard.press("Control+k")
    page.keyboard.type("noor")
    expect(page.locator(".palette__group", has_text="Looked at last")).to_be_visible()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/leads/{lead.pk}/")
