"""Every page of the product, in a browser, with the demo company in it: nothing for axe, nothing wider than the window.

The journeys act; this one only looks. A page that is added to the product is added here.
"""

import pytest
from django.core.management import call_command

from handoff.models import Handoff
from leads.models import Lead, Stage
from smarketing.accounts.models import User
from tests.browser import DESK, NARROW, assert_fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


# What is said to one would be written over the other.
IDS_THAT_STAND_TWICE = """() => [...document.querySelectorAll("[id]")].map(e => e.id)
    .filter((id, place, all) => all.indexOf(id) !== place)"""


def addresses() -> list[str]:
    lead, ready = (
        Lead.objects.filter(stage=Stage.CONTACTED).first(),
        Lead.objects.filter(stage=Stage.SQL).first(),
    )
    new = Lead.objects.filter(stage=Stage.NEW).first()
    handoff = Handoff.objects.filter(lead=lead).first()
    assert lead
    assert ready
    assert new
    assert handoff
    return [
        "/queue/",
        "/queue/?view=done",
        "/handoffs/?tab=accepted",
        f"/handoffs/{handoff.pk}/",
        "/leads/",
        "/leads/?q=nobody-is-called-this",
        f"/leads/{lead.pk}/",
        f"/leads/{lead.pk}/edit/",
        f"/leads/{lead.pk}/call-sheet/",
        f"/leads/{ready.pk}/hand-off/",
        "/leads/new/",
        "/qualify/",
        f"/qualify/{new.pk}/",
        "/dashboard/",
        "/agreement/",
        "/notices/",
        "/import/",
        "/criteria/",
        "/settings/",
        "/settings/me/",
        "/settings/people/",
        "/settings/absences/",
        "/settings/working-hours/",
        "/search?q=a",
        "/accounts/2fa/",
        "/accounts/password/change/",
        "/accounts/email/",
    ]


def test_every_page_can_be_read_by_everybody_on_every_window(browser_of, assert_accessible):
    call_command("seed_demo", leads=60, seed=2)
    manager = User.objects.get(email="manager@demo.example")
    page = browser_of(manager, reduced_motion="reduce")

    for address in addresses():
        print(address)  # shown when the page after it fails
        answer = page.goto(address)
        assert answer.status == 200, address
        assert page.locator("h1").count() == 1, address
        assert page.locator("[style]").count() == 0, address
        assert page.evaluate(IDS_THAT_STAND_TWICE) == [], address
        assert_accessible(page)
        page.set_viewport_size(NARROW)
        assert_fits(page)
        page.set_viewport_size(DESK)
