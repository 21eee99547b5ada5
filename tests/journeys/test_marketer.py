"""A marketer judges a lead with the keyboard and hands it over; team leads change what sales-ready means. Nothing for axe to find."""

import pytest
from playwright.sync_api import expect

from handoff.models import Handoff
from leads.criteria import versions
from leads.models import CriteriaSet, Judgement, Lead, Stage
from tests.browser import DESK, NARROW, PHONE, assert_accessible, assert_fits
from tests.conftest import TUESDAY_NOON
from tests.factories import CriteriaSetFactory, LeadFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lead():
    CriteriaSetFactory(version=1)
    return LeadFactory(facts={"vehicles": 60})


def test_from_the_list_to_sales_without_a_mouse(lead, mia, sam, browser_of):
    page = browser_of(mia)
    page.goto("/qualify/")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Missing: Decider reachable")
    page.keyboard.press("o")

    expect(page.get_by_role("heading", level=1)).to_have_text("Noor de Wit")
    page.locator("#criterion-vehicles").focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("y")
    expect(page.locator("#criterion-decider").get_by_label("Yes", exact=True)).to_be_checked()

    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Why now")
    expect(page).to_have_title("Error: Noor de Wit · Smarketing")
    page.get_by_label("Why now").fill("Their lease ends in March")
    page.get_by_label("What they want").fill("Forty vans")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#toasts")).to_contain_text("Handed over to Sam")
    handoff = Handoff.objects.get()
    assert (handoff.lead, handoff.receiver) == (lead, sam)
    assert Judgement.objects.get().judged_by == mia


def test_letters_typed_into_evidence_stay_letters(lead, mia, browser_of):
    page = browser_of(mia)
    page.goto(f"/qualify/{lead.pk}/")
    row = page.locator("#criterion-decider")
    row.get_by_text("Add evidence").click()
    row.get_by_label("Evidence for Decider reachable").fill("")
    row.get_by_label("Evidence for Decider reachable").press_sequentially("many unjoyful")

    expect(row.get_by_label("Evidence for Decider reachable")).to_have_value("many unjoyful")
    expect(row.get_by_label("Unknown")).to_be_checked()


def test_without_javascript_it_is_one_form(lead, mia, sam, browser_of):
    page = browser_of(mia, java_script_enabled=False)
    page.goto(f"/qualify/{lead.pk}/")
    page.locator("#criterion-decider").get_by_label("Yes", exact=True).check(force=True)
    page.get_by_role("button", name="Save answers").click()

    expect(page.locator("#result")).to_contain_text("Sales-ready")
    page.get_by_role("button", name="Mark sales-ready", exact=True).click()
    assert Lead.objects.get(pk=lead.pk).stage == Stage.SQL


def test_a_team_lead_changes_a_rule_and_both_sides_approve(lead, mara, sven, browser_of):
    page = browser_of(mara)
    page.goto("/criteria/")
    page.get_by_role("button", name="Draft a change").click()
    page.get_by_role("link", name="Change 50+ vehicles").click()
    page.get_by_label("Name").fill("80+ vehicles")
    page.get_by_role("group", name="Test 1").get_by_label("Value").fill("80")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("Vehicles is at least 80")
    page.get_by_role("button", name="Propose v2").click()
    page.get_by_label("I have read what changes").check()
    page.get_by_role("button", name="Approve for Marketing").click()

    page = browser_of(sven)
    page.goto("/criteria/")
    page.get_by_role("link", name="Read and approve").click()
    expect(page.locator("#differences-head").locator("xpath=../..")).to_contain_text("80+ vehicles")
    page.get_by_label("I have read what changes").check()
    page.get_by_role("button", name="Approve for Sales").click()

    expect(page.locator("#toasts")).to_contain_text("Criteria v2 are in force")
    assert CriteriaSet.objects.in_force().version == 2


@pytest.mark.parametrize(
    "address",
    [
        "/qualify/",
        "/qualify/{lead}/",
        "/criteria/",
        "/criteria/2/",
        "/criteria/2/lines/vehicles/",
        "/leads/{lead}/",
    ],
)
@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(DESK, "light"), (PHONE, "dark"), (NARROW, "light")],
    ids=["desk", "phone", "narrow"],
)
def test_axe_finds_nothing(lead, mara, browser_of, address, viewport, scheme):
    versions.draft_from(CriteriaSet.objects.in_force(), by=mara, at=TUESDAY_NOON)
    page = browser_of(mara, viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    page.goto(address.format(lead=lead.pk))

    assert_accessible(page)
    assert_fits(page)


def test_axe_finds_nothing_when_things_are_missing(lead, mia, sam, browser_of):
    page = browser_of(mia)
    page.goto(f"/qualify/{lead.pk}/")
    page.get_by_role("button", name="Mark sales-ready and hand over").click()
    expect(page.get_by_role("alert")).to_be_focused()

    assert_accessible(page)
