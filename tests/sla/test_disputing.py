"""A clock that one side holds to be wrong: disputed with a reason, answered by the other, counted apart meanwhile."""

import pytest
from django.urls import reverse
from django.utils import translation

from sla import disputing, voiding
from sla.models import Clock, ClockEventKind, ClockState, Decision, Notice
from sla.sweeps import sweep
from tests.assertions import assert_invariants_hold
from tests.sla.moments import TUESDAY_TEN, call, contact_clock_of, drop, kinds, on

pytestmark = pytest.mark.django_db

LATE = on(24, "15:00")  # first contact, of a hand-off on Tuesday at nine, was due at 13:00
LATER = on(24, "16:00")


@pytest.fixture
def late(send, sam, sven, mara) -> Clock:
    """Called two hours late. Sven leads sales, Mara marketing."""
    handoff = send()
    call(handoff, occurred_at=LATE, by=sam)
    return contact_clock_of(handoff)


def raise_it(clock, by, at=LATE):
    return disputing.dispute(clock, "The number was wrong in the brief.", by=by, at=at)


def test_a_disputed_clock_counts_apart(late, sam):
    raise_it(late, sam)

    assert late.disputed_at == LATE
    assert not Clock.objects.counted().missed(LATER).filter(pk=late.pk).exists()
    assert Clock.objects.disputed().get() == late


def test_those_who_lead_the_other_team_are_told_and_whoever_raised_it_hears_the_answer(late, sam, mara):
    raised = raise_it(late, sam)
    assert "Mara" in set(
        Notice.objects.filter(kind="DISPUTE").values_list("recipient__first_name", flat=True)
    )

    disputing.answer(raised, Decision.REJECTED, "The brief had both numbers.", by=mara, at=LATER)

    assert set(Notice.objects.filter(kind="DISPUTE_OVER").values_list("recipient", flat=True)) == {sam.pk}


def test_rejected_it_stays_late(late, sam, mara):
    raised = raise_it(late, sam)

    disputing.answer(raised, Decision.REJECTED, "The brief had both numbers.", by=mara, at=LATER)

    late.refresh_from_db()
    assert (late.state, late.disputed_at) == (ClockState.STOPPED, None)
    assert Clock.objects.counted().missed(LATER).filter(pk=late.pk).exists()


def test_upheld_it_is_void_and_the_breach_stays_to_be_read(late, sam, mara):
    raised = raise_it(late, sam)

    disputing.answer(raised, Decision.VOID, "Our mistake.", by=mara, at=LATER)

    late.refresh_from_db()
    assert late.state == ClockState.VOID
    assert late.breached_at == on(24, "13:00")
    voided = late.events.get(kind=ClockEventKind.VOIDED)
    assert (voided.actor, voided.note) == (mara, "Our mistake.")
    assert not Clock.objects.counted().filter(pk=late.pk).exists()
    assert_invariants_hold(as_of=LATER)


def test_upheld_it_may_count_as_in_time(late, sam, mara):
    raised = raise_it(late, sam)

    disputing.answer(raised, Decision.CLEARED, "Called at noon from the old phone.", by=mara, at=LATER)

    late.refresh_from_db()
    assert late.is_met
    assert late.status(LATER).state == "met"
    assert Clock.objects.counted().met().filter(pk=late.pk).exists()
    assert kinds(late)[-1] == ClockEventKind.CLEARED
    assert_invariants_hold(as_of=LATER)


def test_a_disputed_clock_that_is_declared_void_waits_for_no_answer(late, sam, mara):
    raised = raise_it(late, sam)

    voiding.void(late, "A training, not a lead.", by=mara, at=LATER)

    raised.refresh_from_db()
    late.refresh_from_db()
    assert (raised.decision, raised.answer) == (Decision.VOID, "A training, not a lead.")
    assert raised.answered_by == mara
    assert late.disputed_at is None
    assert not disputing.open_disputes().exists()
    assert Notice.objects.filter(kind="DISPUTE_OVER", recipient=sam).exists()
    assert_invariants_hold(as_of=LATER)


def test_his_own_dispute_somebody_else_answers_also_when_he_declares_it_void(late, max):
    raised = raise_it(late, max)

    voiding.void(late, "I was wrong.", by=max, at=LATER)

    assert disputing.open_disputes().get() == raised


