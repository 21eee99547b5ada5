"""The rep's queue: who do I call next, and how long do I have?"""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from handoff.models import Handoff
from handoff.usual_brief import USUAL_BRIEF
from leads.models import Contact, Lead, Stage
from sla.queue import worklist
from tests.conftest import TUESDAY_NOON
from tests.factories import MONDAY_MORNING, AgreementFactory, LeadFactory

QUEUE = "/queue/"
TEN, ELEVEN, ONE = (TUESDAY_NOON.replace(hour=hour) for hour in (10, 11, 13))
TOMORROW = TUESDAY_NOON + timedelta(days=1)
BRIEF = {"why_now": "Asked for a price for 40 trucks", "wants": "Lower fuel costs"}
SPOKE = {"channel": "CALL", "result": "SPOKE"}
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(TUESDAY_NOON, tick=False):
        yield


@pytest.fixture
def promised(db):
    """Answer within 2 hours, first contact within 4, from nine to five."""
    return AgreementFactory(brief_items=USUAL_BRIEF)


@pytest.fixture
def hand_over(mia, sam):
    """`hand_over("Noor", at=TEN)` gives sam (or `to`) a lead of that name."""

    def send(name, *, at=TEN, to=sam):
        lead = LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING, contact__first_name=name)
        return Handoff.send(lead, brief=BRIEF, to=to, by=mia, at=at)

    return send


@pytest.fixture
def working(sam):
    """`working("Noor", next_step_at=...)` is a lead that sam contacted before."""

    def lead(name, **columns):
        moments = {"stage": Stage.CONTACTED, "contacted_at": TEN, "owner": sam}
        return LeadFactory(contact__first_name=name, **moments | columns)

    return lead


def names(key, person, at=TUESDAY_NOON) -> list[str]:
    lines = worklist.lines(worklist.view_for(key), person, at=at)
    leads = Lead.objects.select_related("contact").in_bulk([line.lead_id for line in lines])
    return [leads[line.lead_id].contact.first_name for line in lines]


def text(response) -> str:
    return response.content.decode()


# What stands where


def test_the_clock_that_runs_out_first_stands_first(promised, hand_over, sam):
    hand_over("Second", at=ELEVEN)
    hand_over("First", at=TEN)

    assert names("now", sam) == ["First", "Second"]


def test_a_promised_call_back_goes_before_a_first_call_of_the_same_minute(promised, hand_over, working, sam):
    with time_machine.travel(ONE):
        hand_over("First call", at=TEN).accept(by=sam, at=ELEVEN)  # first contact due at two
        working("Promised", next_step_at=TUESDAY_NOON.replace(hour=14))

        assert names("now", sam, at=TUESDAY_NOON.replace(hour=15)) == ["Promised", "First call"]


def test_without_an_agreement_hand_offs_stand_at_the_end(hand_over, working, sam):
    hand_over("No clock")
    working("Planned", next_step_at=ELEVEN)

    assert names("now", sam) == ["Planned", "No clock"]


def test_a_lead_stands_there_once(promised, hand_over, sam):
    handoff = hand_over("Noor")
    handoff.accept(by=sam, at=ELEVEN)
    handoff.lead.plan_next_step("Try again", due_at=ELEVEN)

    assert names("now", sam) == ["Noor"]
    assert worklist.tally(sam, at=TUESDAY_NOON).counts["now"] == 1


def test_after_the_first_contact_a_lead_leaves_until_its_next_step(promised, hand_over, sam):
    handoff = hand_over("Noor")
    handoff.log_contact("CALL", "SPOKE", by=sam, at=ELEVEN)
    assert names("now", sam) == []
    assert names("unplanned", sam) == ["Noor"]

    handoff.lead.plan_next_step("Offer", due_at=ONE)

    assert names("today", sam) == ["Noor"]
    assert names("unplanned", sam) == []
    assert names("now", sam, at=ONE) == ["Noor"]


def test_steps_of_tomorrow_are_not_for_today(working, sam):
    working("Tomorrow", next_step_at=TOMORROW)
    working("Tonight", next_step_at=TUESDAY_NOON.replace(hour=23, minute=59))

    assert names("today", sam) == ["Tonight"]


