"""A stop that was undone never was, for the clock; and of two leads that were one, the earliest start counts."""

import pytest

from sla import clocks, holding, reopening
from sla.models import ClockEventKind, ClockState, PauseReason
from sla.sweeps import sweep
from tests.assertions import assert_invariants_hold
from tests.sla.moments import (
    TUESDAY_NINE,
    TUESDAY_NOON,
    TUESDAY_TEN,
    answer_of,
    ask,
    call,
    contact_clock_of,
    kinds,
    on,
)

pytestmark = pytest.mark.django_db

DATE = PauseReason.LEAD_ASKED_FOR_DATE


# Running again


def test_a_stop_that_was_undone_leaves_the_clock_as_if_it_had_not_been(send, sam):
    handoff = send()
    before = contact_clock_of(handoff)
    call(handoff, occurred_at=TUESDAY_TEN, by=sam)

    contact_clock_of(handoff).reopen(by=sam, at=on(24, "10:05"))

    clock = contact_clock_of(handoff)
    for column in (
        "state",
        "due_at",
        "warn_at",
        "next_check_at",
        "stopped_at",
        "worked_seconds",
        "holder_id",
    ):
        assert getattr(clock, column) == getattr(before, column), column
    assert kinds(clock)[-2:] == [ClockEventKind.STOPPED, ClockEventKind.REOPENED]
    assert clock.segments.get().to_at is None


def test_undone_after_it_was_due_it_is_late_at_once(send, sam):
    handoff = send()
    call(handoff, occurred_at=TUESDAY_TEN, by=sam)

    contact_clock_of(handoff).reopen(by=sam, at=on(24, "14:00"))

    clock = contact_clock_of(handoff)
    assert (clock.state, clock.breached_at) == (ClockState.RUNNING, on(24, "13:00"))


def test_a_clearing_goes_with_the_stop_that_cleared(send, sam):
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_TEN)
    sweep(on(24, "13:30"))
    call(handoff, occurred_at=TUESDAY_NOON, logged_at=on(24, "14:00"), by=sam)
    assert contact_clock_of(handoff).cleared_at

    contact_clock_of(handoff).reopen(by=sam, at=on(24, "14:05"))

    clock = contact_clock_of(handoff)
    assert clock.cleared_at is None
    assert clock.breached_at == on(24, "13:00")


def test_the_pause_that_the_stop_had_ended_goes_on(send, sam):
    handoff = send()
    holding.hold(handoff, DATE, until=on(26, "14:00"), by=sam, at=TUESDAY_TEN)
    before = contact_clock_of(handoff)
    call(handoff, occurred_at=TUESDAY_NOON, by=sam)

    contact_clock_of(handoff).reopen(by=sam, at=on(24, "12:05"))

    clock = contact_clock_of(handoff)
    assert clock.state == ClockState.PAUSED
    for column in ("due_at", "resumes_at", "remaining_seconds", "next_check_at"):
        assert getattr(clock, column) == getattr(before, column), column
    assert_invariants_hold(as_of=on(24, "12:05"))


def test_a_pause_that_would_have_run_out_meanwhile_has_run_out(send, sam):
    handoff = send()
    holding.hold(handoff, DATE, until=on(24, "11:00"), by=sam, at=TUESDAY_TEN)
    call(handoff, occurred_at=on(24, "10:30"), by=sam)

    contact_clock_of(handoff).reopen(by=sam, at=TUESDAY_NOON)

    clock = contact_clock_of(handoff)
    assert (clock.state, clock.due_at) == (ClockState.RUNNING, on(24, "14:00"))


def test_what_was_cancelled_runs_again_too(send, sam):
    handoff = send()
    clock = contact_clock_of(handoff)
    clock.cancel(by=sam, at=TUESDAY_TEN)

    clock.reopen(by=sam, at=on(24, "10:05"))

    assert (clock.state, clock.due_at) == (ClockState.RUNNING, on(24, "13:00"))


def test_every_clock_of_a_handoff_stands_as_the_handoff_says(send, sam):
    """What was closed by mistake: the answer had been given, the contact had not."""
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_TEN)
    contact_clock_of(handoff).cancel(by=sam, at=TUESDAY_NOON)

    reopening.reopen_for(handoff, since=TUESDAY_NOON, by=sam, at=on(24, "12:05"))

    assert answer_of(handoff).stopped_at == TUESDAY_TEN
    assert contact_clock_of(handoff).state == ClockState.RUNNING


def test_what_runs_is_not_opened_again(send, sam):
    assert contact_clock_of(send()).reopen(by=sam, at=TUESDAY_TEN) is None


# Merging


def test_of_two_running_clocks_the_earliest_start_counts(send, sam):
    kept, other = send(at=TUESDAY_TEN), send(at=TUESDAY_NINE)

    clocks.merge(kept, other, by=sam, at=on(24, "10:30"))

    clock = contact_clock_of(kept)
    assert (clock.started_at, clock.due_at) == (TUESDAY_NINE, on(24, "13:00"))
    assert clock.events.get(kind=ClockEventKind.MERGED).due_before == on(24, "14:00")
    assert contact_clock_of(other).state == ClockState.CANCELLED
    assert_invariants_hold(as_of=on(24, "10:30"))


def test_a_later_start_changes_nothing_of_the_kept_clock(send, sam):
    kept, other = send(at=TUESDAY_NINE), send(at=TUESDAY_TEN)

    clocks.merge(kept, other, by=sam, at=on(24, "10:30"))

    assert contact_clock_of(kept).due_at == on(24, "13:00")
    assert contact_clock_of(other).state == ClockState.CANCELLED


def test_the_pauses_of_both_do_not_count(send, sam):
    kept, other = send(at=TUESDAY_TEN), send(at=TUESDAY_NINE)
    ask(other, on(24, "09:30"), sam)

    clocks.merge(kept, other, by=sam, at=on(24, "10:30"))

    clock = contact_clock_of(kept)
    assert clock.state == ClockState.PAUSED
    assert clock.open_pauses()[0].from_at == on(24, "09:30")
    assert_invariants_hold(as_of=on(24, "10:30"))


def test_a_finished_clock_is_frozen_in_a_merge(send, sam):
    kept, other = send(), send(at=TUESDAY_TEN)
    call(kept, occurred_at=TUESDAY_TEN, by=sam)

    clocks.merge(kept, other, by=sam, at=on(24, "10:30"))

    assert contact_clock_of(kept).stopped_at == TUESDAY_TEN
    assert contact_clock_of(other).state == ClockState.CANCELLED
