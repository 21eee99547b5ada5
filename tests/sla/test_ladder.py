"""A broken promise climbs from the holder over the team lead to the managers and back to the pool; each rung once, and somebody always hears."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff.models import Handoff, State
from leads.models import Stage
from sla import taking_up
from sla.ladder import Step, audience, steps
from sla.models import Agreement, ClockEventKind, EventNote, Notice
from sla.sweeps import sweep
from smarketing.accounts.models import Absence, User
from tests.assertions import assert_invariants_hold
from tests.factories import AgreementFactory
from tests.sla.moments import TUESDAY_NINE, TUESDAY_TEN, ask, call, contact_clock_of, kinds, on

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
DUE = on(24, "13:00")  # first contact of a hand-off on Tuesday at nine
LADDER = [
    {"who": "HOLDER", "after_minutes": 0},
    {"who": "TEAM_LEAD", "after_minutes": 60},
    {"who": "MANAGERS", "after_minutes": 120},
    {"who": "POOL", "after_minutes": 180},
]
TO_LEAD, TO_MANAGERS, TO_POOL = on(24, "14:00"), on(24, "15:00"), on(24, "16:00")


@pytest.fixture
def agreement(db):
    return AgreementFactory(ladder=LADDER, acknowledgement_minutes=60)


@pytest.fixture
def handoff(send, sven, max) -> Handoff:
    """Handed to sam on Tuesday at nine, accepted at ten, never called. Sven leads sales; Max manages both teams, as Vera and Victor do."""
    handoff = send()
    handoff.accept(by=handoff.receiver, at=TUESDAY_TEN)
    return handoff


def told(kind: str) -> list[str]:
    notices = Notice.objects.filter(event__kind=kind, channel="IN_APP").order_by("event__step", "id")
    return [notice.recipient.first_name for notice in notices.select_related("recipient")]


def test_each_rung_hears_at_its_working_time(handoff):
    for moment in (DUE, TO_LEAD, TO_MANAGERS):
        sweep(moment + SECOND)

    assert told("BREACHED") == ["Sam"]
    assert told("ESCALATED")[0] == "Sven"
    assert sorted(told("ESCALATED")[1:]) == ["Max", "Vera", "Victor"]
    assert_invariants_hold(as_of=TO_MANAGERS + SECOND)


def test_at_the_top_the_lead_is_in_the_pool_again_and_everybody_knows(handoff, sam, sven):
    sweep(TO_POOL + SECOND)

    handoff.refresh_from_db()
    handoff.lead.refresh_from_db()
    clock = contact_clock_of(handoff)
    assert (handoff.receiver, handoff.state, handoff.is_in_pool) == (None, State.SENT, True)
    assert (handoff.lead.stage, handoff.lead.owner) == (Stage.SQL, None)
    assert (clock.holder, clock.breach_holder, clock.is_open) == (None, sam, True)
    assert clock.events.filter(note=EventNote.TO_THE_POOL).count() == 1
    assert Notice.objects.filter(recipient=sam, kind="TAKEN_AWAY", channel="IN_APP").count() == 1
    assert_invariants_hold(as_of=TO_POOL + SECOND)


def test_a_colleague_takes_it_from_the_pool_and_it_never_goes_back_again(handoff, sonia):
    sweep(TO_POOL + SECOND)
    handoff.refresh_from_db()
    handoff.claim(by=sonia, at=on(24, "16:10"))
    handoff.accept(by=sonia, at=on(24, "16:11"))

    sweep(on(27, "16:00"))

    handoff.refresh_from_db()
    assert (handoff.receiver, handoff.state) == (sonia, State.ACCEPTED)
    assert handoff.events.filter(kind="PUT_BACK").count() == 1
    assert_invariants_hold(as_of=on(27, "16:00"))


def test_after_an_outage_all_rungs_are_climbed_once(handoff):
    wednesday = on(25, "12:00")
    sweep(wednesday)
    again = sweep(wednesday)

    clock = contact_clock_of(handoff)
    assert kinds(clock).count(ClockEventKind.ESCALATED) == 3
    assert (clock.ladder_step, clock.next_check_at, again.escalated) == (3, None, 0)
    assert [event.happened_at for event in clock.events.filter(kind="ESCALATED").order_by("step")] == [
        TO_LEAD,
        TO_MANAGERS,
        TO_POOL,
    ]


def test_a_contact_ends_the_ladder(handoff, sam):
    sweep(TO_LEAD + SECOND)
    call(handoff, occurred_at=on(24, "14:30"), by=sam)
    sweep(on(25, "12:00"))

    handoff.refresh_from_db()
    assert told("ESCALATED") == ["Sven"]
    assert handoff.receiver == sam


def test_a_lead_in_the_pool_already_stays_there(send, sven, max):
    handoff = send(to="pool")

    sweep(on(25, "12:00"))

    notes = set(contact_clock_of(handoff).events.values_list("note", flat=True))
    assert EventNote.NOT_TO_THE_POOL in notes
    assert EventNote.TO_THE_POOL not in notes
    assert_invariants_hold(as_of=on(25, "12:00"))


def test_a_clock_of_marketing_is_told_further_but_no_lead_moves(send, sam, mara, max):
    AgreementFactory()
    handoff = send()
    ask(handoff, TUESDAY_TEN, sam)

    sweep(on(30, "16:00"))

    handoff.refresh_from_db()
    assert handoff.receiver == sam
    assert_invariants_hold(as_of=on(30, "16:00"))


# Who hears instead


def test_the_deputy_hears_while_the_holder_is_away(handoff, sam, sonia):
    Absence.objects.create(user=sam, starts_at=TUESDAY_NINE, ends_at=on(27, "09:00"), deputy=sonia)

    sweep(DUE + SECOND)

    assert told("BREACHED") == ["Sonia"]
    assert told("ESCALATED") == []


def test_a_deputy_who_is_away_too_is_stood_in_for(handoff, sam, sonia, sven):
    Absence.objects.create(user=sam, starts_at=TUESDAY_NINE, ends_at=on(27, "09:00"), deputy=sonia)
    Absence.objects.create(user=sonia, starts_at=TUESDAY_NINE, ends_at=on(27, "09:00"), deputy=sven)

    sweep(DUE + SECOND)

    assert told("BREACHED") == ["Sven"]


def test_two_who_stand_in_for_each_other_and_are_both_away_leave_it_to_the_team_lead(handoff, sam, sonia):
    for away, deputy in ((sam, sonia), (sonia, sam)):
        Absence.objects.create(user=away, starts_at=TUESDAY_NINE, ends_at=on(27, "09:00"), deputy=deputy)

    sweep(DUE + SECOND)

    assert told("BREACHED") == ["Sven"]


def test_the_team_leads_deputy_hears_before_the_managers_do(handoff, sven, sonia):
    Absence.objects.create(user=sven, starts_at=TUESDAY_NINE, ends_at=on(27, "09:00"), deputy=sonia)

    sweep(TO_LEAD + SECOND)

    assert told("ESCALATED") == ["Sonia"]


def test_an_absence_that_is_over_changes_nothing(handoff, sam, sonia):
    Absence.objects.create(user=sam, starts_at=on(23, "09:00"), ends_at=TUESDAY_NINE, deputy=sonia)

    sweep(DUE + SECOND)

    assert told("BREACHED") == ["Sam"]


def test_the_intake_seat_hears_of_what_nobody_holds(send, sven, max, sonia, agreement):
    AgreementFactory(ladder=LADDER, intake_seat=sonia, at=on(2, "09:00"))
    send(to="pool")

    sweep(DUE + SECOND)

    assert set(told("BREACHED")) == {"Sonia"}


def test_a_company_without_leads_and_managers_is_told_by_its_administrators(handoff, sven, max, ada):
    User.objects.exclude(pk=ada.pk).update(is_active=False)

    sweep(DUE + SECOND)

    assert told("BREACHED") == ["Ada"]


# “I have it”


def test_whoever_has_it_in_hand_holds_the_ladder_for_the_agreed_time(handoff, sam):
    sweep(DUE + SECOND)
    clock = contact_clock_of(handoff)

    taking_up.take_up(clock, by=sam, at=on(24, "13:30"))

    clock.refresh_from_db()
    assert clock.ladder_at == [on(24, "14:30"), on(24, "15:30"), on(24, "16:30")]
    assert sweep(TO_LEAD + SECOND).escalated == 0
    assert sweep(on(24, "14:30") + SECOND).escalated == 1
    assert_invariants_hold(as_of=on(24, "14:30") + SECOND)


def test_held_overnight_it_goes_on_in_working_time(handoff, sam):
    sweep(DUE + SECOND)
    clock = contact_clock_of(handoff)

    taking_up.take_up(clock, by=sam, at=on(24, "16:45"))

    assert clock.ladder_at == [on(25, "09:45"), on(25, "10:45"), on(25, "11:45")]


def test_it_is_taken_up_once_for_each_rung(handoff, sam, sven):
    sweep(DUE + SECOND)
    clock = contact_clock_of(handoff)
    taking_up.take_up(clock, by=sam, at=on(24, "13:30"))
    with pytest.raises(taking_up.AlreadyTakenUp, match="Sam Smit has had it in hand since"):
        taking_up.take_up(clock, by=sven, at=on(24, "13:40"))

    sweep(on(24, "14:30") + SECOND)
    taking_up.take_up(clock, by=sven, at=on(24, "14:40"))

    assert clock.ladder_at[1:] == [on(24, "15:40"), on(24, "16:40")]


def test_taken_up_early_nothing_is_moved(handoff, sam):
    sweep(on(24, "12:00") + SECOND)
    clock = contact_clock_of(handoff)
    before = clock.ladder_at

    taking_up.take_up(clock, by=sam, at=on(24, "12:30"))

    assert clock.ladder_at == before
    assert taking_up.in_hand(clock).actor == sam
    assert taking_up.in_hand_of([clock])[clock.pk].actor == sam


def test_what_is_done_is_not_taken_up(handoff, sam):
    sweep(DUE + SECOND)
    call(handoff, occurred_at=on(24, "13:10"), by=sam)

    with pytest.raises(taking_up.NothingToTakeUp):
        taking_up.take_up(contact_clock_of(handoff), by=sam, at=on(24, "13:20"))


def test_what_nobody_was_told_of_is_not_taken_up(handoff, sam):
    with pytest.raises(taking_up.NothingToTakeUp):
        taking_up.take_up(contact_clock_of(handoff), by=sam, at=TUESDAY_TEN)


def test_taking_up_reads_the_notice(handoff, sam):
    sweep(DUE + SECOND)

    taking_up.take_up(contact_clock_of(handoff), by=sam, at=on(24, "13:30"))

    assert not Notice.objects.filter(recipient=sam, event__kind="BREACHED", read_at=None).exists()


def test_in_the_browser_the_second_is_told_who_was_first(client, handoff, sam, sonia):
    sweep(DUE + SECOND)
    address = f"/clocks/{contact_clock_of(handoff).pk}/take-up/"
    backend = "django.contrib.auth.backends.ModelBackend"
    client.force_login(sam, backend=backend)
    assert "I have it" in client.get(f"/clocks/{contact_clock_of(handoff).pk}/").content.decode()
    assert client.post(address).status_code == 302

    client.force_login(sonia, backend=backend)
    answer = client.post(address)

    assert answer.status_code == 409
    assert "Sam Smit has had it in hand" in answer.content.decode()
    assert (
        "Sam Smit has it in hand" in client.get(f"/clocks/{contact_clock_of(handoff).pk}/").content.decode()
    )


# The pure part


def test_hearing_at_the_due_moment_is_no_rung_of_its_own():
    assert steps(LADDER) == [Step("TEAM_LEAD", 60), Step("MANAGERS", 120), Step("POOL", 180)]
    assert steps([{"who": "HOLDER", "after_minutes": 0}]) == []
    assert steps([{"who": "HOLDER", "after_minutes": 30}]) == [Step("HOLDER", 30)]


@given(
    st.lists(st.tuples(st.sampled_from(["HOLDER", "TEAM_LEAD", "MANAGERS"]), st.integers(0, 600)), max_size=5)
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_rungs_come_in_the_order_of_time(rungs):
    found = steps([{"who": who, "after_minutes": minutes} for who, minutes in rungs])

    assert [step.after_minutes for step in found] == sorted(step.after_minutes for step in found)
    assert len(found) == sum(1 for rung in rungs if rung != ("HOLDER", 0))


def test_the_audience_knows_each_agreement(agreement):
    assert audience(DUE).steps[Agreement.objects.in_force().pk] == steps(LADDER)