def test_what_marketing_owes_waits_apart(promised, hand_over, sam):
    hand_over("Noor").ask("Who signs?", by=sam, at=ELEVEN)

    assert (names("now", sam), names("waiting", sam)) == ([], ["Noor"])


def test_what_was_done_today_the_latest_first(promised, hand_over, sam):
    for name, at in [("Early", TEN), ("Late", ELEVEN)]:
        hand_over(name).log_contact("CALL", "SPOKE", by=sam, at=at)

    assert names("done", sam) == ["Late", "Early"]


def test_yesterday_is_not_today(hand_over, sam):
    hand_over("Noor").log_contact("CALL", "SPOKE", by=sam, at=ELEVEN)

    assert names("done", sam, at=TOMORROW) == []


def test_closed_leads_and_those_of_others_are_nowhere(hand_over, working, sam, sonia):
    hand_over("Hers", to=sonia)
    working("Won", stage=Stage.CUSTOMER, customer_at=ELEVEN, next_step_at=ELEVEN)

    assert all(names(view.key, sam) == [] for view in worklist.VIEWS)


def test_the_pool_is_the_same_for_all(hand_over, sam, sonia):
    hand_over("Free", to="pool")

    assert names("pool", sam) == names("pool", sonia) == ["Free"]


def test_counts_are_those_of_the_views(promised, hand_over, working, sam):
    hand_over("A")
    hand_over("B").ask("?", by=sam, at=ELEVEN)
    hand_over("C", to="pool")
    hand_over("D").log_contact("CALL", "SPOKE", by=sam, at=ELEVEN)
    working("E", next_step_at=ONE)

    counts = worklist.tally(sam, at=TUESDAY_NOON).counts

    assert counts == {view.key: len(names(view.key, sam)) for view in worklist.VIEWS}
    assert counts == {"now": 1, "today": 1, "waiting": 1, "unplanned": 1, "done": 1, "pool": 1}


def test_the_rail_says_how_many_wait_and_the_worst_of_them(promised, hand_over, working, sam, mia):
    assert worklist.waiting_for(sam) == (0, "")

    working("Later", next_step_at=TUESDAY_NOON)
    assert worklist.waiting_for(sam) == (1, "soon")

    hand_over("Late", at=TUESDAY_NOON.replace(hour=9))
    assert worklist.waiting_for(sam) == (2, "late")
    assert worklist.waiting_for(mia) == (0, "")


def test_a_day_of_the_company_ends_at_its_midnight_also_when_clocks_change():
    autumn = TUESDAY_NOON.replace(month=10, day=25)

    begin, end = worklist.day_of(autumn), worklist.day_after(autumn)

    assert end.timestamp() - begin.timestamp() == 25 * 3600


# The page


def test_the_page_says_how_it_stands(promised, hand_over, signed_in, sam):
    hand_over("Noor", at=TUESDAY_NOON.replace(hour=9))  # answer due at eleven
    hand_over("Jonas", at=TUESDAY_NOON.replace(hour=10, minute=20))  # at 12:20

    page = text(signed_in(sam).get(QUEUE))

    assert "2 to call" in page
    assert "1 late" in page
    assert "1 due within 30 minutes" in page
    assert "Asked for a price for 40 trucks" in page
    assert 'href="tel:+31205550134"' in page


@pytest.mark.parametrize("view", [view.key for view in worklist.VIEWS] + ["nonsense"])
def test_every_view_opens_empty_for_everybody(signed_in, view, sam, mia, max, fin, ada):
    for person in (sam, mia, max, fin, ada):
        assert signed_in(person).get(QUEUE, {"view": view, "page": "x"}).status_code == 200


def test_an_empty_queue_says_what_comes_next(signed_in, working, sam):
    working("Noor", next_step_at=TOMORROW)

    page = text(signed_in(sam).get(QUEUE))

    assert "Nothing to call now." in page
    assert "Next: Wed 12:00." in page


def test_what_was_logged_in_a_row_can_be_undone(promised, hand_over, signed_in, sam):
    lead = hand_over("Anna").lead
    rep = signed_in(sam)

    answer = rep.post(
        reverse("sla:queue_contact", args=[lead.pk]),
        {"channel": "CALL", "result": "SPOKE"},
        headers={"HX-Request": "true"},
    ).content.decode()
    undo = re.search(r'action="(/undo/[^"]+)"', answer)[1]
    rep.post(undo)

    lead.refresh_from_db()
    assert lead.stage == Stage.SQL


