"""The queue, narrowed; a first call that was snoozed; what a row says of place, tries and permission."""

from datetime import timedelta

import pytest
import time_machine
from django.http import QueryDict

from handoff.models import Handoff
from leads.models import Contact, Lead, SavedView, Stage
from sla.queue import rows, worklist
from sla.queue.narrowing import Narrowing
from sla.queue.worklist import Line
from tests.conftest import TUESDAY_NOON
from tests.factories import (
    BRIEF,
    MONDAY_MORNING,
    AgreementFactory,
    CampaignFactory,
    LeadFactory,
    SourceFactory,
)

QUEUE = "/queue/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(TUESDAY_NOON, tick=False):
        yield


@pytest.fixture
def hand_over(db, mia, sam):
    """At eleven, under an agreement: answer due at one, first contact at three."""
    AgreementFactory()

    def send(name="Noor", **columns):
        lead = LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING, contact__first_name=name, **columns)
        brief = {item["key"]: "Asked for a price" for item in BRIEF}
        return Handoff.send(lead, brief=brief, to=sam, by=mia, at=TUESDAY_NOON - timedelta(hours=1))

    return send


def text(response) -> str:
    return response.content.decode()


def left(query, lines, at=TUESDAY_NOON) -> list[int]:
    return [line.lead_id for line in Narrowing(QueryDict(query)).of(lines, at=at)]


def now_of(person, at) -> set[str]:
    lines = worklist.lines(worklist.view_for("now"), person, at=at)
    return set(
        Lead.objects.filter(pk__in=[line.lead_id for line in lines]).values_list(
            "contact__first_name", flat=True
        )
    )


# Narrowing


@pytest.mark.parametrize(
    ("due", "remain"),
    [
        ("late", [1]),
        ("soon", [1, 2]),
        ("today", [1, 2, 3]),
        ("week", [1, 2, 3, 4]),
        ("", [1, 2, 3, 4, 5]),
        ("x", []),
    ],
)
def test_what_is_due_by_when(due, remain):
    minutes = {1: -1, 2: 30 - 1, 3: 60, 4: 60 * 24}
    lines = [Line(pk, TUESDAY_NOON + timedelta(minutes=number)) for pk, number in minutes.items()]

    assert left(f"due={due}", [*lines, Line(5, None)]) == remain


def test_by_source_campaign_and_words(hand_over, signed_in, sam):
    fuel = CampaignFactory(name="Fuel Q4")
    noor = hand_over("Noor", campaign=fuel).lead
    jonas = hand_over("Jonas", source=SourceFactory(key="referral")).lead
    lines = [Line(noor.pk, None), Line(jonas.pk, None)]

    assert left("source=referral", lines) == [jonas.pk]
    assert left(f"campaign={fuel.pk}", lines) == [noor.pk]
    assert left("q=jon", lines) == [jonas.pk]
    assert left("q=jon&source=webinar", lines) == []
    assert left("campaign=x", lines) == left("source=nothing", lines) == []

    page = text(signed_in(sam).get(QUEUE, {"source": "referral"}))
    assert "Jonas" in page
    assert "Noor" not in page
    assert "Source: Referral" in page


def test_the_counts_on_the_tabs_stay_those_of_the_whole_views(hand_over, signed_in, sam):
    for name in ("Noor", "Jonas"):
        hand_over(name)

    page = text(signed_in(sam).get(QUEUE, {"q": "jonas"}))

    assert 'To call now<span id="tab-now" class="tabs__count">2</span>' in page
    assert "2 to call" in page


def test_no_match_says_so_and_clears(hand_over, signed_in, sam):
    hand_over()

    page = text(signed_in(sam).get(QUEUE, {"source": "nothing", "due": "late"}))

    assert "No lead in this view matches 2 filters." in page
    assert 'href="?view=now"' in page


def test_a_view_of_the_queue_is_kept_with_its_filters(hand_over, signed_in, sam):
    hand_over()
    rep = signed_in(sam)
    assert "Save as…" not in text(rep.get(QUEUE, {"view": "today"}))
    assert "Save as…" in text(rep.get(QUEUE, {"view": "today", "due": "late"}))

    rep.post("/views/new/?of=QUEUE&query=view%3Dtoday%26due%3Dlate", {"name": "Urgent"})

    view = SavedView.objects.get()
    page = text(rep.get(QUEUE, {"view": "today", "due": "late", "saved": view.pk}))
    assert f'saved={view.pk}" aria-current="page" data-hotkey="7">Urgent' in page
    assert "Save as…" not in page


# Snoozing a first call


def test_a_snoozed_first_call_waits_for_its_moment(hand_over, sam):
    hand_over().lead.plan_next_step("At two", due_at=TUESDAY_NOON.replace(hour=14))
    hand_over("Jonas")

    assert now_of(sam, TUESDAY_NOON) == {"Jonas"}
    assert worklist.tally(sam, at=TUESDAY_NOON).counts["today"] == 1
    assert now_of(sam, TUESDAY_NOON.replace(hour=14)) == {"Noor", "Jonas"}


