"""A clock starts at the hand-off, stops when what was promised occurred, and shows the truth at any moment."""

from datetime import UTC, timedelta

import pytest

from handoff.models import ContactCounts, Handoff, Result
from leads.models import Stage
from sla import clocks
from sla.models import Clock, ClockEventKind, ClockState, Measure, TermKind
from tests.factories import MONDAY_MORNING, AgreementFactory, LeadFactory
from tests.sla.moments import (
    BRIEF,
    FRIDAY_1630,
    TUESDAY_NINE,
    TUESDAY_NOON,
    TUESDAY_TEN,
    answer_of,
    ask,
    call,
    contact_clock_of,
    drop,
    give_back,
    kinds,
    on,
    pass_on,
    reply,
)

pytestmark = pytest.mark.django_db


# Starting


def test_a_handoff_starts_a_clock_for_the_answer_and_one_for_first_contact(send):
    handoff = send(at=TUESDAY_NINE)

    assert answer_of(handoff).due_at == on(24, "11:00")
    assert contact_clock_of(handoff).due_at == on(24, "13:00")
    assert kinds(answer_of(handoff)) == [ClockEventKind.STARTED]


def test_friday_afternoon_is_due_on_monday(send):
    assert contact_clock_of(send(at=FRIDAY_1630)).due_at == on(30, "12:30")


def test_a_hot_lead_has_its_own_shorter_promise(agreement):
    chosen = dict(clocks.measured_terms(agreement.terms.all(), hot=True))

    assert chosen[Measure.FIRST_CONTACT].kind == TermKind.FIRST_CONTACT_HOT
    assert chosen[Measure.FIRST_CONTACT].target_seconds == 3600


def test_without_an_agreement_nothing_is_measured(mia, sam):
    lead = LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING)

    Handoff.send(lead, brief=dict.fromkeys(["why_now", "wants"], "x"), to=sam, by=mia, at=TUESDAY_NINE)

    assert not Clock.objects.exists()


def test_a_clock_keeps_the_hours_it_started_with(send, agreement):
    handoff = send(at=TUESDAY_NINE)

    agreement.sales_calendar.revise(
        zone="Europe/Amsterdam", week={"1": [["15:00", "16:00"]]}, overrides={}, by=None, at=TUESDAY_NINE
    )

    assert contact_clock_of(handoff).calendar_version.number == 1
    assert contact_clock_of(send(at=TUESDAY_TEN)).calendar_version.number == 2


# Stopping


def test_accepting_stops_the_answer_and_not_first_contact(send, sam):
    handoff = send()

    handoff.accept(by=sam, at=TUESDAY_TEN)

    assert answer_of(handoff).stopped_at == TUESDAY_TEN
    assert answer_of(handoff).is_met
    assert contact_clock_of(handoff).state == ClockState.RUNNING


def test_returning_answers_and_no_contact_is_owed_any_more(send, sam):
    handoff = send()

    give_back(handoff, TUESDAY_TEN, sam)

    assert answer_of(handoff).is_met
    assert contact_clock_of(handoff).state == ClockState.CANCELLED


def test_a_contact_at_the_due_moment_is_in_time(send, sam):
    handoff = send()

    call(handoff, occurred_at=on(24, "13:00"), by=sam)

    assert contact_clock_of(handoff).is_met
    assert contact_clock_of(handoff).breached_at is None


def test_a_contact_one_second_late_is_a_breach_recorded_with_it(send, sam):
    handoff = send()

    call(handoff, occurred_at=on(24, "13:00") + timedelta(seconds=1), by=sam)

    clock = contact_clock_of(handoff)
    assert clock.breached_at == clock.due_at
    assert clock.breach_holder == sam
    assert clock.events.get(kind=ClockEventKind.BREACHED).notices.get().recipient == sam


def test_what_counts_is_when_it_occurred_not_when_it_was_logged(send, sam):
    handoff = send()

    call(handoff, occurred_at=TUESDAY_TEN, logged_at=on(24, "16:00"), by=sam)

    clock = contact_clock_of(handoff)
    assert clock.stopped_at == TUESDAY_TEN
    assert clock.is_met