def test_queries_do_not_grow_with_the_rows(promised, hand_over, signed_in, sam, settings):
    settings.SHELL_SECONDS = 60  # what every page counts for the rail is remembered for some seconds
    rep = signed_in(sam)
    hand_over("Zero")
    rep.get(QUEUE)

    def queries_after(number) -> int:
        for at in range(number):
            hand_over(f"Lead {at}")
        with CaptureQueriesContext(connection) as found:
            rep.get(QUEUE)
        return len(found)

    few = queries_after(2)
    assert queries_after(12) == few
    assert few <= 12


def test_the_second_page_begins_where_the_first_ends(monkeypatch, promised, hand_over, signed_in, sam):
    monkeypatch.setattr("sla.queue.views.PAGE", 2)
    for minute, name in enumerate(["Anna", "Bert", "Cees"]):
        hand_over(name, at=TEN.replace(minute=minute))

    page = text(signed_in(sam).get(QUEUE, {"page": 2}))

    assert "Cees" in page
    assert "Bert" not in page


def test_nobody_is_called_who_refused(hand_over, signed_in, sam):
    contact = hand_over("Noor").lead.contact
    Contact.objects.filter(pk=contact.pk).update(do_not_contact_at=MONDAY_MORNING)

    page = text(signed_in(sam).get(QUEUE))

    assert "Do not call" in page
    assert "tel:" not in page


# The queue of somebody else


def test_who_leads_looks_at_the_queue_of_a_colleague(hand_over, signed_in, sam, sven):
    hand_over("Noor")

    page = text(signed_in(sven).get(QUEUE, {"person": sam.pk}))

    assert "Queue of Sam Smit" in page
    assert "Noor" in page
    assert "Reassign" in page


def test_others_do_not(signed_in, sam, sonia, mia):
    for person in (sonia, mia):
        assert signed_in(person).get(QUEUE, {"person": sam.pk}).status_code == 403


@pytest.mark.parametrize("person", ["999", "x", "9" * 30])
def test_an_unknown_person_has_no_queue(signed_in, sven, person):
    assert signed_in(sven).get(QUEUE, {"person": person}).status_code == 404


# Acting in a row


def test_the_row_opens_and_closes(hand_over, signed_in, sam):
    lead, rep = hand_over("Noor").lead, signed_in(sam)

    opened = text(rep.get(f"/queue/{lead.pk}/contact/", headers=HTMX))
    closed = text(rep.get(f"/queue/{lead.pk}/", headers=HTMX))

    assert "How did it go?" in opened
    assert opened.startswith(f'<li id="lead-{lead.pk}"')
    assert "How did it go?" not in closed


def test_logging_in_the_row_leaves_it_grey_with_what_was_logged(promised, hand_over, signed_in, sam):
    handoff = hand_over("Noor")

    response = signed_in(sam).post(f"/queue/{handoff.lead_id}/contact/", SPOKE, headers=HTMX)

    assert "data-taken" in text(response)
    assert "Logged: Spoke." in text(response)
    assert Handoff.objects.get(pk=handoff.pk).first_contact_at == TUESDAY_NOON


def test_after_the_first_conversation_the_row_leads_to_the_claims(promised, hand_over, signed_in, sam):
    handoff = hand_over("Noor")
    rep = signed_in(sam)

    answer = rep.post(f"{QUEUE}{handoff.lead_id}/contact/", SPOKE, headers=HTMX).content.decode()

    (there, again) = re.findall(r'href="(/handoffs/\d+/claims/[^"]*)"', answer)
    assert there == again == f"/handoffs/{handoff.pk}/claims/?next=%2Fqueue%2F"
    assert 'data-hotkey="v"' in answer
    assert 'name="next" value="/queue/"' in rep.get(there).content.decode()


