"""Marketing owes too: an answer to a question, and dealing with what sales gave back. Its clocks are marketing's."""

import pytest

from handoff.signals import return_settled
from sla import worked_time
from sla.models import Clock, ClockState, Measure
from smarketing.accounts.models import Side
from tests.assertions import assert_invariants_hold
from tests.factories import AgreementFactory
from tests.sla.moments import (
    FRIDAY_1630,
    TUESDAY_NINE,
    TUESDAY_NOON,
    TUESDAY_TEN,
    answer_of,
    ask,
    call,
    contact_clock_of,
    give_back,
    on,
    reply,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(db):
    """Marketing answers within 4 h of working time."""
    return AgreementFactory(terms={"MARKETING_ANSWER": {"target_seconds": 4 * 3600}})


def of(handoff, measure) -> Clock:
    return Clock.objects.get(handoff=handoff, measure=measure)


def settle(handoff, at, by):
    return_settled.send(sender=type(handoff), handoff=handoff, at=at, by=by, how="SENT_AGAIN")


def test_a_question_starts_marketings_clock_and_holds_those_of_sales(send, sam, mia):
    handoff = send()

    ask(handoff, TUESDAY_TEN, sam)

    clock = of(handoff, Measure.QUESTION)
    assert (clock.side, clock.holder, clock.due_at) == (Side.MARKETING, mia, on(24, "14:00"))
    assert contact_clock_of(handoff).state == ClockState.PAUSED


def test_the_reply_stops_it_and_sales_goes_on(send, sam, mia):
    handoff = send()
    ask(handoff, TUESDAY_TEN, sam)

    reply(handoff, TUESDAY_NOON, mia)

    assert of(handoff, Measure.QUESTION).is_met
    assert of(handoff, Measure.QUESTION).worked_seconds == 2 * 3600
    assert contact_clock_of(handoff).due_at == on(24, "15:00")


def test_when_sales_does_not_wait_no_answer_is_owed_any_more(send, sam):
    handoff = send()
    ask(handoff, TUESDAY_TEN, sam)

    handoff.accept(by=sam, at=TUESDAY_NOON)

    assert of(handoff, Measure.QUESTION).state == ClockState.CANCELLED
    assert contact_clock_of(handoff).state == ClockState.RUNNING


def test_passing_the_lead_on_in_sales_leaves_marketings_clock_with_marketing(send, sam, sonia, mia, sven):
    handoff = send()
    ask(handoff, TUESDAY_TEN, sam)

    handoff.reassign(sonia, by=sven, at=TUESDAY_NOON)

    assert of(handoff, Measure.QUESTION).holder == mia
    assert contact_clock_of(handoff).holder == sonia


def test_a_return_starts_a_clock_that_its_settling_stops(send, sam, mia):
    handoff = send()
    give_back(handoff, TUESDAY_TEN, sam)
    assert (of(handoff, Measure.RETURN).holder, of(handoff, Measure.RETURN).due_at) == (mia, on(24, "14:00"))

    settle(handoff, TUESDAY_NOON, mia)

    assert of(handoff, Measure.RETURN).is_met
    assert_invariants_hold(as_of=TUESDAY_NOON)


# The working time that it took


def test_a_stopped_clock_knows_the_working_time_it_took(send, sam):
    handoff = send(at=FRIDAY_1630)

    call(handoff, occurred_at=on(30, "09:08"), by=sam)

    assert contact_clock_of(handoff).worked_seconds == 38 * 60


def test_those_that_stopped_before_it_was_kept_are_filled_in_batches(send, sam, mia):
    asked, plain = send(), send(at=FRIDAY_1630)
    ask(asked, TUESDAY_TEN, sam)
    reply(asked, TUESDAY_NOON, mia)
    call(asked, occurred_at=on(24, "13:00"), by=sam)
    call(plain, occurred_at=on(30, "09:08"), by=sam)
    Clock.objects.update(worked_seconds=None)

    assert worked_time.fill(batch=2) == 5

    assert answer_of(asked).worked_seconds == contact_clock_of(asked).worked_seconds == 2 * 3600
    assert contact_clock_of(plain).worked_seconds == 38 * 60
    assert worked_time.fill() == 0


def test_what_still_runs_has_taken_none(send):
    assert contact_clock_of(send(at=TUESDAY_NINE)).worked_seconds is None
