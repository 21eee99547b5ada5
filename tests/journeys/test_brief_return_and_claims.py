"""The brief with its draft, waiver and preview; a return that is contested and decided; claims by keyboard. Nothing for axe to find."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from handoff.models import BriefDraft, ClaimCheck, Handoff, Return
from handoff.usual_brief import USUAL_BRIEF
from leads import activities
from leads.models import Stage
from tests.browser import NARROW, PHONE, assert_accessible, assert_fits
from tests.factories import AgreementFactory, LeadFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BRIEF = {
    "why_now": "Asked for a price for 40 trucks",
    "wants": "Fuel cost down 8 % before spring",
    "decider": "Signs himself",
}


@pytest.fixture
def lead(mia):
    """Sales-ready for an hour, with a form on its timeline."""
    AgreementFactory(brief_items=USUAL_BRIEF)
    an_hour_ago = timezone.now() - timedelta(hours=1)
    lead = LeadFactory(stage=Stage.SQL, captured_at=an_hour_ago, sql_at=an_hour_ago)
    activities.log(lead, "FORM", by=None, at=an_hour_ago, title="Price request", body="For 40 trucks")
    return lead


@pytest.fixture
def handoff(lead, mia, sam):
    return Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=timezone.now() - timedelta(minutes=50))


def test_a_brief_is_begun_kept_looked_at_and_sent(lead, mia, sam, browser_of):
    page = browser_of(mia)
    page.goto(f"/leads/{lead.pk}/hand-off/")
    assert "Price request" in page.get_by_label("Why now").input_value()
    expect(page.get_by_text("from the timeline").first).to_be_visible()

    page.get_by_label("Who decides").fill("He signs himself")
    page.get_by_label("Why now").press("Tab")
    expect(page.locator("#draft-state")).to_contain_text("Draft kept", timeout=9000)
    expect(page.locator("#draft-state")).to_contain_text("What they want")
    assert BriefDraft.objects.get().texts["decider"] == "He signs himself"

    page.get_by_role("button", name="Preview as sales sees it").click()
    expect(page.locator("#brief-preview")).to_contain_text("He signs himself")
    assert_accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("What they want is missing")

    page.get_by_text("Not known? Send it without").nth(1).click()
    page.locator("#id_waive_wants").fill("Would only tell it to a person")
    assert_accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Handed over to Sam")
    expect(page.locator("#toasts")).to_contain_text("First contact due")

    assert not BriefDraft.objects.exists()
    sheet = browser_of(sam)
    sheet.goto(f"/leads/{lead.pk}/call-sheet/")
    expect(sheet.get_by_role("article")).to_contain_text("Not given: Would only tell it to a person")


def test_without_javascript_a_brief_has_its_buttons(lead, mia, sam, browser_of):
    page = browser_of(mia, java_script_enabled=False)
    page.goto(f"/leads/{lead.pk}/hand-off/")
    page.get_by_label("What they want").fill("A price")
    page.get_by_role("button", name="Preview as sales sees it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("As sales sees it")
    expect(page.locator("main")).to_contain_text("A price")

    page.get_by_role("link", name="Back to the brief").click()
    expect(page.get_by_label("What they want")).to_have_value("A price")
    page.get_by_role("button", name="Hand over").click()
    assert Handoff.objects.get().brief_items.get(key="wants").text == "A price"


def test_a_return_is_contested_and_comes_back(handoff, mia, mara, sam, sven, browser_of):
    rep = browser_of(sam)
    rep.goto(f"/handoffs/{handoff.pk}/")
    rep.keyboard.press("r")
    rep.get_by_label("Outside the agreed definition").press("Space")
    rep.get_by_label("What would make it acceptable?").fill("Name who signs")
    rep.get_by_role("button", name="Return", exact=True).press("Enter")
    expect(rep.get_by_text("Returned to marketing with your reason.")).to_be_visible()

    marketer = browser_of(mia)
    marketer.goto("/qualify/")
    expect(marketer.locator("#on-top").locator("xpath=../..")).to_contain_text("Name who signs")
    marketer.get_by_role("link", name="Noor de Wit").first.click()
    assert_accessible(marketer)
    marketer.keyboard.press("c")
    marketer.get_by_label("Why this lead is what was agreed").fill("He signs himself: see the brief")
    marketer.get_by_role("button", name="Contest", exact=True).press("Enter")
    expect(marketer.get_by_text("Contested: both team leads decide")).to_be_visible()

    for person in (mara, sven):
        leader = browser_of(person)
        leader.goto("/handoffs/?tab=ours")
        expect(leader.locator("#handoff-detail")).to_contain_text("He signs himself: see the brief")
        leader.keyboard.press("d")
        leader.get_by_label("Back to sales, with the rep who had it").press("Space")
        assert_accessible(leader)
        leader.get_by_role("button", name="Decide", exact=True).press("Enter")
        expect(leader.locator("#toasts")).to_contain_text("ecided" if person == sven else "Kept")

    assert Return.objects.get().state == "UPHELD"
    rep.goto("/handoffs/")
    expect(rep.locator("#handoff-detail h2")).to_have_text("Noor de Wit")
    rep.keyboard.press("a")
    expect(rep.get_by_text("Accepted. Noor de Wit is in the queue.")).to_be_visible()


def test_a_return_is_mended_and_sent_again(handoff, mia, sam, browser_of):
    handoff.return_("INCOMPLETE", "Best moment to call?", by=sam, at=timezone.now())
    page = browser_of(mia)
    page.goto("/handoffs/")
    page.keyboard.press("f")
    expect(page.get_by_text("Best moment to call?")).to_be_visible()
    expect(page.get_by_label("What they want")).to_have_value(BRIEF["wants"])
    page.get_by_label("Best moment to call").fill("Before ten")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#toasts")).to_contain_text("Handed over to Sam")
    expect(page.get_by_text("1: Returned")).to_be_visible()
    assert Handoff.objects.latest("id").brief_items.get(key="best_moment").text == "Before ten"


def test_claims_by_one_key_each(handoff, sam, mia, browser_of):
    handoff.log_contact("CALL", "SPOKE", by=sam, at=timezone.now())
    page = browser_of(sam)
    page.goto(f"/handoffs/{handoff.pk}/claims/")
    assert_accessible(page)
    page.locator("#brief-why_now").focus()
    page.keyboard.press("y")
    expect(page.locator("#brief-wants")).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator("#brief-decider")).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator("#claims-state")).to_contain_text("3 of 3 checked")

    assert dict(ClaimCheck.objects.values_list("key", "finding")) == {
        "why_now": "CONFIRMED",
        "wants": "DENIED",
        "decider": "UNKNOWN",
    }
    marketer = browser_of(mia)
    marketer.goto("/handoffs/claims/?period=all")
    expect(marketer.locator("main")).to_contain_text("1 of 2")
    marketer.get_by_role("link", name="1", exact=True).first.click()
    expect(marketer.locator("main")).to_contain_text("Noor de Wit")


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(PHONE, "dark"), (NARROW, "light")], ids=["phone", "narrow"]
)
def test_axe_finds_nothing_on_small_windows(handoff, mia, sam, max, browser_of, viewport, scheme):
    handoff.log_contact("CALL", "SPOKE", by=sam, at=timezone.now())
    page = browser_of(max, viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    for address in (
        "/handoffs/sent/?period=all",
        "/handoffs/claims/?period=all",
        "/handoffs/claims/cases/?period=all",
        "/handoffs/prepared/?period=all",
        f"/handoffs/{handoff.pk}/claims/",
        f"/handoffs/{handoff.pk}/",
        "/handoffs/brief-templates/",
        "/handoffs/brief-templates/new/",
    ):
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)