def test_it_is_back_half_an_hour_before_its_promise_whatever_was_planned(hand_over, sam):
    handoff = hand_over()
    handoff.lead.plan_next_step("Next week", due_at=TUESDAY_NOON + timedelta(days=7))
    due = handoff.clocks.order_by("due_at").first().due_at

    assert now_of(sam, due - timedelta(minutes=31)) == set()
    assert now_of(sam, due - timedelta(minutes=30)) == {"Noor"}


def test_the_panel_says_that_no_promise_moves(hand_over, signed_in, sam):
    lead, rep = hand_over().lead, signed_in(sam)
    panel = text(rep.get(f"/queue/{lead.pk}/next-step/", headers=HTMX))

    done = rep.post(f"/queue/{lead.pk}/next-step/", {"next_step_at": "2026-11-25T10:00"}, headers=HTMX)

    assert "Snoozing moves no promise: the first contact stays due 15:00." in panel
    assert "Snoozed." in text(done)
    assert {clock.state for clock in Handoff.objects.get().clocks.all()} == {"RUNNING"}


def test_of_leads_due_in_one_minute_the_higher_score_goes_first():
    tied = [
        Line(1, TUESDAY_NOON, points=10),
        Line(2, TUESDAY_NOON + timedelta(seconds=30), points=80),
        Line(3, TUESDAY_NOON, 0),
    ]

    assert [line.lead_id for line in sorted(tied, key=worklist._order)] == [3, 2, 1]


# What a row says


def row_of(lead) -> rows.Row:
    return rows.of_lead(Lead.objects.for_list().get(pk=lead.pk), TUESDAY_NOON)


def test_a_row_counts_the_tries(hand_over, sam):
    handoff = hand_over()
    assert "try" not in row_of(handoff.lead).about

    handoff.log_contact("CALL", "NO_ANSWER", by=sam, at=TUESDAY_NOON)

    assert "2nd try" in row_of(handoff.lead).about


@pytest.mark.parametrize(
    ("country", "city", "said"),
    [
        ("NL", "Utrecht", ""),
        ("GB", "Leeds", "local 11:00"),
        ("US", "New York", "local 06:00, outside calling hours"),
        ("US", "Springfield", ""),
    ],
)
def test_the_time_where_the_lead_is_when_it_is_another(hand_over, country, city, said):
    lead = hand_over().lead
    lead.company.country, lead.company.city = country, city
    lead.company.save()

    assert row_of(lead).local == said


def test_a_fact_about_the_zone_goes_before_the_country(hand_over):
    lead = hand_over(facts={"time_zone": "Asia/Tokyo"}).lead

    assert row_of(lead).local == "local 20:00, outside calling hours"


@pytest.mark.parametrize(("consent", "sign"), [("yes (form)", True), ("", False), ("no", False)])
def test_permission_to_call_is_a_sign(hand_over, consent, sign):
    lead = hand_over().lead
    Contact.objects.filter(pk=lead.contact_id).update(consent=consent)

    assert ("may be called" in row_of(lead).about) == sign


def test_what_people_wrote_is_text_and_never_markup(hand_over, signed_in, sam):
    evil = """<b>x</b>"'"""
    lead = hand_over(evil).lead
    Contact.objects.filter(pk=lead.contact_id).update(job_title=evil, phone=evil)
    lead.plan_next_step(evil, due_at=TUESDAY_NOON)
    Lead.objects.filter(pk=lead.pk).update(facts={"time_zone": evil})

    page = text(signed_in(sam).get(QUEUE))

    assert "<b>x" not in page
    assert page.count("&lt;b&gt;x&lt;/b&gt;&quot;&#x27;") >= 4


def test_the_order_in_which_a_voice_reads_a_row(hand_over, signed_in, sam):
    hand_over()

    line = text(signed_in(sam).get(QUEUE)).partition('<ul class="queue"')[2]

    parts = [
        "Noor de Wit</a>",
        "Operations director, Vandersteen Logistics",
        "Due in 1 hour, at 13:00",
        "Asked for a price",
        "Webinar",
    ]
    places = [line.index(part) for part in parts]
    assert places == sorted(places)


def test_the_page_of_a_lead_counts_the_promises_that_were_kept(hand_over, signed_in, sam):
    """The answer is given in time; the first contact, due at three, is open and then late."""
    handoff = hand_over()
    page = f"/leads/{handoff.lead_id}/"
    assert "Promises kept" not in text(signed_in(sam).get(page)), "nothing has been judged yet"

    handoff.accept(by=sam, at=TUESDAY_NOON)
    assert "Promises kept: 1 of 1" in text(signed_in(sam).get(page))

    with time_machine.travel(TUESDAY_NOON.replace(hour=16)):
        assert "Promises kept: 1 of 2" in text(signed_in(sam).get(page))
