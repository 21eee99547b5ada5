"""The inbox in a browser without JavaScript: what waits for whom, and the answers to it."""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from handoff.models import Handoff, State
from leads.models import SavedView, Source, Stage
from tests.factories import MONDAY_MORNING, LeadFactory
from tests.handoff.moments import BRIEF, TUESDAY_ELEVEN, TUESDAY_HALF_PAST_TEN, TUESDAY_TEN

pytestmark = pytest.mark.usefixtures("noon")

INBOX = "/handoffs/"


def text(response) -> str:
    return response.content.decode()


def act(handoff, name) -> str:
    return reverse(f"handoff:{name}", args=[handoff.pk])


def fresh(handoff) -> Handoff:
    return Handoff.objects.select_related("lead").get(pk=handoff.pk)


def named(first_name) -> dict:
    return {"stage": Stage.SQL, "sql_at": MONDAY_MORNING, "contact__first_name": first_name}


# Reading


def test_a_rep_sees_what_waits_for_him(signed_in, handoff, sam):
    page = text(signed_in(sam).get(INBOX))

    assert "Noor de Wit" in page
    assert "Asked for a price for 40 trucks" in page, "the first one stands open beside the list"


def test_a_row_says_what_was_left_out_and_why(signed_in, lead, promised, mia, sam):
    waived = {"wants": "He would only tell a person"}
    Handoff.send(lead, brief=BRIEF | {"wants": ""}, waived=waived, to=sam, by=mia, at=TUESDAY_TEN)

    assert "Without “What they want”: He would only tell a person" in text(signed_in(sam).get(INBOX))


def test_a_rep_does_not_answer_for_a_colleague(signed_in, handoff, sonia):
    assert "Noor de Wit" not in text(signed_in(sonia).get(INBOX))


def test_a_team_lead_sees_what_waits_for_all(signed_in, handoff, sven):
    assert "Noor de Wit" in text(signed_in(sven).get(INBOX))


def test_marketing_begins_with_what_it_sent(signed_in, handoff, mia):
    assert "Noor de Wit" in text(signed_in(mia).get(INBOX))


@pytest.mark.parametrize("tab", ["waiting", "asked", "accepted", "returned", "sent", "pool", "nonsense"])
def test_every_tab_opens_empty_for_everybody(signed_in, tab, sam, mia, fin, ada):
    for person in (sam, mia, fin, ada):
        assert signed_in(person).get(INBOX, {"tab": tab, "after": "x"}).status_code == 200


def test_tabs_follow_the_state(signed_in, handoff, sam, mia):
    rep = signed_in(sam)
    handoff.ask("Who signs?", by=sam, at=TUESDAY_HALF_PAST_TEN)
    assert "Noor" in text(rep.get(INBOX, {"tab": "asked"}))

    handoff.accept(by=sam, at=TUESDAY_ELEVEN)
    assert "Noor" in text(rep.get(INBOX, {"tab": "accepted"}))
    assert "Noor" not in text(rep.get(INBOX, {"tab": "asked"}))


def test_the_longest_waiting_stands_first(signed_in, mia, sam):
    for name, at in [("Late", TUESDAY_HALF_PAST_TEN), ("Early", TUESDAY_TEN)]:
        Handoff.send(LeadFactory(**named(name)), brief=BRIEF, to=sam, by=mia, at=at)

    page = text(signed_in(sam).get(INBOX))

    assert page.index("Early de Wit") < page.index("Late de Wit")


def test_the_pool_is_for_everybody_in_sales(signed_in, pooled, sonia):
    assert "Noor de Wit" in text(signed_in(sonia).get(INBOX, {"tab": "pool"}))


def test_more_than_a_page_goes_on_where_it_stopped(signed_in, mia, sam, monkeypatch):
    monkeypatch.setattr("handoff.inbox.PAGE", 2)
    for name in ("Anna", "Bert", "Cees"):
        Handoff.send(LeadFactory(**named(name)), brief=BRIEF, to=sam, by=mia, at=TUESDAY_TEN)
    rep = signed_in(sam)

    first = rep.get(INBOX)
    second = text(rep.get(INBOX, {"after": first.context["next_id"]}))

    assert [row.first_name for row in first.context["rows"]] == ["Anna", "Bert"]
    assert "Cees de Wit" in second
    assert "Bert de Wit" not in second


def test_clocks_stand_beside_what_is_owed(signed_in, promised, handoff, sam):
    page = text(signed_in(sam).get(INBOX))

    assert "First contact due" in page
    assert "due-in" in page


def test_queries_do_not_grow_with_the_rows(signed_in, promised, mia, sam):
    rep = signed_in(sam)

    def queries_for(number):
        for at in range(number):
            Handoff.send(LeadFactory(**named(f"N{at}")), brief=BRIEF, to=sam, by=mia, at=TUESDAY_TEN)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rep.get(INBOX)
        return len(queries)

    rep.get(INBOX)
    assert queries_for(2) == queries_for(10)