@pytest.mark.parametrize("result", ["NO_ANSWER", "VOICEMAIL"])
def test_without_a_conversation_there_is_nothing_to_check(promised, hand_over, signed_in, sam, result):
    address = f"{QUEUE}{hand_over('Noor').lead_id}/contact/"

    answer = signed_in(sam).post(address, {"channel": "CALL", "result": result}, headers=HTMX)

    assert "/claims/" not in answer.content.decode()


def test_after_an_act_the_numbers_beside_the_row_are_true_again(promised, hand_over, signed_in, sam):
    noor, _jonas = hand_over("Noor"), hand_over("Jonas")
    rep = signed_in(sam)
    before = text(rep.get(QUEUE))

    answer = text(rep.post(f"{QUEUE}{noor.lead_id}/contact/", SPOKE, headers=HTMX))

    assert "2 to call" in before
    assert re.search(r'id="queue-standing" hx-swap-oob="true">1 to call', answer)
    assert '<span id="tab-now" hx-swap-oob="innerHTML">1</span>' in answer
    assert '<span id="tab-done" hx-swap-oob="innerHTML">1</span>' in answer
    assert re.search(r'id="count-queue"[^>]*hx-swap-oob="true">1<', answer)


def test_who_leads_reads_the_numbers_of_the_queue_he_looks_at(promised, hand_over, signed_in, sam, sven):
    noor, _jonas = hand_over("Noor"), hand_over("Jonas")
    page = {"HX-Current-URL": f"http://testserver{QUEUE}?person={sam.pk}"}

    answer = text(signed_in(sven).post(f"{QUEUE}{noor.lead_id}/contact/", SPOKE, headers=HTMX | page))

    assert re.search(r'id="queue-standing" hx-swap-oob="true">1 to call', answer)


@pytest.mark.parametrize("person", ["{colleague}", "99999999", "nobody"])
def test_an_act_is_no_error_because_its_page_shows_a_queue_he_may_not_see(
    promised, hand_over, signed_in, sam, sonia, person
):
    noor, _jonas = hand_over("Noor"), hand_over("Jonas")
    page = {
        "HX-Current-URL": f"http://testserver{QUEUE}?person={person.format(colleague=sonia.pk)}"
    }  # he led the team when he opened it

    answer = text(signed_in(sam).post(f"{QUEUE}{noor.lead_id}/contact/", SPOKE, headers=HTMX | page))

    assert re.search(r'id="queue-standing" hx-swap-oob="true">1 to call', answer)


def test_a_mistake_keeps_the_row_open_with_what_was_typed(hand_over, signed_in, sam):
    handoff = hand_over("Noor")

    response = signed_in(sam).post(
        f"/queue/{handoff.lead_id}/contact/", {"channel": "CALL", "note": "Wants a demo"}, headers=HTMX
    )

    assert response.status_code == 422
    assert "Wants a demo" in text(response)
    assert not handoff.contact_attempts.exists()


def test_a_row_that_was_taken_says_by_whom_and_what_is_left(promised, hand_over, signed_in, sam, sven, sonia):
    handoff, rep = hand_over("Noor"), signed_in(sam)
    handoff.reassign(sonia, by=sven, at=ELEVEN)

    response = rep.post(f"/queue/{handoff.lead_id}/contact/", SPOKE, headers=HTMX)

    assert response.status_code == 409
    assert "Sven Smit reassigned this at 11:00." in text(response)
    assert "data-taken" in text(response)
    assert "Look at the lead" in text(response)
    assert not handoff.contact_attempts.exists()


def test_what_was_never_his_is_refused(hand_over, signed_in, sonia):
    handoff = hand_over("Noor")

    response = signed_in(sonia).post(f"/queue/{handoff.lead_id}/contact/", SPOKE, headers=HTMX)

    assert response.status_code == 403


def test_accepting_from_the_pool_in_the_row(hand_over, signed_in, sam):
    handoff = hand_over("Noor", to="pool")

    response = signed_in(sam).post(f"/queue/{handoff.lead_id}/accept/", headers=HTMX)

    assert "Accepted: it is in your queue." in text(response)
    assert Handoff.objects.get(pk=handoff.pk).receiver == sam


