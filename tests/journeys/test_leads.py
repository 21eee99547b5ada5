"""Looking for a lead, noting, editing in place and adding one: with a mouse, with keys, on a phone and without script."""

import re

import pytest
from playwright.sync_api import expect

from leads.editing import edit
from leads.models import Activity, Lead
from tests.browser import PHONE
from tests.conftest import TUESDAY_NOON
from tests.factories import ActivityFactory, LeadFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def noor(mia):
    lead = LeadFactory(marketer=mia, facts={"vehicles": 40, "requested": ["price"]})
    ActivityFactory(lead=lead, body="40 trucks, before Q2")
    LeadFactory(
        contact__first_name="Jonas", contact__last_name="Peeters", contact__email="", contact__phone=""
    )
    return lead


def test_a_marketer_finds_notes_and_corrects(browser_of, mia, noor, assert_accessible):
    page = browser_of(mia)
    page.goto("/leads/")
    assert_accessible(page)
    page.get_by_role("searchbox").fill("noo")
    expect(page.locator("#active-filters")).to_contain_text("1 lead")
    expect(page).to_have_url(re.compile(r"/leads/\?q=noo$"))
    page.get_by_role("link", name="Noor de Wit").click()
    assert_accessible(page)

    page.get_by_label("What happened").fill("Call after lunch")
    page.locator("#save-log").click()
    expect(page.locator(".timeline").get_by_text("Call after lunch")).to_be_visible()
    expect(page.get_by_label("What happened")).to_have_value("")

    page.get_by_role("link", name="Edit: Phone").click()
    page.get_by_role("textbox", name="Phone").fill("030 123 45 67")
    assert_accessible(page)
    page.locator("#save-facts").click()
    expect(page.locator("#facts")).to_contain_text("+31 30 123 4567")
    assert Activity.objects.filter(lead=noor, kind="EDIT").count() == 1
    assert page.complaints == []


def test_a_colleague_who_was_first_is_not_overwritten(browser_of, mia, mara, noor, assert_accessible):
    page = browser_of(mia)
    page.goto(f"/leads/{noor.pk}/")
    page.locator("#edit-facts").click()
    page.get_by_label("First name").fill("Norah")
    edit(noor, {"first_name": "Nora"}, expected_version=None, by=mara, at=TUESDAY_NOON)

    page.locator("#save-facts").click()

    expect(page.get_by_role("alert")).to_contain_text("Mara Smit changed this lead")
    expect(page.get_by_label("First name")).to_have_value("Norah")
    page.locator("#save-facts").click()
    expect(page.locator("#edit-facts")).to_be_visible()
    assert Lead.objects.get(pk=noor.pk).contact.first_name == "Norah"


def test_who_is_known_already_is_shown_while_typing(browser_of, mia, noor, assert_accessible):
    page = browser_of(mia)
    page.goto("/leads/")
    page.keyboard.press("c")
    page.get_by_label("E-mail").fill(noor.contact.email)
    page.get_by_role("textbox", name="Phone").focus()
    expect(page.get_by_text("Known already?")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("button", name="Add lead").click()
    page.get_by_role("button", name="Add it anyway").click()

    expect(page).to_have_url(re.compile(rf"/leads/{noor.pk}/"))
    assert Lead.objects.count() == 2


def test_a_filter_is_set_by_a_cell_and_taken_away_by_its_chip(browser_of, mia, noor, assert_accessible):
    page = browser_of(mia)
    page.goto("/leads/")
    page.get_by_role("link", name="Webinar").first.click()
    expect(page).to_have_url(re.compile("source=webinar"))
    assert_accessible(page)

    page.get_by_role("link", name="Source: Webinar remove filter").click()

    expect(page).not_to_have_url(re.compile("source"))


@pytest.mark.parametrize(
    "path",
    ["/leads/", "/leads/{}/", "/leads/{}/edit/", "/leads/new/", "/search?q=noor", "/settings/campaigns/"],
)
def test_it_fits_a_phone_in_the_dark(browser_of, mia, noor, assert_accessible, path):
    page = browser_of(mia, viewport=PHONE, color_scheme="dark")
    page.goto(path.format(noor.pk))

    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_without_script_it_works_too(browser_of, sam, noor):
    page = browser_of(sam, java_script_enabled=False)
    page.goto("/leads/?q=noor")
    page.get_by_role("link", name="Noor de Wit").click()
    page.get_by_label("What happened").fill("Written without script")
    page.locator("#save-log").click()
    expect(page.locator(".timeline").get_by_text("Written without script")).to_be_visible()
    page.get_by_role("link", name="Edit facts").click()
    page.get_by_label("Job title").fill("Owner")
    page.locator("#save-facts").click()
    expect(page.locator("#facts")).to_contain_text("Owner")
