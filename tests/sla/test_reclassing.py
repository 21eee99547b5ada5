"""A lead becomes hot, or no longer is, after it was handed over: the same start, the pauses kept, another promise."""

import pytest
from django.urls import reverse
from django.utils import timezone

from handoff import reclassing
from handoff.errors import AlreadyAnswered, WordsNeeded
from handoff.models import Handoff
from leads import facts
from leads.models import Stage
from sla.models import ClockEventKind, TermKind
from sla.sweeps import sweep
from tests.assertions import assert_invariants_hold
from tests.factories import MONDAY_MORNING, AgreementFactory, LeadFactory
from tests.sla.moments import (
    BRIEF,
    TUESDAY_NINE,
    TUESDAY_NOON,
    TUESDAY_TEN,
    answer_of,
    ask,
    call,
    contact_clock_of,
    kinds,
    on,
    reply,
)

pytestmark = pytest.mark.django_db

HOT_RULE = {"fact": "requested", "op": "equals", "value": "demo"}


def make_hot(handoff, at, by, reason="They asked for a demo today."):
    return reclassing.change_class(handoff, hot=True, reason=reason, by=by, at=at)


def make_cold(handoff, at, by):
    return reclassing.change_class(handoff, hot=False, reason="It was a student.", by=by, at=at)


def test_hot_counts_the_hot_promise_from_the_same_start(send, sam):
    handoff = send()

    make_hot(handoff, on(24, "09:20"), sam)

    clock = contact_clock_of(handoff)
    assert (clock.started_at, clock.due_at) == (TUESDAY_NINE, on(24, "10:00"))
    assert clock.term.kind == TermKind.FIRST_CONTACT_HOT
    moved = clock.events.get(kind=ClockEventKind.RECLASSED)
    assert (moved.due_before, moved.due_after) == (on(24, "13:00"), on(24, "10:00"))
    assert (moved.actor, moved.note) == (sam, "They asked for a demo today.")
    assert answer_of(handoff).due_at == on(24, "11:00")
    handoff.lead.refresh_from_db()
    assert handoff.lead.is_hot


def test_when_the_hot_hour_has_passed_it_is_late_at_once(send, sam):
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_NINE)

    make_hot(handoff, on(24, "10:30"), sam)

    assert contact_clock_of(handoff).status(on(24, "10:30")).state == "late"
    sweep(on(24, "10:31"))
    assert contact_clock_of(handoff).breached_at == on(24, "10:00")
    assert_invariants_hold(as_of=on(24, "10:31"))


def test_a_change_of_class_during_a_pause_keeps_the_pause(send, sam, mia):
    handoff = send()
    ask(handoff, on(24, "09:20"), sam)

    make_hot(handoff, on(24, "09:30"), sam)
    reply(handoff, TUESDAY_NOON, mia)

    clock = contact_clock_of(handoff)
    assert clock.due_at == on(24, "12:40")  # twenty of sixty minutes had counted
    assert_invariants_hold(as_of=TUESDAY_NOON)


def test_no_longer_hot_lifts_a_breach_that_does_not_hold(send, sam):
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_NINE)
    make_hot(handoff, on(24, "09:20"), sam)
    sweep(on(24, "10:30"))
    assert contact_clock_of(handoff).breached_at

    make_cold(handoff, on(24, "10:40"), sam)

    clock = contact_clock_of(handoff)
    assert (clock.due_at, clock.breached_at) == (on(24, "13:00"), None)
    assert ClockEventKind.LIFTED in kinds(clock)
    assert ClockEventKind.BREACHED in kinds(clock)
    assert not handoff.lead.is_hot
    assert_invariants_hold(as_of=on(24, "10:40"))


def test_it_needs_words_and_is_done_once(send, sam, sonia):
    handoff = send()

    with pytest.raises(WordsNeeded):
        make_hot(handoff, TUESDAY_TEN, sam, reason=" ")
    make_hot(handoff, TUESDAY_TEN, sam)
    with pytest.raises(reclassing.SameClass):
        make_hot(handoff, TUESDAY_TEN, sonia)


def test_after_the_first_contact_nothing_changes_class(send, sam):
    handoff = send()
    call(handoff, occurred_at=TUESDAY_TEN, by=sam)

    with pytest.raises(AlreadyAnswered):
        make_hot(handoff, TUESDAY_NOON, sam)


# By the hot rule


@pytest.fixture
def ruled(mia, sam):
    AgreementFactory(hot_rule=HOT_RULE)
    lead = LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING)
    return Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_NINE)


def test_a_fact_that_the_hot_rule_tests_makes_it_hot(ruled, mia):
    facts.learn(ruled.lead, {"requested": "demo"}, origin="call", by=mia, at=on(24, "09:20"))

    clock = contact_clock_of(ruled)
    assert clock.due_at == on(24, "10:00")
    assert "hot rule holds now" in clock.events.get(kind=ClockEventKind.RECLASSED).reason


def test_another_fact_changes_nothing(ruled, sam, mia):
    make_hot(ruled, on(24, "09:20"), sam)

    facts.learn(ruled.lead, {"vehicles": 12}, origin="call", by=mia, at=on(24, "09:30"))

    assert contact_clock_of(ruled).due_at == on(24, "10:00")


# In the browser


def test_whoever_holds_the_lead_says_it_is_hot(signed_in, send, sam, sonia):
    handoff = send(at=timezone.now())
    clock = contact_clock_of(handoff)
    url = reverse("sla:change_class", args=[clock.pk])
    assert signed_in(sonia).post(url, {"hot": "yes", "reason": "x"}).status_code == 403

    page = signed_in(sam).get(url).content.decode()
    assert "This lead is hot" in page
    assert signed_in(sam).post(url, {"hot": "yes", "reason": "They asked today."}).status_code == 302
    assert signed_in(sam).post(url, {"hot": "yes", "reason": "They asked today."}).status_code == 409

    assert contact_clock_of(handoff).term.kind == TermKind.FIRST_CONTACT_HOT