def test_a_contact_logged_late_clears_the_breach_and_leaves_the_flag(send, sam):
    handoff = send()
    call(handoff, occurred_at=on(24, "14:00"), by=sam)

    call(handoff, occurred_at=TUESDAY_NOON, logged_at=on(24, "15:00"), by=sam)

    clock = contact_clock_of(handoff)
    assert clock.stopped_at == TUESDAY_NOON
    assert clock.breached_at == clock.due_at
    assert clock.cleared_at == on(24, "15:00")
    assert clock.events.get(kind=ClockEventKind.CLEARED).reason


def test_what_is_logged_after_the_allowed_hours_counts_from_the_logging(send, sam):
    handoff = send()

    call(handoff, occurred_at=TUESDAY_TEN, logged_at=on(25, "10:01"), by=sam)

    clock = contact_clock_of(handoff)
    assert clock.stopped_at == on(25, "10:01")
    assert clock.breached_at
    assert "counts from when it was logged" in clock.events.get(kind=ClockEventKind.STOPPED).reason


def test_a_later_contact_changes_nothing(send, sam):
    handoff = send()
    call(handoff, occurred_at=TUESDAY_TEN, by=sam)

    call(handoff, occurred_at=TUESDAY_NOON, by=sam)

    assert contact_clock_of(handoff).stopped_at == TUESDAY_TEN
    assert contact_clock_of(handoff).events.filter(kind=ClockEventKind.STOPPED).count() == 1


def test_when_only_a_conversation_counts_voicemail_does_not_stop_the_clock(mia, sam):
    AgreementFactory(contact_counts=ContactCounts.CONVERSATION)
    lead = LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING)
    handoff = Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_NINE)

    call(handoff, occurred_at=TUESDAY_TEN, by=sam, result=Result.VOICEMAIL)
    assert contact_clock_of(handoff).state == ClockState.RUNNING

    call(handoff, occurred_at=TUESDAY_NOON, by=sam, result=Result.SPOKE)
    assert contact_clock_of(handoff).stopped_at == TUESDAY_NOON


def test_whoever_accepts_from_the_pool_holds_the_clocks(send, sonia):
    handoff = send(to="pool")

    handoff.accept(by=sonia, at=TUESDAY_TEN)

    assert contact_clock_of(handoff).holder == sonia
    assert answer_of(handoff).is_met


# Pausing


def test_a_question_over_the_weekend_costs_working_time_only(send, sam, mia):
    handoff = send(at=on(27, "15:00"))
    ask(handoff, on(27, "16:00"), sam)

    reply(handoff, on(30, "10:00"), mia)

    assert contact_clock_of(handoff).due_at == on(30, "13:00")


def test_while_it_waits_for_marketing_nothing_is_due(send, sam):
    handoff = send()

    ask(handoff, TUESDAY_TEN, sam)

    clock = contact_clock_of(handoff)
    assert clock.state == ClockState.PAUSED
    assert clock.remaining_seconds == 3 * 3600
    assert (clock.status(on(25, "12:00")).state, clock.status(on(25, "12:00")).seconds) == (
        "paused",
        3 * 3600,
    )


def test_stopping_from_a_pause_ends_the_pause_first(send, sam):
    handoff = send()
    ask(handoff, TUESDAY_TEN, sam)

    call(handoff, occurred_at=on(25, "10:00"), by=sam)

    clock = contact_clock_of(handoff)
    assert clock.is_met
    assert clock.due_at == on(25, "13:00")
    assert clock.pauses.get().to_at == on(25, "10:00")
    assert clock.status(on(25, "11:00")).seconds == 3600


def test_a_pause_after_the_due_moment_does_not_heal_it(send, sam):
    handoff = send()

    ask(handoff, on(24, "13:30"), sam)

    clock = contact_clock_of(handoff)
    assert clock.state == ClockState.RUNNING
    assert clock.breached_at == on(24, "13:00")


# Passing on


def test_the_clock_runs_on_for_the_next_holder(send, sam, sonia, sven):
    handoff = send()

    pass_on(handoff, sonia, TUESDAY_TEN, by=sven)

    clock = contact_clock_of(handoff)
    assert clock.holder == sonia
    assert clock.due_at == on(24, "13:00")
    assert list(clock.segments.order_by("id").values_list("holder", "from_at", "to_at")) == [
        (sam.pk, TUESDAY_NINE, TUESDAY_TEN),
        (sonia.pk, TUESDAY_TEN, None),
    ]


