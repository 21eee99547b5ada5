"""The sweep tells, once each, what is due soon, late, and late for so long that the team lead must know."""

import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from handoff.models import Handoff
from sla.models import Clock, ClockEvent, ClockEventKind, Measure, Notice, SweepRun
from sla.sweeps import sweep
from smarketing.accounts.models import Absence
from tests.assertions import assert_invariants_hold
from tests.sla.moments import TUESDAY_NINE, TUESDAY_NOON, TUESDAY_TEN, call, contact_clock_of, kinds, on

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
DUE = on(24, "13:00")  # first contact, of a hand-off on Tuesday at nine
RUNG = on(24, "14:00")  # an hour of working time later


@pytest.fixture
def handoff(send, sven) -> Handoff:
    """Handed to sam on Tuesday at nine, accepted at ten; first contact is due at 13:00, soon from 12:00. Sven leads the team."""
    handoff = send()
    handoff.accept(by=handoff.receiver, at=TUESDAY_TEN)
    return handoff


def told(event_kind: str) -> set[tuple[str, str]]:
    notices = Notice.objects.filter(event__kind=event_kind).select_related("recipient")
    return {(notice.recipient.first_name, notice.channel) for notice in notices}


def test_due_soon_is_told_to_the_holder(handoff):
    result = sweep(TUESDAY_NOON + SECOND)

    assert result.warned == 1
    assert contact_clock_of(handoff).warned_at == TUESDAY_NOON
    assert told("WARNED") == {("Sam", "IN_APP"), ("Sam", "MAIL")}


def test_a_broken_promise_is_recorded_and_told(handoff, sam):
    result = sweep(DUE + SECOND)

    clock = contact_clock_of(handoff)
    assert result.breached == 1
    assert (clock.breached_at, clock.breach_holder) == (DUE, sam)
    assert told("BREACHED") == {("Sam", "IN_APP"), ("Sam", "MAIL")}
    assert_invariants_hold(as_of=DUE + SECOND)


def test_at_the_due_moment_itself_nothing_is_late(handoff):
    assert sweep(DUE).breached == 0
    assert sweep(DUE + SECOND).breached == 1


def test_an_hour_later_the_team_lead_hears_of_it(handoff):
    sweep(DUE + SECOND)

    assert sweep(RUNG + SECOND).escalated == 1
    assert told("ESCALATED") == {("Sven", "IN_APP"), ("Sven", "MAIL")}
    assert contact_clock_of(handoff).next_check_at is None


def test_what_is_late_is_not_announced_as_due_soon(handoff):
    sweep(DUE + SECOND)

    assert ClockEventKind.WARNED not in kinds(contact_clock_of(handoff))


def test_twice_is_once(handoff):
    sweep(RUNG + SECOND)
    again = sweep(RUNG + SECOND)

    assert (again.warned, again.breached, again.escalated) == (0, 0, 0)
    assert Notice.objects.exclude(event=None).count() == 4


def test_without_a_holder_the_team_lead_hears_at_once(send, sven):
    handoff = send(to="pool")

    sweep(DUE + SECOND)

    assert told("BREACHED") == {("Sven", "IN_APP"), ("Sven", "MAIL")}
    assert told("ESCALATED") == set()
    assert kinds(contact_clock_of(handoff))[-1] == ClockEventKind.ESCALATED


def test_while_the_holder_is_away_the_team_lead_hears_in_his_place(handoff, sam):
    Absence.objects.create(user=sam, starts_at=TUESDAY_NINE, ends_at=on(27, "09:00"))

    sweep(DUE + SECOND)

    assert told("BREACHED") == {("Sven", "IN_APP"), ("Sven", "MAIL")}


def test_the_clock_of_somebody_who_left_still_escalates(handoff, sam):
    sam.is_active = False
    sam.save()

    sweep(DUE + SECOND)

    assert told("BREACHED") == {("Sven", "IN_APP"), ("Sven", "MAIL")}


def test_a_team_without_a_lead_is_spoken_for_by_managers(send):
    """The two who signed the agreement are managers beside the teams."""
    send(to="pool")

    sweep(DUE + SECOND)

    assert {name for name, _ in told("BREACHED")} == {"Vera", "Victor"}


def test_after_an_outage_the_breach_has_its_true_moment(handoff):
    wednesday = on(25, "13:00")

    sweep(wednesday)

    event = contact_clock_of(handoff).events.get(kind=ClockEventKind.BREACHED)
    assert (event.happened_at, event.detected_at) == (DUE, wednesday)
    assert contact_clock_of(handoff).breached_at == DUE


def test_the_state_is_right_without_any_sweep(handoff):
    assert contact_clock_of(handoff).status(DUE + SECOND).state == "late"
    assert handoff.clocks.overdue(DUE + SECOND).count() == 1
    assert not ClockEvent.objects.filter(kind=ClockEventKind.BREACHED).exists()


def test_a_contact_before_the_sweep_is_not_flagged(handoff, sam):
    call(handoff, occurred_at=TUESDAY_NOON, by=sam)

    assert sweep(DUE + SECOND).breached == 0


def test_a_contact_that_occurred_in_time_and_is_logged_after_the_flag_clears_it(handoff, sam):
    sweep(DUE + SECOND)

    call(handoff, occurred_at=TUESDAY_NOON, logged_at=on(24, "15:00"), by=sam)

    clock = contact_clock_of(handoff)
    assert clock.is_met
    assert clock.cleared_at
    assert clock.breached_at == DUE
    assert_invariants_hold(as_of=DUE + SECOND)


