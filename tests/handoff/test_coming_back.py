"""Whatever is done from the inbox, it comes back to it as narrowed as it was."""

import re
from html import unescape

import pytest
from django.utils import timezone

from handoff.models import Handoff
from leads.models import Source, Stage
from tests.factories import MONDAY_MORNING, LeadFactory
from tests.handoff.moments import BRIEF, TUESDAY_TEN

LIST = "/handoffs/?tab=waiting&source=webinar"
QUERY = LIST.partition("?")[2]
RETURN = {"reason": "DUPLICATE", "note": "Jonas has it"}


@pytest.fixture
def elsewhere(handoff, mia, sven):
    """Beside that of Noor there is one from the fair."""
    jonas = LeadFactory(
        stage=Stage.SQL,
        sql_at=MONDAY_MORNING,
        contact__first_name="Jonas",
        contact__last_name="Peeters",
        source=Source.objects.create(key="fair", name="Fair"),
    )
    return Handoff.send(jonas, brief=BRIEF, to=sven, by=mia, at=TUESDAY_TEN)


def doors(page) -> dict[str, str]:
    """Each act of the page, with what it takes along to come back."""
    text = unescape(page.content.decode())
    links = re.findall(r'href="/handoffs/\d+/(\w+)/\?next=([^"]+)"', text)
    buttons = re.findall(r'action="/handoffs/\d+/(\w+)/">.*?name="next" value="([^"]+)"', text)
    return dict(links + buttons)


def test_every_act_takes_the_narrowed_list_along(signed_in, handoff, sven):
    acts = doors(signed_in(sven).get(LIST))

    assert {"accept", "ask", "return", "reassign"} <= acts.keys()
    for act in ("accept", "ask", "return", "reassign"):
        assert acts[act] in (LIST, "%2Fhandoffs%2F%3Ftab%3Dwaiting%26source%3Dwebinar")


@pytest.mark.parametrize(
    ("act", "answers"), [("accept", {}), ("ask", {"question": "Who signs?"}), ("return", RETURN)]
)
def test_who_is_done_goes_on_with_the_next_of_that_list(signed_in, handoff, sam, act, answers):
    answer = signed_in(sam).post(f"/handoffs/{handoff.pk}/{act}/", {**answers, "next": LIST})

    assert answer.url == LIST


def test_who_is_not_done_stays_beside_that_list(signed_in, handoff, sam, mia):
    handoff.ask("Who signs?", by=sam, at=timezone.now())

    answer = signed_in(mia).post(f"/handoffs/{handoff.pk}/reply/", {"answer": "He does", "next": LIST})

    assert answer.url == f"/handoffs/{handoff.pk}/?{QUERY}"


def test_the_form_of_an_act_keeps_the_list_also_when_something_is_missing(signed_in, handoff, sam):
    rep = signed_in(sam)
    asked = rep.get(f"/handoffs/{handoff.pk}/ask/", {"next": LIST})
    forgotten = rep.post(f"/handoffs/{handoff.pk}/ask/", {"question": "", "next": LIST})

    for page in (asked, forgotten):
        text = unescape(page.content.decode())
        assert f'name="next" value="{LIST}"' in text
        assert f'href="/handoffs/{handoff.pk}/?{QUERY}">Cancel' in text


def test_who_was_too_late_still_sees_the_narrowed_list(signed_in, handoff, elsewhere, sam, sven):
    handoff.accept(by=sam, at=timezone.now())

    page = signed_in(sven).post(f"/handoffs/{handoff.pk}/accept/", {"next": LIST})

    assert page.status_code == 409
    assert "Sam Smit accepted this" in page.content.decode()
    assert "Jonas" not in page.content.decode()


def test_what_is_said_stays_beside_the_list(signed_in, handoff, sven):
    page = signed_in(sven).get(f"/handoffs/{handoff.pk}/?part=rest&{QUERY}", headers={"HX-Request": "true"})

    assert f'name="next" value="/handoffs/{handoff.pk}/?{QUERY}#conversation"' in unescape(
        page.content.decode()
    )


def test_another_page_gets_its_person_back(signed_in, handoff, sam):
    answer = signed_in(sam).post(f"/handoffs/{handoff.pk}/accept/", {"next": "/queue/?view=pool"})

    assert answer.url == "/queue/?view=pool"


def test_without_a_list_the_next_one_waits(signed_in, handoff, sam):
    assert signed_in(sam).post(f"/handoffs/{handoff.pk}/accept/").url == "/handoffs/?tab=waiting"