def test_everybody_reads_the_answer_in_his_own_language(late, sam, mara):
    disputing.answer(raise_it(late, sam), Decision.REJECTED, "The brief had it.", by=mara, at=LATER)
    answered = late.events.get(kind=ClockEventKind.ANSWERED)

    with translation.override("en"):
        assert answered.reason == "No: it stays as it is. The brief had it."
    with translation.override("nl"):
        assert answered.reason == "Nee: het blijft zoals het is. The brief had it."


def test_there_is_one_dispute_at_a_time(late, sam, mia):
    raise_it(late, sam)

    with pytest.raises(disputing.DisputeMoved, match="Sam Smit disputes it already"):
        raise_it(late, mia)


def test_nobody_answers_twice_nor_his_own(late, sam, mara, max):
    own = raise_it(late, max)
    with pytest.raises(disputing.DisputeRefused, match="Somebody else"):
        disputing.answer(own, Decision.VOID, "I say so.", by=max, at=LATER)

    disputing.answer(own, Decision.REJECTED, "No.", by=mara, at=LATER)
    with pytest.raises(disputing.DisputeMoved, match="has answered it already"):
        disputing.answer(own, Decision.VOID, "Yes.", by=mara, at=LATER)


def test_what_runs_in_time_is_not_disputed(send, sam):
    clock = contact_clock_of(send())

    with pytest.raises(disputing.DisputeRefused, match="late or done"):
        raise_it(clock, sam, at=TUESDAY_TEN)


def test_what_is_still_late_can_be_void_and_nothing_more_is_owed(send, sam, mara):
    handoff = send()
    sweep(LATE)
    clock = contact_clock_of(handoff)

    voiding.void(clock, "The lead had left the company.", by=mara, at=LATE)
    call(handoff, occurred_at=LATER, by=sam)
    sweep(LATER)

    clock.refresh_from_db()
    assert (clock.state, clock.next_check_at, clock.stopped_at) == (ClockState.VOID, None, None)
    assert_invariants_hold(as_of=LATER)


def test_what_was_cancelled_in_time_has_nothing_to_be_void(send, sam, mara):
    handoff = send()
    drop(handoff, TUESDAY_TEN, sam)

    with pytest.raises(voiding.CannotVoid):
        voiding.void(contact_clock_of(handoff), "Why not.", by=mara, at=LATER)


# In the browser


def test_sales_disputes_and_marketing_answers_in_the_browser(signed_in, late, sam, mara):
    page = signed_in(sam).get(reverse("sla:clock", args=[late.pk])).content.decode()
    assert reverse("sla:dispute", args=[late.pk]) in page
    signed_in(sam).post(reverse("sla:dispute", args=[late.pk]), {"reason": "Wrong number."})
    raised = late.disputes.get()

    listed = signed_in(mara).get(reverse("sla:disputes")).content.decode()
    assert "Wrong number." in listed
    assert reverse("sla:answer_dispute", args=[raised.pk]) in listed
    signed_in(mara).post(
        reverse("sla:answer_dispute", args=[raised.pk]), {"decision": "VOID", "answer": "You are right."}
    )

    shown = signed_in(sam).get(reverse("sla:clock", args=[late.pk])).content.decode()
    assert "You are right." in shown
    assert "Void" in shown


def test_a_dispute_needs_words(signed_in, late, sam):
    answer = signed_in(sam).post(reverse("sla:dispute", args=[late.pk]), {"reason": " "})

    assert answer.status_code == 422
    assert not late.disputes.exists()


def test_a_second_dispute_is_told_who_was_first(signed_in, late, sam, mia):
    raise_it(late, sam)

    answer = signed_in(mia).post(reverse("sla:dispute", args=[late.pk]), {"reason": "Mine too."})

    assert answer.status_code == 409
    assert "Sam Smit disputes it already" in answer.content.decode()


def test_only_the_other_teams_lead_answers_or_declares_void(signed_in, late, sam, sven, mia, mara):
    raised = raise_it(late, sam)
    answer, void = reverse("sla:answer_dispute", args=[raised.pk]), reverse("sla:void", args=[late.pk])

    for person in (sam, sven, mia):
        assert signed_in(person).post(answer, {"decision": "VOID", "answer": "x"}).status_code == 403
        assert signed_in(person).post(void, {"reason": "x"}).status_code == 403
    assert signed_in(mara).post(void, {"reason": "The lead had left."}).status_code == 302
