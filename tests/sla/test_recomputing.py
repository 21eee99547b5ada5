"""No edit moves a running clock by itself. Recomputing says first what would move, and then moves it with a reason, once."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from sla import recomputing, tasks
from sla.models import (
    Agreement,
    Clock,
    ClockEventKind,
    ClockState,
    Effect,
    Notice,
    Recompute,
    RecomputedClock,
    RecomputeState,
)
from sla.recomputing import RecomputeRefused
from sla.sweeps import sweep
from smarketing.accounts.models import Side
from tests.assertions import assert_invariants_hold
from tests.sla.moments import TUESDAY_NINE, TUESDAY_TEN, ask, call, contact_clock_of, drop, on

pytestmark = pytest.mark.django_db

LATE_SHIFT = {str(day): [["13:00", "21:00"]] for day in range(5)}


@pytest.fixture
def work_from(agreement):
    """`work_from(week)`: from now on sales works these hours."""

    def change(week, at=TUESDAY_TEN):
        agreement.sales_calendar.revise(zone="Europe/Amsterdam", week=week, overrides={}, by=None, at=at)

    return change


def counted(by, at, scope="HOURS") -> Recompute:
    return recomputing.count(scope, by=by, at=at)


def effects(run) -> dict[str, int]:
    return {effect: n for effect, n in recomputing.summary(run).items() if n}


def test_a_change_of_hours_moves_nothing_by_itself(send, work_from):
    clock = contact_clock_of(send())

    work_from(LATE_SHIFT)
    sweep(TUESDAY_TEN)

    assert contact_clock_of(clock.handoff).due_at == on(24, "13:00")


def test_first_it_says_what_would_move(send, work_from, sven):
    handoff = send()
    work_from(LATE_SHIFT)

    run = counted(sven, TUESDAY_TEN)

    assert run.state == RecomputeState.COUNTED
    assert effects(run) == {Effect.MOVES: 2, "all": 2}
    line = run.clocks.get(clock=contact_clock_of(handoff))
    assert (line.due_before, line.due_after) == (on(24, "13:00"), on(24, "17:00"))
    assert contact_clock_of(handoff).due_at == on(24, "13:00")


def test_with_a_reason_it_moves_and_each_clock_keeps_both_moments(send, work_from, sven, mara):
    handoff = send()
    work_from(LATE_SHIFT)
    run = counted(sven, TUESDAY_TEN)

    recomputing.confirm(run, "We work late this month.", by=sven, at=TUESDAY_TEN)

    clock = contact_clock_of(handoff)
    assert (run.state, run.moved) == (RecomputeState.DONE, 2)
    assert clock.due_at == on(24, "17:00")
    moved = clock.events.get(kind=ClockEventKind.MOVED)
    assert (moved.due_before, moved.due_after) == (on(24, "13:00"), on(24, "17:00"))
    assert (moved.actor, moved.note) == (sven, "We work late this month.")
    assert Notice.objects.filter(kind="RECOMPUTED", recipient=mara, text="2").exists()
    assert_invariants_hold(as_of=TUESDAY_TEN)


def test_what_becomes_late_is_flagged_by_the_sweep(send, work_from, sam, sven):
    send(at=TUESDAY_NINE)  # its 4 h stay the same 4 h
    late = send(at=on(23, "16:00"))
    late.accept(by=sam, at=on(23, "16:00"))
    work_from({str(day): [["05:00", "21:00"]] for day in range(5)})

    run = counted(sven, TUESDAY_TEN)
    assert effects(run) == {Effect.LATE: 1, "all": 1}
    recomputing.confirm(run, "Longer days.", by=sven, at=TUESDAY_TEN)
    sweep(on(24, "10:01"))

    assert contact_clock_of(late).breached_at == on(23, "20:00")
    assert_invariants_hold(as_of=on(24, "10:01"))


def test_a_breach_that_no_longer_holds_is_void_with_a_name_and_may_come_again(send, work_from, sam, sven):
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_TEN)
    sweep(on(24, "13:30"))
    work_from(LATE_SHIFT, at=on(24, "13:30"))

    run = counted(sven, on(24, "13:30"))
    assert effects(run) == {Effect.NOT_LATE: 1, "all": 1}
    recomputing.confirm(run, "The shift had changed.", by=sven, at=on(24, "13:30"))

    clock = contact_clock_of(handoff)
    assert clock.breached_at is None
    lifted = clock.events.get(kind=ClockEventKind.LIFTED)
    assert (lifted.actor, lifted.note) == (sven, "The shift had changed.")
    assert clock.events.filter(kind=ClockEventKind.BREACHED).count() == 1
    assert_invariants_hold(as_of=on(24, "13:30"))

    sweep(on(24, "17:30"))

    clock = contact_clock_of(handoff)
    assert clock.breached_at == on(24, "17:00")
    assert clock.events.filter(kind=ClockEventKind.BREACHED).count() == 2
    assert_invariants_hold(as_of=on(24, "17:30"))


def test_finished_clocks_are_frozen_and_paused_ones_move_with_their_pause(send, work_from, sam, sven):
    done, gone, asked = send(), send(), send()
    call(done, occurred_at=TUESDAY_TEN, by=sam)
    drop(gone, TUESDAY_TEN, sam)
    ask(asked, TUESDAY_TEN, sam)
    work_from(LATE_SHIFT)

    recomputing.confirm(counted(sven, TUESDAY_TEN), "Late shift.", by=sven, at=TUESDAY_TEN)

    assert contact_clock_of(done).due_at == on(24, "13:00")
    clock = contact_clock_of(asked)  # paused until Thursday at ten; the whole target is left
    assert (clock.state, clock.due_at) == (ClockState.PAUSED, on(26, "17:00"))
    assert clock.remaining_seconds == 4 * 3600
    assert_invariants_hold(as_of=TUESDAY_TEN)


def test_what_ended_between_the_count_and_the_yes_is_passed_over(send, work_from, sam, sven):
    handoff = send()
    work_from(LATE_SHIFT)
    run = counted(sven, TUESDAY_TEN)
    call(handoff, occurred_at=on(24, "10:30"), by=sam)

    recomputing.confirm(run, "Late shift.", by=sven, at=on(24, "11:00"))

    assert (run.moved, run.passed_over) == (0, 2)
    assert contact_clock_of(handoff).due_at == on(24, "13:00")


def test_a_clock_without_open_time_is_taken_up_when_there_is_some(send, agreement, work_from, sven):
    handoff = send()
    version = agreement.sales_calendar.current
    Clock.objects.filter(handoff=handoff).update(due_at=None, warn_at=None, next_check_at=None)
    assert contact_clock_of(handoff).status(TUESDAY_TEN).needs_calendar
    assert version.has_open_time(TUESDAY_TEN)

    recomputing.confirm(counted(sven, TUESDAY_TEN), "There are hours now.", by=sven, at=TUESDAY_TEN)

    clock = contact_clock_of(handoff)
    assert (clock.due_at, clock.next_check_at) == (on(24, "13:00"), clock.warn_at)


def test_the_targets_of_a_new_agreement_only_when_asked_for(send, agreement, mara, sven, max):
    handoff = send()
    replacement = Agreement.draft_from(agreement, by=mara, at=TUESDAY_NINE)
    replacement.starts_on = TUESDAY_NINE.date()
    replacement.save()
    replacement.terms.filter(kind="FIRST_CONTACT_OTHER").update(target_seconds=2 * 3600)
    replacement.propose(by=mara, at=TUESDAY_NINE)
    replacement.sign(Side.MARKETING, by=mara, at=TUESDAY_NINE)
    replacement.sign(Side.SALES, by=max, at=TUESDAY_NINE)
    assert effects(counted(sven, TUESDAY_TEN)) == {}

    run = counted(sven, TUESDAY_TEN, scope="AGREEMENT")
    recomputing.confirm(run, "Both teams want the new targets at once.", by=sven, at=TUESDAY_TEN)

    clock = contact_clock_of(handoff)
    assert (clock.due_at, clock.agreement) == (on(24, "11:00"), replacement)
    assert_invariants_hold(as_of=TUESDAY_TEN)


# A row of work


def test_many_are_counted_and_moved_in_batches_that_survive_a_kill(send, work_from, sven, monkeypatch):
    handoffs = [send() for _ in range(3)]
    work_from(LATE_SHIFT)
    monkeypatch.setattr(recomputing, "FEW", 1)
    monkeypatch.setattr(recomputing, "BATCH", 2)
    run = counted(sven, TUESDAY_TEN)
    assert (run.state, run.looked_at) == (RecomputeState.COUNTING, 0)
    recomputing._count_batch(
        run.pk, recomputing._Now("HOURS"), at=TUESDAY_TEN
    )  # and then the worker is killed

    recomputing.take_up_what_was_left(at=on(24, "10:02"))

    run.refresh_from_db()
    assert (run.state, run.looked_at) == (RecomputeState.COUNTED, 6)
    recomputing.confirm(run, "Late shift.", by=sven, at=on(24, "10:03"))
    recomputing._move_batch(run.pk, recomputing._Now("HOURS"), at=on(24, "10:03"))
    assert RecomputedClock.objects.filter(done_at=None).count() == 4
    recomputing.take_up_what_was_left(at=on(24, "10:06"))
    recomputing.take_up_what_was_left(at=on(24, "10:09"))

    run.refresh_from_db()
    assert (run.state, run.moved) == (RecomputeState.DONE, 6)
    assert {contact_clock_of(handoff).due_at for handoff in handoffs} == {on(24, "17:00")}
    moves = Clock.objects.filter(events__kind=ClockEventKind.MOVED)
    assert moves.count() == 6


def test_one_that_fails_three_times_is_given_up(send, work_from, sven, monkeypatch):
    send()
    work_from(LATE_SHIFT)
    monkeypatch.setattr(recomputing, "FEW", 0)
    run = counted(sven, TUESDAY_TEN)
    Recompute.objects.update(attempts=3)

    tasks.recompute(run_id=run.pk)

    run.refresh_from_db()
    assert run.state == RecomputeState.FAILED


def test_it_needs_a_reason_and_happens_once(send, work_from, sven, mara):
    send()
    work_from(LATE_SHIFT)
    run = counted(sven, TUESDAY_TEN)

    with pytest.raises(RecomputeRefused, match="Say why"):
        recomputing.confirm(run, " ", by=sven, at=TUESDAY_TEN)
    recomputing.confirm(run, "Late shift.", by=sven, at=TUESDAY_TEN)
    with pytest.raises(RecomputeRefused, match="started it already"):
        recomputing.confirm(run, "Late shift.", by=mara, at=TUESDAY_TEN)


def test_a_count_that_nobody_said_yes_to_is_forgotten(send, work_from, sven):
    send()
    work_from(LATE_SHIFT)
    counted(sven, TUESDAY_TEN)

    recomputing.take_up_what_was_left(at=on(27, "10:00"))

    assert not Recompute.objects.exists()


# In the browser


@time_machine.travel(
    on(24, "16:45")
)  # so late that the promise ends on the next day, unless there is no night
def test_from_the_question_to_the_result_in_the_browser(signed_in, send, work_from, sven):
    handoff = send(at=timezone.now())
    work_from({str(day): [["00:00", "24:00"]] for day in range(7)}, at=timezone.now())
    browser = signed_in(sven)

    answer = browser.post(reverse("sla:recompute"), {"scope": "HOURS"})
    run = Recompute.objects.get()
    assert answer.url == reverse("sla:recompute_run", args=[run.pk])
    page = browser.get(answer.url).content.decode()
    assert "Noor de Wit" in page
    assert browser.post(reverse("sla:confirm_recompute", args=[run.pk]), {"reason": ""}).status_code == 422
    browser.post(reverse("sla:confirm_recompute", args=[run.pk]), {"reason": "Round the clock."})

    assert "What moved" in browser.get(answer.url).content.decode()
    shown = browser.get(reverse("sla:clock", args=[contact_clock_of(handoff).pk])).content.decode()
    assert "Round the clock." in shown
    again = browser.post(reverse("sla:confirm_recompute", args=[run.pk]), {"reason": "Again."})
    assert again.status_code == 409


def test_a_rep_reads_it_and_does_not_ask(signed_in, sam, agreement):
    browser = signed_in(sam)

    assert browser.get(reverse("sla:recompute")).status_code == 200
    assert browser.post(reverse("sla:recompute"), {"scope": "HOURS"}).status_code == 403


def test_who_watches_is_told_how_far_it_is_and_sent_to_the_page_when_it_is_done(signed_in, sven):
    run = Recompute.objects.create(
        scope="HOURS", asked_by=sven, asked_at=TUESDAY_TEN, touched_at=TUESDAY_TEN, total=800, looked_at=200
    )
    browser, url = signed_in(sven), reverse("sla:recompute_run", args=[run.pk])

    asked = browser.get(url, headers={"HX-Request": "true"})
    assert "200 of 800 open clocks are looked at." in asked.content.decode()
    assert "<html" not in asked.content.decode()
    assert 'hx-trigger="every 2s"' in browser.get(url).content.decode()

    Recompute.objects.filter(pk=run.pk).update(state=RecomputeState.COUNTED)
    assert browser.get(url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "every 2s" not in browser.get(url).content.decode()
