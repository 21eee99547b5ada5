"""The button that takes back what was just done."""

import pytest
import time_machine
from django.urls import reverse

from handoff.models import Handoff, State
from leads.models import Act, Stage
from tests.factories import LeadFactory
from tests.handoff.moments import BRIEF
from tests.sla.moments import TUESDAY_NINE, TUESDAY_NOON, on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(TUESDAY_NOON, tick=False):
        yield


@pytest.fixture
def handoff(mia, sam, sales):
    lead = LeadFactory(stage=Stage.SQL, sql_at=on(23, "09:00"))
    return Handoff.send(lead, brief=BRIEF, to=sam, team=sales, by=mia, at=TUESDAY_NINE)


def accept(client, handoff):
    return client.post(reverse("handoff:accept", args=[handoff.pk]), follow=True).content.decode()


def undo_address() -> str:
    return reverse("leads:undo", args=[Act.objects.order_by("-pk").first().key])


def test_the_toast_offers_to_undo(signed_in, sam, handoff):
    page = accept(signed_in(sam), handoff)

    assert f'action="{undo_address()}"' in page


def test_undoing_says_what_was_undone_and_stays_on_the_page(signed_in, sam, handoff):
    client = signed_in(sam)
    accept(client, handoff)
    page = reverse("sla:queue")

    answer = client.post(undo_address(), HTTP_REFERER=f"http://testserver{page}", follow=True)

    assert answer.redirect_chain[0][0].endswith(page)
    assert "Undone: Accepted" in answer.content.decode()
    handoff.refresh_from_db()
    assert handoff.state == State.SENT


def test_an_address_elsewhere_is_not_gone_back_to(signed_in, sam, handoff):
    client = signed_in(sam)
    accept(client, handoff)

    answer = client.post(undo_address(), {"next": "https://evil.example/"})

    assert answer.url == reverse("leads:detail", args=[handoff.lead_id])


def test_a_colleague_cannot_undo_it(signed_in, sam, sonia, handoff):
    accept(signed_in(sam), handoff)

    assert signed_in(sonia).post(undo_address()).status_code == 404


def test_too_late_is_a_conflict_that_says_who_was_first(signed_in, mia, sam, handoff):
    sent = Act.objects.get(kind="HAND_OVER")
    accept(signed_in(sam), handoff)

    answer = signed_in(mia).post(reverse("leads:undo", args=[sent.key]))

    assert answer.status_code == 409
    assert "Sam Smit acted on this lead since" in answer.content.decode()


def test_the_lead_page_offers_it_while_nobody_else_acted(signed_in, mia, sam, handoff):
    accept(signed_in(sam), handoff)
    page = reverse("leads:detail", args=[handoff.lead_id])

    assert "You did this last" in signed_in(sam).get(page).content.decode()
    assert "You did this last" not in signed_in(mia).get(page).content.decode()
