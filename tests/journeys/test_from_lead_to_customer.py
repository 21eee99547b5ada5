"""The whole way of one lead through the browsers of two colleagues: with scripts, without them, and in Dutch.

Every act goes by its words on the screen, in the language of the person: what has no translation is not found.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect

from handoff.models import Handoff
from handoff.usual_brief import USUAL_BRIEF
from leads.models import Lead, Stage
from tests.factories import AgreementFactory, CriteriaSetFactory, LeadFactory

WAYS = [("en", True), ("en", False), ("nl", True)]


class Colleague:
    """A window in which somebody works; buttons, links and fields are called by their English words."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language = page, language

    def words(self, english: str, **values: object) -> str:
        with override(self.language):
            return gettext(english) % values if values else gettext(english)

    def go(self, address: str) -> None:
        self.page.goto(address)

    def press(self, english: str) -> None:
        """The button or link that says just this, and perhaps its key."""
        name, main = (
            re.compile(rf"^{re.escape(self.words(english))}( \w| Ctrl Enter)?$"),
            self.page.locator("main"),
        )
        main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()

    def fill(self, english: str, text: str) -> None:
        self.page.get_by_label(self.words(english)).first.fill(text)

    def choose(self, english: str) -> None:
        self.page.get_by_label(self.words(english)).first.check(force=True)

    def sees(self, english: str, **values: object) -> None:
        expect(self.page.locator("body")).to_contain_text(self.words(english, **values))

    def reads(self, text: str) -> None:
        expect(self.page.locator("body")).to_contain_text(text)


@pytest.fixture(params=WAYS, ids=["with scripts", "without", "in Dutch"])
def way(request) -> tuple[str, bool]:
    return request.param


@pytest.fixture
def work_of(browser_of, way):
    """`work_of(mia)` is the window of mia."""

    def opened(person) -> Colleague:
        language, scripts = way
        type(person).objects.filter(pk=person.pk).update(language=language)
        return Colleague(browser_of(person, java_script_enabled=scripts), language)

    return opened


@pytest.fixture
def lead(transactional_db) -> Lead:
    AgreementFactory(brief_items=USUAL_BRIEF)
    CriteriaSetFactory(version=1)
    return LeadFactory(facts={"vehicles": 60}, captured_at=timezone.now() - timedelta(hours=2))


def test_from_a_lead_to_a_customer(lead, mia, sam, way, work_of):
    (_language, scripts), marketer, rep = way, work_of(mia), work_of(sam)

    marketer.go(f"/qualify/{lead.pk}/")
    marketer.page.locator("#criterion-decider input[value=YES]").check(force=True)
    marketer.page.get_by_label("Why now").fill("Their lease ends in March")
    marketer.page.get_by_label("What they want").fill("Forty vans")
    marketer.press("Mark sales-ready and hand over")
    marketer.sees("Handed over to %(whom)s.", whom="Sam Smit")
    handoff = Handoff.objects.get()

    rep.go("/handoffs/")
    rep.reads("Their lease ends in March")
    rep.press("Ask for information")
    rep.fill("What do you need to know?", "Who signs?")
    rep.press("Ask marketing")
    rep.sees("Asked. The clock waits for marketing.")
    rep.go(f"/leads/{lead.pk}/")
    rep.sees("Marketing has the lead: %(who)s", who="Mia Smit")

    marketer.go("/handoffs/?tab=asked")
    marketer.reads("Who signs?")
    marketer.press("Answer the question")
    marketer.fill("Your answer", "The owner himself")
    marketer.press("Answer")
    marketer.sees("Answered. The clock is with sales again.")

    rep.go("/handoffs/")
    rep.reads("The owner himself")
    rep.press("Accept")
    rep.sees("Accepted. %(who)s is in the queue.", who="Noor de Wit")

    rep.go("/queue/")
    rep.page.locator("main").get_by_role("link", name="Noor de Wit").first.click()
    rep.sees("Sales has the lead: %(who)s", who="Sam Smit")
    rep.press("Call sheet")
    rep.reads("Forty vans")
    if not scripts:  # with them the page says it itself
        rep.press("I have read this sheet")
    rep.press("Log a contact")
    rep.choose("Spoke")
    rep.fill("Note", "Wants a visit")
    rep.press("Save")

    rep.sees("Did it turn out as %(who)s said? One key each: y, n or u.", who="Mia Smit")
    rep.page.locator("#brief-why_now").get_by_role("radio").first.check(force=True)
    rep.page.locator("#brief-wants").get_by_role("radio").nth(1).check(force=True)
    rep.press("Done")
    rep.go(f"/handoffs/{handoff.pk}/")
    rep.sees("Yes, so it is")
    rep.sees("No, it is not")

    rep.go(f"/leads/{lead.pk}/")
    rep.press("Next step")
    rep.fill("What", "Visit with the vans")
    rep.fill("Snooze until", f"{timezone.localdate() + timedelta(days=3)}T10:00")
    rep.press("Plan")
    rep.sees("Planned. It comes back to the queue by itself.")

    rep.press("Open an opportunity")
    rep.fill("Amount", "40000")
    rep.press("Open an opportunity")
    rep.sees("Opportunity opened.")
    rep.press("Won")
    rep.press("Record the sale")
    rep.sees("Recorded as won.")

    marketer.go("/handoffs/sent/?period=all")
    row = marketer.page.locator(f"#handoff-{handoff.pk}")
    expect(row).to_contain_text("Sam Smit")
    expect(row).to_contain_text(marketer.words("prepared"))
    expect(row).to_contain_text(re.compile(r"40[.,]000"))

    lead.refresh_from_db()
    handoff.refresh_from_db()
    assert lead.stage == Stage.CUSTOMER
    assert handoff.prepared_at < handoff.first_contact_at
    assert not handoff.is_open