def test_a_contact_that_told_no_clock_settles_it(handoff):
    """An import, say, wrote the hand-off's columns only."""
    Handoff.objects.filter(pk=handoff.pk).update(first_contact_at=TUESDAY_TEN)

    result = sweep(DUE + SECOND)

    assert (result.settled, result.breached) == (1, 0)
    assert contact_clock_of(handoff).is_met


def test_a_stop_ends_the_ladder(handoff, sam):
    sweep(DUE + SECOND)
    call(handoff, occurred_at=on(24, "13:30"), by=sam)

    assert sweep(RUNG + SECOND).escalated == 0


def test_the_next_holder_does_not_inherit_the_breach(handoff, sam, sonia, sven):
    handoff.reassign(sonia, by=sven, at=on(24, "12:45"))

    sweep(DUE + SECOND)

    assert contact_clock_of(handoff).breach_holder is None
    assert told("BREACHED") == {("Sonia", "IN_APP"), ("Sonia", "MAIL")}


def test_small_batches_reach_everything_oldest_first(send, sven):
    for _ in range(7):
        send()

    result = sweep(on(25, "09:00"), batch=3)

    assert result.breached == 14
    moments = [event.happened_at for event in result.flagged() if event.kind == ClockEventKind.BREACHED]
    assert moments == sorted(moments)


def break_clock(clock):
    """From now on the database refuses every event of this clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE FUNCTION break_it() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF NEW.clock_id = {clock.pk} THEN RAISE EXCEPTION 'broken' USING ERRCODE = 'check_violation'; END IF;
            RETURN NEW; END $$;
            CREATE TRIGGER break_it BEFORE INSERT ON sla_clockevent FOR EACH ROW EXECUTE FUNCTION break_it();
            """
        )


def test_among_100_000_running_clocks_it_reads_those_that_are_due(handoff, sam):
    clock = contact_clock_of(handoff)
    run_beside(clock, 100_000, next_check_at=on(30, "09:00"))
    before = clocks_read()

    result = sweep(DUE + SECOND)

    assert (result.warned, result.breached) == (0, 1)
    assert clocks_read() - before < 100
    clock.refresh_from_db()
    assert clock.breach_holder == sam
    assert Clock.objects.filter(state="RUNNING").count() > 100_000


def run_beside(clock, number, *, next_check_at):
    """So many clocks like this one that nobody has to look at before `next_check_at`."""
    told_here = {"id", "measure", "round", "next_check_at"}
    fields = Clock._meta.local_concrete_fields
    others = ", ".join(field.column for field in fields if field.column not in told_here)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO sla_clock (measure, round, next_check_at, {others})"
            f" SELECT (%s::text[])[1 + n %% 4], 2 + n / 4, %s, {others} FROM sla_clock, generate_series(1, %s) n WHERE id = %s",
            [Measure.values, next_check_at, number, clock.pk],
        )
        cursor.execute("ANALYZE sla_clock")


def clocks_read() -> int:
    """Rows of the table that this transaction has read until now, by whatever way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'sla_clock'"
        )
        return int(cursor.fetchone()[0])


def test_one_bad_row_does_not_stop_the_others(send, sven, caplog):
    handoffs = [send() for _ in range(5)]
    bad = contact_clock_of(handoffs[2])
    break_clock(bad)

    result = sweep(on(25, "09:00"), batch=4)

    assert result.failed == [bad.pk]
    assert Clock.objects.filter(breached_at__isnull=False).count() == 9
    assert f"Clock {bad.pk} could not be swept" in caplog.text
    assert SweepRun.objects.get().failed == 1


def test_every_run_leaves_a_trace(handoff):
    sweep(DUE + SECOND)

    run = SweepRun.objects.get()
    assert (run.as_of, run.breached, run.error) == (DUE + SECOND, 1, "")
    assert run.finished_at


def test_the_command_prints_what_it_flagged(send, sven, capsys):
    send(at=on(9, "09:00"))

    call_command("sweep")

    printed = capsys.readouterr().out
    assert "breached   first_contact" in printed
    assert "2 late" in printed


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_flag_once(send, sven):
    for _ in range(60):
        send()
    at = on(25, "09:00")
    results = []

    def run():
        results.append(sweep(at, batch=7))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(result.breached for result in results) == 120
    assert ClockEvent.objects.filter(kind=ClockEventKind.BREACHED).count() == 120
    assert Notice.objects.exclude(event=None).count() == 480
    assert_invariants_hold(as_of=at)


@pytest.mark.django_db(transaction=True)
def test_contact_and_sweep_at_the_same_moment(send, sven, sam):
    """Whoever comes first, the outcome is the same: in time, and either never flagged or cleared."""
    handoffs = [send() for _ in range(20)]
    barrier = threading.Barrier(2)

    def log_all():
        barrier.wait()
        for handoff in handoffs:
            call(handoff, occurred_at=TUESDAY_TEN, logged_at=DUE + SECOND, by=sam)
        connection.close()

    def sweep_again_and_again():
        barrier.wait()
        for _ in range(5):
            sweep(DUE + SECOND, batch=3)
        connection.close()

    threads = [threading.Thread(target=log_all), threading.Thread(target=sweep_again_and_again)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Clock.objects.filter(state="STOPPED").met().count() == 40
    assert_invariants_hold(as_of=DUE + SECOND)
