"""A contact that was made in time counts, also when it is told after the hand-off was closed: within the agreed hours, with a reason."""

import pytest
from django.urls import reverse

from handoff import contacting
from handoff.errors import AlreadyAnswered, NotAContactMoment
from handoff.models import EventKind, Handoff, HandoffRules, State
from leads import closing, undoing
from leads.models import Activity, Lead, Stage
from sla.models import Clock, ClockEventKind, ClockState, EventNote
from sla.sweeps import sweep
from tests.assertions import assert_invariants_hold
from tests.factories import AgreementFactory
from tests.sla.moments import (
    TUESDAY_NOON,
    TUESDAY_TEN,
    answer_of,
    call,
    contact_clock_of,
    drop,
    kinds,
    on,
)

pytestmark = pytest.mark.django_db

FOUR, FIVE = on(24, "16:00"), on(24, "17:00")


@pytest.fixture
def closed_late(send, sam):
    """Sent at nine, due at one, called at two, not a fit at four."""
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_TEN)
    sweep(on(24, "13:30"))
    call(handoff, occurred_at=on(24, "14:00"), by=sam)
    handoff.lead.refresh_from_db()
    closing.disqualify(handoff.lead, "A student", by=sam, at=FOUR)
    return Handoff.objects.select_related("lead", "rules").get(pk=handoff.pk)


def test_what_occurred_in_time_clears_the_closed_hand_offs_clock_with_a_reason(closed_late, sam):
    assert Clock.objects.counted().missed(FIVE).filter(handoff=closed_late).count() == 1

    call(closed_late, occurred_at=TUESDAY_NOON, logged_at=FIVE, by=sam)

    clock = contact_clock_of(closed_late)
    assert (clock.state, clock.stopped_at, clock.breached_at) == (
        ClockState.STOPPED,
        TUESDAY_NOON,
        on(24, "13:00"),
    )
    assert clock.is_met
    assert clock.events.get(kind=ClockEventKind.CLEARED).note == EventNote.IN_TIME_AFTER_ALL
    assert not Clock.objects.counted().missed(FIVE).filter(handoff=closed_late).exists()
    assert_invariants_hold(as_of=FIVE)


def test_the_earliest_is_the_first_contact_and_the_lead_stays_where_it_ended(closed_late, sam):
    call(closed_late, occurred_at=TUESDAY_NOON, logged_at=FIVE, by=sam)

    handoff = Handoff.objects.select_related("lead").get(pk=closed_late.pk)
    assert (handoff.state, handoff.first_contact_at, handoff.attempts) == (State.CLOSED, TUESDAY_NOON, 2)
    assert handoff.lead.stage == Stage.DISQUALIFIED
    assert handoff.events.filter(kind=EventKind.CONTACTED).count() == 1


def test_closed_before_anybody_had_told_of_the_call_it_was_kept_all_the_same(send, sam, mia):
    """Marketing took it back at eleven; the rep had called at ten."""
    handoff = send()
    drop(handoff, on(24, "11:00"), mia)
    assert contact_clock_of(handoff).state == ClockState.CANCELLED

    call(Handoff.objects.get(pk=handoff.pk), occurred_at=TUESDAY_TEN, logged_at=FIVE, by=sam)

    handoff.refresh_from_db()
    assert (handoff.accepted_at, handoff.first_contact_at) == (TUESDAY_TEN, TUESDAY_TEN)
    for clock in (answer_of(handoff), contact_clock_of(handoff)):
        assert (clock.state, clock.stopped_at, clock.is_met) == (ClockState.STOPPED, TUESDAY_TEN, True)
        assert ClockEventKind.BREACHED not in kinds(clock)
    assert_invariants_hold(as_of=FIVE)


def test_after_the_agreed_hours_it_is_refused(closed_late, sam):
    with pytest.raises(NotAContactMoment, match="at most 24 h"):
        call(closed_late, occurred_at=TUESDAY_NOON, logged_at=on(25, "12:01"), by=sam)

    assert not contact_clock_of(closed_late).is_met


def test_a_contact_after_it_was_closed_is_none_of_this_hand_off(closed_late, sam):
    with pytest.raises(AlreadyAnswered, match="closed this"):
        call(closed_late, occurred_at=on(24, "16:30"), logged_at=FIVE, by=sam)


def test_the_agreement_says_for_how_many_hours(mia, sam, sales):
    AgreementFactory(late_logging_hours=6)

    assert HandoffRules.objects.in_force(TUESDAY_TEN).late_logging_hours == 6


def test_from_the_leads_page_it_belongs_to_the_hand_off_of_that_moment(closed_late, sam):
    lead = Lead.objects.get(pk=closed_late.lead_id)

    contacting.log_for(lead, "CALL", "SPOKE", occurred_at=TUESDAY_NOON, by=sam, at=FIVE)

    assert contact_clock_of(closed_late).is_met


def test_from_the_leads_page_what_is_too_long_ago_stands_on_the_timeline(closed_late, sam):
    lead = Lead.objects.get(pk=closed_late.lead_id)

    kept = contacting.log_for(lead, "CALL", "SPOKE", occurred_at=TUESDAY_NOON, by=sam, at=on(26, "12:00"))

    assert isinstance(kept, Activity)
    assert not contact_clock_of(closed_late).is_met


def test_undone_the_clock_is_late_again(closed_late, sam):
    call(closed_late, occurred_at=TUESDAY_NOON, logged_at=FIVE, by=sam)
    lead = Lead.objects.get(pk=closed_late.lead_id)

    undoing.undo([undoing.latest(lead.pk, by=sam, at=FIVE)], by=sam, at=on(24, "17:05"))

    clock = contact_clock_of(closed_late)
    assert (clock.state, clock.stopped_at, clock.is_met) == (ClockState.STOPPED, on(24, "14:00"), False)
    assert_invariants_hold(as_of=on(24, "17:05"))


def test_on_its_page_whoever_had_it_tells_of_it(closed_late, client, sam, sonia, time_machine):
    time_machine.move_to(FIVE)
    page, form = (reverse(name, args=[closed_late.pk]) for name in ("handoff:detail", "handoff:late_contact"))
    client.force_login(sonia)
    assert form not in client.get(page).content.decode()
    assert client.get(form).status_code == 403
    client.force_login(sam)
    assert form in client.get(page).content.decode()

    given = {"channel": "CALL", "result": "SPOKE", "occurred_at": "2026-11-24T12:00"}
    assert client.post(form, given | {"occurred_at": ""}).status_code == 422
    assert client.post(form, given).status_code == 302

    assert contact_clock_of(closed_late).is_met
