"""From no agreement to one that measures: two people, two signatures. axe finds nothing on any of these pages."""

import pytest

from handoff.models import Handoff
from leads.models import Stage
from sla.models import Agreement, ChannelKind, Clock, Notice
from sla.sweeps import sweep
from tests.browser import PHONE
from tests.factories import AgreementFactory, LeadFactory
from tests.sla.moments import BRIEF, on

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_team_leads_agree(browser_of, assert_accessible, mara, sven):
    page = browser_of(mara)
    page.goto("/agreement/")
    assert_accessible(page)

    page.get_by_role("link", name="Begin").click()
    assert_accessible(page)
    page.get_by_role("button", name="Go on to the promises").click()
    assert_accessible(page)
    delivered = page.get_by_role("group", name="Sales-ready leads delivered")
    delivered.get_by_role("textbox").or_(delivered.get_by_role("spinbutton")).first.fill("90")
    page.get_by_role("button", name="Read it").click()
    page.get_by_text("90 sales-ready leads a month").wait_for()
    assert_accessible(page)

    page.get_by_role("button", name="Propose to both sides").click()
    page.get_by_role("link", name="Sign for Marketing").click()
    assert_accessible(page)
    page.get_by_role("button", name="Sign for Marketing").click()
    page.get_by_text("Waiting for Sales").wait_for()
    assert_accessible(page)

    other = browser_of(sven, viewport=PHONE, color_scheme="dark")
    other.goto("/agreement/")
    other.get_by_role("link", name="Sign for Sales").click()
    other.get_by_role("button", name="Sign for Sales").click()
    other.get_by_text("In force since").wait_for()
    assert_accessible(other)
    assert Agreement.objects.in_force().terms.get(kind="SQLS_DELIVERED").target_count == 90


def test_working_hours_are_kept_and_a_date_is_tested(browser_of, assert_accessible, mara):
    AgreementFactory()
    page = browser_of(mara)

    page.goto("/settings/working-hours/")
    page.get_by_role("button", name="When is it due?").click()
    page.get_by_text("12:30").first.wait_for()
    assert_accessible(page)

    page.get_by_role("link", name="Change Office hours").click()
    page.get_by_role("button", name="Show holidays").click()
    assert_accessible(page)
    page.get_by_label("Friday", exact=True).fill("9-12:30, 13-16")
    page.get_by_role("button", name="Save working hours").click()
    page.get_by_text("09:00-12:30, 13:00-16:00").wait_for()
    assert_accessible(page)


@pytest.mark.parametrize("look", [{}, {"viewport": PHONE, "color_scheme": "dark"}])
def test_what_i_was_told_and_why(browser_of, assert_accessible, mia, sam, sven, sales, look):

    AgreementFactory()
    lead = LeadFactory(stage=Stage.SQL, sql_at=on(9, "08:00"))
    Handoff.send(lead, brief=BRIEF, to=sam, team=sales, by=mia, at=on(9, "09:00"))
    sweep(on(9, "17:00"))  # it warned and was late on that day, whatever day it is
    told = Notice.objects.filter(recipient=sam, channel=ChannelKind.IN_APP).count()
    page = browser_of(sam, **look)

    page.goto("/notices/")
    page.get_by_text(f"{told} are new.").wait_for()
    assert_accessible(page)

    page.goto(f"/clocks/{Clock.objects.first().pk}/")
    page.get_by_text("How this is counted").first.wait_for()
    assert_accessible(page)