def test_a_detail_shows_criteria_brief_and_history(signed_in, handoff, fin):
    page = text(signed_in(fin).get(act(handoff, "detail")))

    for words in ("Why now", "Not given", "Handed over", "No verdict was kept"):
        assert words in page
    assert 'data-hotkey="a"' not in page, "finance reads and does not answer"


def test_beside_the_list_the_rest_of_a_hand_off_comes_when_it_is_looked_at(signed_in, handoff, sam):
    rep, rest = signed_in(sam), f"{act(handoff, 'detail')}?part=rest"

    page = text(rep.get(INBOX))
    later = text(rep.get(rest, headers={"HX-Request": "true"}))

    assert f'hx-get="{rest}&amp;tab=waiting"' in page
    assert "No verdict was kept" not in page
    for words in ("No verdict was kept", "Conversation", "What happened"):
        assert words in later


def test_without_javascript_the_rest_stands_on_the_page_of_the_hand_off(signed_in, handoff, sam):
    page = text(signed_in(sam).get(f"{act(handoff, 'detail')}?part=rest"))

    for words in ("Why now", "No verdict was kept", "Conversation", "What happened"):
        assert words in page


def test_the_chips_of_a_list_share_the_hours_of_their_calendar(signed_in, promised, mia, sam):
    for name in ("Anna", "Bert"):
        Handoff.send(LeadFactory(**named(name)), brief=BRIEF, to=sam, by=mia, at=TUESDAY_TEN)

    page = text(signed_in(sam).get(INBOX))

    (calendar,) = re.findall(r'<script type="application/json" id="hours-(\d+)">', page)
    assert page.count(f'hours="{calendar}"') == 2


def test_an_unknown_hand_off_is_not_found(signed_in, sam):
    assert signed_in(sam).get("/handoffs/999/").status_code == 404
    assert signed_in(sam).get(f"/handoffs/{10**30}/").status_code == 404


def test_hostile_words_stay_words(signed_in, lead, mia, sam):
    nasty = "<script>alert(1)</script>\"'"
    handoff = Handoff.send(lead, brief=BRIEF | {"why_now": nasty}, to=sam, by=mia, at=TUESDAY_TEN)

    page = text(signed_in(sam).get(act(handoff, "detail")))

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


# Answering


def test_accepting_says_so_and_goes_on_with_the_inbox(signed_in, handoff, sam):
    response = signed_in(sam).post(act(handoff, "accept"), follow=True)

    assert response.redirect_chain == [("/handoffs/?tab=waiting", 302)]
    assert "Accepted. Noor de Wit is in the queue." in text(response)
    assert fresh(handoff).state == State.ACCEPTED


def test_a_late_click_is_told_by_whom_and_sees_what_is_left(signed_in, handoff, sam, sven):
    handoff.accept(by=sven, at=TUESDAY_ELEVEN)

    response = signed_in(sam).post(act(handoff, "accept"))

    assert response.status_code == 409
    assert "Sven Smit accepted this at 11:00." in text(response)
    assert 'data-hotkey="r"' in text(response), "it can still be returned"


def test_returning_without_a_reason_is_asked_again(signed_in, handoff, sam):
    response = signed_in(sam).post(act(handoff, "return"), {"note": "They have 4 trucks"})

    assert response.status_code == 422
    assert "They have 4 trucks" in text(response)
    assert fresh(handoff).state == State.SENT


def test_some_reasons_ask_for_a_sentence(signed_in, handoff, sam):
    response = signed_in(sam).post(act(handoff, "return"), {"reason": "OTHER"})

    assert response.status_code == 422
    assert "Say in a sentence" in text(response)


def test_returning_with_a_reason(signed_in, handoff, sam):
    signed_in(sam).post(act(handoff, "return"), {"reason": "DUPLICATE"})

    assert fresh(handoff).state == State.RETURNED


def test_asking_and_answering(signed_in, handoff, sam, mia):
    signed_in(sam).post(act(handoff, "ask"), {"question": "Who signs?"})

    answering = signed_in(mia).get(act(handoff, "reply"))
    assert "Who signs?" in text(answering)

    signed_in(mia).post(act(handoff, "reply"), {"answer": "The board does."})
    assert fresh(handoff).reply_text == "The board does."


def test_a_second_question_is_refused_in_words(signed_in, handoff, sam, mia):
    handoff.ask("Who signs?", by=sam, at=TUESDAY_HALF_PAST_TEN)
    handoff.reply("The board.", by=mia, at=TUESDAY_ELEVEN)

    response = signed_in(sam).post(act(handoff, "ask"), {"question": "Which?"})

    assert response.status_code == 422
    assert "there is one round" in text(response)