@pytest.mark.parametrize(("received", "answers"), [("12:29", True), ("12:31", False)])
def test_a_breach_is_the_new_holders_only_if_he_had_the_agreed_minimum(
    send, sam, sonia, sven, received, answers
):
    handoff = send()
    pass_on(handoff, sonia, on(24, received), by=sven)

    call(handoff, occurred_at=on(24, "14:00"), by=sonia)

    assert contact_clock_of(handoff).breach_holder == (sonia if answers else None)


def test_passing_it_on_one_second_before_due_makes_it_the_teams(send, sam, sonia, sven):
    handoff = send()
    pass_on(handoff, sonia, on(24, "13:00") - timedelta(seconds=1), by=sven)

    call(handoff, occurred_at=on(24, "13:00") + timedelta(seconds=1), by=sonia)

    clock = contact_clock_of(handoff)
    assert clock.breached_at
    assert clock.breach_holder is None


def test_passing_on_what_is_late_leaves_the_breach_with_who_had_it(send, sam, sonia, sven):
    handoff = send()

    pass_on(handoff, sonia, on(24, "15:00"), by=sven)

    clock = contact_clock_of(handoff)
    assert clock.breach_holder == sam
    assert clock.holder == sonia


# Ending


def test_closing_cancels_what_still_runs(send, sam):
    handoff = send()

    drop(handoff, TUESDAY_TEN, sam)

    assert set(handoff.clocks.values_list("state", flat=True)) == {ClockState.CANCELLED}


def test_cancelling_what_was_late_does_not_remove_the_breach(send, sam):
    handoff = send()

    drop(handoff, on(24, "15:00"), sam)

    assert contact_clock_of(handoff).breached_at == on(24, "13:00")
    assert Clock.objects.missed(on(24, "15:00")).count() == 2


# What it shows


@pytest.mark.parametrize(
    ("now", "state", "seconds"),
    [
        (on(24, "09:30"), "calm", 3.5 * 3600),
        (on(24, "12:00"), "soon", 3600),
        (on(24, "13:00"), "soon", 0),
        (on(24, "13:35"), "late", 35 * 60),
        (on(24, "18:00"), "late", 4 * 3600),
        (on(25, "09:05"), "late", 4 * 3600 + 300),
    ],
)
def test_the_state_is_a_function_of_now(send, now, state, seconds):
    status = contact_clock_of(send()).status(now)

    assert (status.state, status.seconds) == (state, seconds)


def test_outside_working_hours_it_visibly_stands_still(send):
    status = contact_clock_of(send(at=FRIDAY_1630)).status(on(28, "12:00"))

    assert (status.state, status.seconds, status.until) == ("paused", 3.5 * 3600, on(30, "09:00"))


def test_done_in_time_says_how_long_it_took(send, sam):
    handoff = send(at=FRIDAY_1630)
    call(handoff, occurred_at=on(30, "09:08"), by=sam)

    status = contact_clock_of(handoff).status(on(30, "15:00"))

    assert (status.state, status.seconds) == ("met", 38 * 60)


def test_row_and_filter_agree_at_every_moment(send, sam, sonia, sven):
    """One definition: for any moment each clock is in exactly the set that its status names."""
    send(at=TUESDAY_NINE)
    send(at=FRIDAY_1630)
    asked, done, late, gone = send(), send(), send(), send()
    ask(asked, TUESDAY_TEN, sam)
    call(done, occurred_at=TUESDAY_TEN, by=sam)
    call(late, occurred_at=on(24, "14:00"), by=sam)
    drop(gone, TUESDAY_TEN, sam)

    for hours in range(0, 24 * 8):
        now = TUESDAY_NINE.astimezone(UTC) + timedelta(hours=hours)
        for state in ["late", "soon", "calm", "paused", "met", "cancelled"]:
            listed = set(Clock.objects.in_state(state, now).values_list("pk", flat=True))
            shown = {clock.pk for clock in Clock.objects.all() if clock.status(now).state == state}
            assert listed == shown, (state, now)
