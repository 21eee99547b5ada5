"""The pool and the conversation, without a mouse and without JavaScript. axe finds nothing on these pages."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from handoff.conversation import inviting
from handoff.models import Coffee, Handoff, Message, PoolTurn, TurnKind
from handoff.usual_brief import USUAL_BRIEF
from leads.models import Stage
from tests.browser import NARROW, PHONE, assert_fits
from tests.factories import AgreementFactory, LeadFactory

BRIEF = {"why_now": "Asked for a price for 40 trucks", "wants": "Fuel cost down 8 % before spring"}


@pytest.fixture
def hand_over(transactional_db, mia, sales):
    AgreementFactory(brief_items=USUAL_BRIEF, terms={"CAPACITY": {"target_count": 210}})

    def send(name, to="pool", *, minutes=60):
        at = timezone.now() - timedelta(minutes=minutes)
        lead = LeadFactory(stage=Stage.SQL, captured_at=at, sql_at=at, contact__first_name=name)
        return Handoff.send(lead, brief=BRIEF, to=to, by=mia, at=at)

    return send


def test_the_next_one_by_keyboard(hand_over, browser_of, sam, assert_accessible):
    noor, jonas = hand_over("Noor", minutes=90), hand_over("Jonas")
    page = browser_of(sam)
    page.goto("/handoffs/pool/")
    assert_accessible(page)

    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="The next one, for you")).to_be_visible()
    expect(page.get_by_text("Asked for a price for 40 trucks")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("s")
    page.get_by_label("I do not speak the language").press("Space")
    page.get_by_role("button", name="Let it pass").press("Enter")

    expect(page.get_by_text("Let pass with your reason. Here is the next one.")).to_be_visible()
    expect(page.get_by_text("Sam Smit let it pass: I do not speak the language")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_role("heading", name="Who is next?")).to_be_visible()
    assert Handoff.objects.get(pk=jonas.pk).receiver == sam
    assert Handoff.objects.get(pk=noor.pk).is_in_pool
    assert PoolTurn.objects.get(kind=TurnKind.CLAIMED).in_turn is True


def test_the_pool_without_javascript_on_a_phone(hand_over, browser_of, sam):
    noor = hand_over("Noor")
    page = browser_of(sam, viewport=PHONE, java_script_enabled=False)
    page.goto("/handoffs/pool/")

    page.get_by_role("button", name="Give me the next").click()
    page.locator("#claim-next").click()

    assert Handoff.objects.get(pk=noor.pk).receiver == sam


def test_talking_without_javascript(hand_over, browser_of, mia, sam):
    noor = hand_over("Noor", sam)
    page = browser_of(mia, java_script_enabled=False)
    page.goto(f"/leads/{noor.lead_id}/")

    page.get_by_role("link", name="Say something").click()
    page.get_by_label("Message").fill("@Sam she prefers mail")
    page.get_by_role("button", name="Say it").click()

    expect(page.locator("#conversation").get_by_text("@Sam she prefers mail")).to_be_visible()
    assert list(Message.objects.get().mentions.all()) == [sam]
    page.get_by_role("button", name="Take back").click()
    expect(page.locator("#conversation").get_by_text("A message was taken back.")).to_be_visible()


def test_a_coffee_by_keyboard(hand_over, browser_of, mia, sam, assert_accessible):
    noor = hand_over("Noor", sam)
    tomorrow = timezone.localtime() + timedelta(days=1)
    page = browser_of(mia)
    page.goto(f"/handoffs/{noor.pk}/")
    assert_accessible(page)

    page.get_by_role("link", name="Have a coffee with Sam").press("Enter")
    page.get_by_label("A time", exact=True).fill(f"{tomorrow:%Y-%m-%dT10:00}")
    assert_accessible(page)
    page.get_by_role("button", name="Propose").press("Enter")
    expect(page.get_by_text("Mia Smit proposed a coffee to Sam Smit")).to_be_visible()

    his = browser_of(sam)
    his.goto(f"/handoffs/{noor.pk}/")
    his.locator("input[name=agree-starts_at]").first.press("Space")
    assert_accessible(his)
    his.get_by_role("button", name="Agree").press("Enter")

    expect(his.get_by_text("Mia Smit and Sam Smit have a coffee.")).to_be_visible()
    expect(his.get_by_role("link", name="Add to my calendar")).to_be_visible()
    assert Coffee.objects.get().is_agreed
    inviting.send_waiting(timezone.now() + timedelta(seconds=1))
    assert {message.to[0] for message in mail.outbox if message.attachments} == {mia.email, sam.email}


@pytest.mark.parametrize(
    "address", ["/handoffs/pool/", "/handoffs/capacity/", "/settings/routing/", "/settings/routing/dry-run/"]
)
@pytest.mark.parametrize("window", [PHONE, NARROW])
def test_nothing_scrolls_sideways(hand_over, browser_of, sven, sam, address, window):
    hand_over("Wilhelmina-Antoinette")
    hand_over("Jonas", sam)
    page = browser_of(sven, viewport=window, color_scheme="dark")
    page.goto(address)

    assert_fits(page)