def test_of_two_who_accept_one_is_told_in_the_row_who_was_first(hand_over, signed_in, sam, sonia):
    handoff, rep = hand_over("Noor", to="pool"), signed_in(sonia)
    Handoff.objects.get(pk=handoff.pk).accept(by=sam, at=TUESDAY_NOON)

    in_row = rep.post(f"/queue/{handoff.lead_id}/accept/", headers=HTMX)
    without_script = rep.post(f"/queue/{handoff.lead_id}/accept/")

    for response in (in_row, without_script):
        assert response.status_code == 409
        assert "Sam Smit accepted this at 12:00." in text(response)
    assert Handoff.objects.get(pk=handoff.pk).receiver == sam


def test_planning_in_the_row(working, signed_in, sam):
    lead = working("Noor", next_step_at=ELEVEN)
    step = {"next_step": "Offer", "next_step_at": "2026-11-25T10:00"}

    response = signed_in(sam).post(f"/queue/{lead.pk}/next-step/", step, headers=HTMX)

    assert "Planned." in text(response)
    assert "Wed 10:00" in text(response)


@pytest.mark.parametrize("act", ["contact", "next-step"])
def test_without_javascript_the_act_has_a_page(working, signed_in, sam, act):
    lead = working("Noor")

    response = signed_in(sam).get(f"/queue/{lead.pk}/{act}/", follow=True)

    assert response.redirect_chain[0][0] == f"/leads/{lead.pk}/{act}/?next=/queue/"
    assert response.status_code == 200


def test_what_was_saved_before_the_script_was_ready_is_saved(working, signed_in, sam):
    lead = working("Noor")

    response = signed_in(sam).post(f"/queue/{lead.pk}/contact/", SPOKE, follow=True)

    assert response.redirect_chain == [(f"/leads/{lead.pk}/contact/?next=/queue/", 307), (QUEUE, 302)]
    assert lead.activities.filter(kind="CALL").exists()


def test_after_the_page_the_rep_is_back_in_the_queue(working, signed_in, sam):
    lead = working("Noor")

    response = signed_in(sam).post(f"/leads/{lead.pk}/contact/", SPOKE | {"next": QUEUE})

    assert response.url == QUEUE


# News


def poll(rep, since, *, news="0") -> str:
    """What the poll of the rail brings to a page of the queue that was made at `since`."""
    seen = rep.get("/rail/", headers=HTMX).content.decode().partition("?seen=")[2].partition('"')[0]
    asked = {"seen": unquote(seen), "since": since.isoformat(), "news": news}
    return text(rep.get("/rail/", asked, headers=HTMX))


def test_new_hand_offs_announce_themselves_in_the_poll_of_the_rail(hand_over, signed_in, sam):
    rep = signed_in(sam)
    hand_over("Old", at=TEN)
    assert poll(rep, ELEVEN) == ""

    hand_over("New", at=TUESDAY_NOON)

    assert "1 new hand-off." in poll(rep, ELEVEN)
    assert 'data-news="1"' in poll(rep, ELEVEN)
    assert poll(rep, ELEVEN, news="1") == "", "the page says so already"


def test_another_page_hears_nothing_of_it(hand_over, signed_in, sam):
    hand_over("New", at=TUESDAY_NOON)

    assert "new hand-off" not in signed_in(sam).get("/rail/", headers=HTMX).content.decode()


@pytest.mark.parametrize("since", ["", "x", "2026-11-24T10:00", "2026-13-45"])
def test_a_moment_that_is_none_is_no_news(hand_over, signed_in, sam, since):
    hand_over("New", at=TUESDAY_NOON)

    assert "new hand-off" not in text(signed_in(sam).get("/rail/", {"since": since}, headers=HTMX))


# Sheets


def test_the_sheets_of_all_who_are_to_be_called(promised, hand_over, signed_in, sam):
    for name in ("Anna", "Bert"):
        hand_over(name)

    page = text(signed_in(sam).get("/queue/call-sheets/"))

    assert "2 sheets" in page
    assert page.count('class="sheet panel"') == 2


def test_a_plan_whose_moment_has_passed_says_so(working, signed_in, sam):
    working("Noor", next_step_at=ELEVEN)

    with time_machine.travel(ONE, tick=False):
        page = signed_in(sam).get("/queue/")

    assert "Overdue" in text(page)
    assert "Planned" not in text(page)