def test_claiming_from_the_pool(signed_in, pooled, sonia):
    signed_in(sonia).post(act(pooled, "claim"))

    assert fresh(pooled).receiver == sonia


def test_who_comes_too_late_for_the_pool_is_told(signed_in, pooled, sam, sonia):
    pooled.claim(by=sam, at=TUESDAY_ELEVEN)

    response = signed_in(sonia).post(act(pooled, "claim"))

    assert response.status_code == 409
    assert "Sam Smit claimed this at 11:00." in text(response)


def test_the_team_lead_reassigns(signed_in, handoff, sonia, sven):
    signed_in(sven).post(act(handoff, "reassign"), {"to": sonia.pk})

    assert fresh(handoff).receiver == sonia


@pytest.mark.parametrize("verb", ["accept", "return", "ask", "claim"])
@pytest.mark.parametrize("person", ["mia", "fin", "ada", "sonia"])
def test_who_may_not_is_refused_and_nothing_changes(signed_in, handoff, request, verb, person):
    someone = request.getfixturevalue(person)
    if (person, verb) == ("sonia", "claim"):
        pytest.skip("Sonia may claim; that it has a receiver is told as a conflict")

    response = signed_in(someone).post(act(handoff, verb), {"reason": "DUPLICATE", "question": "x"})

    assert response.status_code == 403
    assert fresh(handoff).state == State.SENT
    assert handoff.events.count() == 1


@pytest.mark.parametrize(("verb", "person"), [("reply", "sam"), ("reassign", "sam"), ("reassign", "mara")])
def test_marketing_replies_and_the_team_lead_reassigns(signed_in, handoff, request, verb, person):
    assert signed_in(request.getfixturevalue(person)).get(act(handoff, verb)).status_code == 403


def test_reading_never_answers(signed_in, handoff, sam):
    assert signed_in(sam).get(act(handoff, "accept")).status_code == 405
    signed_in(sam).get(act(handoff, "return"))

    assert fresh(handoff).state == State.SENT


def test_htmx_gets_the_panel_alone(signed_in, handoff, sam):
    response = signed_in(sam).get(act(handoff, "detail"), headers={"HX-Request": "true"})

    assert text(response).lstrip().startswith('<article id="handoff-detail"')
    assert "<html" not in text(response)


def test_going_back_leads_to_our_own_pages_only(signed_in, handoff, sam):
    response = signed_in(sam).post(act(handoff, "accept"), {"next": "https://evil.example/"})

    assert response.url == "/handoffs/?tab=waiting"


# Narrowed, and kept as a view


@pytest.fixture
def two(lead, mia, sven, sam):
    """Noor came from a web site and waits for sam; Jonas, from elsewhere and hot, waits for sven."""
    Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_TEN)
    jonas = LeadFactory(**named("Jonas"), source=Source.objects.create(key="fair", name="Fair"))
    Handoff.send(jonas, brief=BRIEF, to=sven, by=mia, at=TUESDAY_TEN)
    Handoff.objects.filter(lead=jonas).update(hot=True)


@pytest.mark.parametrize("asked", [{"source": "fair"}, {"hot": "yes"}, {"q": "jonas"}])
def test_it_is_narrowed_by_its_address(signed_in, two, sven, asked):
    page = text(signed_in(sven).get(INBOX, {"tab": "waiting", **asked}))

    assert "Jonas" in page
    assert "Noor" not in page
    assert f"?tab=waiting&amp;{urlencode(asked)}" in page, "opening one keeps the way back"


def test_it_is_narrowed_to_one_rep(signed_in, two, sven, sam):
    page = text(signed_in(sven).get(INBOX, {"tab": "waiting", "receiver": sam.pk}))

    assert "Noor" in page
    assert "Jonas" not in page


@pytest.mark.parametrize("asked", [{"source": "x"}, {"hot": "x"}, {"receiver": "x"}, {"q": "zzz"}])
def test_what_is_asked_in_vain_shows_nothing(signed_in, two, sven, asked):
    page = text(signed_in(sven).get(INBOX, {"tab": "waiting", **asked}))

    assert "No hand-off fits these filters." in page
    assert "Noor de Wit" not in page


def test_a_view_is_private_until_it_is_shared_with_the_team(signed_in, two, sven, sam, mia):
    rep = signed_in(sven)
    rep.post("/views/new/?of=HANDOFFS&query=hot%3Dyes%26tab%3Dwaiting", {"name": "Hot ones"})
    view = SavedView.objects.get()
    assert "Hot ones" in text(rep.get(INBOX))
    assert "Hot ones" not in text(signed_in(sam).get(INBOX))

    rep = signed_in(sven)
    rep.post(f"/views/{view.pk}/", {"name": "Hot ones", "is_shared": "on"})
    assert "Hot ones" in text(signed_in(sam).get(INBOX))
    assert "Hot ones" not in text(signed_in(mia).get(INBOX))
