"""Undone is as if it had not happened: lead, hand-off, deal, clocks and figures. What happened stays on record, and so does the undoing."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from handoff import contacting
from handoff.errors import HandoffRefused
from handoff.models import BriefDraft, ContactAttempt, EventKind, Handoff, Return, State
from leads import closing, deals, next_steps, qualifying, undoing
from leads.criteria import gate
from leads.models import Act, Lead, LeadMoved, Opportunity, Stage, StageChange, TransitionNotAllowed
from sla.models import Clock
from sla.sweeps import sweep
from tests.assertions import assert_invariants_hold
from tests.factories import LeadFactory
from tests.sla.moments import (
    BRIEF,
    TUESDAY_NINE,
    TUESDAY_NOON,
    TUESDAY_TEN,
    answer_of,
    ask,
    call,
    contact_clock_of,
    give_back,
    on,
    pass_on,
    reply,
)

pytestmark = pytest.mark.django_db

SOON_AFTER = TUESDAY_TEN + timedelta(minutes=1)
STANDS = {
    Lead: ["stage", "accepted_at", "contacted_at", "opportunity_at", "customer_at", "closed_at", "owner_id", "next_step", "next_step_at"],
    Handoff: ["state", "receiver_id", "accepted_at", "returned_at", "first_attempt_at", "first_contact_at", "attempts", "outcome", "closed_at"],
    Opportunity: ["amount", "won_at", "lost_at"],
}  # fmt: skip
RUNS = ["measure", "state", "holder_id", "due_at", "stopped_at", "worked_seconds", "cleared_at"]


def stands():
    rows = {
        model.__name__: list(model.objects.order_by("pk").values(*names)) for model, names in STANDS.items()
    }
    return rows | {"clocks": list(Clock.objects.exclude(state="CANCELLED").order_by("pk").values(*RUNS))}


def undo_the_latest(by, at=SOON_AFTER):
    act = Act.objects.standing().order_by("-pk").first()
    undoing.undo(list(Act.objects.filter(key=act.key)), by=by, at=at)


def fresh(handoff) -> Handoff:
    return Handoff.objects.select_related("lead").get(pk=handoff.pk)


ACTS = {
    "accept": lambda handoff, who: handoff.accept(by=who, at=TUESDAY_TEN),
    "return": lambda handoff, who: give_back(handoff, TUESDAY_TEN, who),
    "ask": lambda handoff, who: ask(handoff, TUESDAY_TEN, who),
    "call": lambda handoff, who: call(handoff, occurred_at=TUESDAY_TEN, by=who),
    "plan": lambda handoff, who: next_steps.plan(handoff.lead, "Call", due_at=TUESDAY_NOON, by=who, at=TUESDAY_TEN),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_everything_stands_as_before(act, send, sam):
    handoff = send()
    before = stands()
    ACTS[act](fresh(handoff), sam)
    assert stands() != before

    undo_the_latest(sam)

    assert stands() == before
    assert_invariants_hold(SOON_AFTER)


def test_an_answer_is_undone_and_the_question_waits_again(send, mia, sam):
    handoff = send()
    ask(handoff, TUESDAY_NINE, sam)
    before = stands()
    reply(fresh(handoff), TUESDAY_TEN, mia)
    assert stands() != before

    undo_the_latest(mia)

    assert stands() == before
    assert (fresh(handoff).state, fresh(handoff).reply_text) == (State.ASKED, "")
    assert_invariants_hold(SOON_AFTER)


def test_an_answer_that_sales_acted_on_cannot_be_taken_back(send, mia, sam):
    handoff = send()
    ask(handoff, TUESDAY_NINE, sam)
    reply(fresh(handoff), TUESDAY_TEN, mia)
    fresh(handoff).accept(by=sam, at=SOON_AFTER)

    with pytest.raises(undoing.CannotUndo, match="Sam Smit acted on this lead since"):
        undoing.undo([Act.objects.get(kind="REPLY")], by=mia, at=SOON_AFTER)


LATER_ACTS = {
    "win": lambda lead, who: deals.win(lead, amount=900, by=who, at=TUESDAY_TEN),
    "lose": lambda lead, who: deals.lose(lead, "Price", by=who, at=TUESDAY_TEN),
    "open": lambda lead, who: deals.open_opportunity(lead, amount=900, by=who, at=TUESDAY_TEN),
    "recycle": lambda lead, who: closing.recycle(lead, "Not now", by=who, at=TUESDAY_TEN),
    "disqualify": lambda lead, who: closing.disqualify(lead, "Student", by=who, at=TUESDAY_TEN),
}


@pytest.mark.parametrize("act", LATER_ACTS)
def test_an_outcome_is_undone_with_its_deal_and_its_handoff(act, send, sam):
    handoff = send()
    call(handoff, occurred_at=TUESDAY_NINE, by=sam)
    before = stands()
    LATER_ACTS[act](Lead.objects.get(), sam)
    assert stands() != before

    undo_the_latest(sam)

    assert stands() == before
    assert_invariants_hold(SOON_AFTER)


def test_both_entries_stay_on_record(send, sam):
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_TEN)

    undo_the_latest(sam)

    moves = StageChange.objects.filter(lead=handoff.lead_id).order_by("pk").values_list("to_stage", flat=True)
    assert list(moves)[-2:] == [Stage.ACCEPTED, Stage.SQL]
    events = handoff.events.order_by("pk").values_list("kind", flat=True)
    assert list(events)[-2:] == [EventKind.ACCEPTED, EventKind.UNDONE]
    assert [event.kind for event in answer_of(handoff).events.order_by("pk")][-2:] == ["STOPPED", "REOPENED"]


def test_handing_over_is_undone_until_sales_acts_and_the_brief_is_a_draft_again(agreement, mia, sam, sales):
    lead = LeadFactory(stage=Stage.SQL, sql_at=on(23, "09:00"))
    Handoff.send(lead, brief=BRIEF, to=sam, team=sales, by=mia, at=TUESDAY_TEN)

    undo_the_latest(mia)

    handoff = Handoff.objects.get()
    assert handoff.state == State.WITHDRAWN
    assert set(Clock.objects.values_list("state", flat=True)) == {"CANCELLED"}
    assert BriefDraft.objects.get(lead=lead, person=mia).texts["need"] == BRIEF["need"]
    assert_invariants_hold(SOON_AFTER)
    again = Handoff.send(lead, brief=BRIEF, to=sam, team=sales, by=mia, at=TUESDAY_NOON)
    assert (again.cycle, again.state) == (2, State.SENT)


def test_what_sales_has_accepted_cannot_be_taken_back(send, mia, sam):
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_TEN)
    sent = Act.objects.get(kind="HAND_OVER")

    with pytest.raises(undoing.CannotUndo, match="Sam Smit acted on this lead since, at 10:00: Accepted"):
        undoing.undo([sent], by=mia, at=SOON_AFTER)

    assert fresh(handoff).state == State.ACCEPTED


def test_ones_own_later_act_goes_first(send, sam):
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_TEN)
    call(fresh(handoff), occurred_at=TUESDAY_TEN, by=sam)
    accepted = Act.objects.get(kind="ACCEPT")

    with pytest.raises(undoing.CannotUndo, match="Undo that first"):
        undoing.undo([accepted], by=sam, at=SOON_AFTER)
    undo_the_latest(sam)
    undoing.undo([accepted], by=sam, at=SOON_AFTER)

    assert fresh(handoff).state == State.SENT


def test_nothing_is_undone_twice_or_after_a_day(send, sam):
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_TEN)
    act = Act.objects.get(kind="ACCEPT")

    with pytest.raises(undoing.CannotUndo, match="more than a day ago"):
        undoing.undo([act], by=sam, at=TUESDAY_TEN + timedelta(hours=25))
    undo_the_latest(sam)
    with pytest.raises(undoing.CannotUndo, match="undone already"):
        undoing.undo([act], by=sam, at=SOON_AFTER)


def test_a_new_lead_of_the_person_keeps_an_ended_one_ended(send, sam):
    handoff = send()
    call(handoff, occurred_at=TUESDAY_NINE, by=sam)
    closing.disqualify(Lead.objects.get(), "Student", by=sam, at=TUESDAY_TEN)
    ended = Lead.objects.get()
    LeadFactory(contact=ended.contact)

    with pytest.raises(undoing.CannotUndo, match="Something else changed"):
        undo_the_latest(sam)

    ended.refresh_from_db()
    assert ended.stage == Stage.DISQUALIFIED


def test_an_undone_call_counts_nowhere_and_stays_on_the_timeline(send, sam):
    handoff = send()
    call(handoff, occurred_at=TUESDAY_TEN, by=sam)

    undo_the_latest(sam)

    assert ContactAttempt.objects.count() == 1
    assert not ContactAttempt.objects.standing().exists()
    assert contact_clock_of(handoff).state == "RUNNING"


def test_a_question_that_was_undone_takes_no_time_and_can_be_asked_again(send, mia, sam):
    handoff = send()
    due = contact_clock_of(handoff).due_at
    ask(handoff, TUESDAY_TEN, sam)

    undo_the_latest(sam, at=TUESDAY_TEN + timedelta(minutes=20))

    assert contact_clock_of(handoff).due_at == due
    ask(fresh(handoff), TUESDAY_NOON, sam)
    reply(fresh(handoff), on(24, "12:30"), mia)
    assert contact_clock_of(handoff).due_at == due + timedelta(minutes=30)
    assert_invariants_hold(on(24, "12:30"))


def test_a_late_answer_that_was_undone_is_late_still(send, sam):
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_NOON)
    assert answer_of(handoff).breached_at

    undo_the_latest(sam, at=TUESDAY_NOON + timedelta(minutes=1))
    sweep(TUESDAY_NOON + timedelta(minutes=2))

    clock = answer_of(handoff)
    assert (clock.state, clock.breached_at) == ("RUNNING", clock.due_at)
    assert clock.events.filter(kind="BREACHED").count() == 1
    assert_invariants_hold(TUESDAY_NOON + timedelta(minutes=2))


def test_a_colleague_who_got_it_by_mistake_gives_it_back(send, sam, sonia, sven):
    handoff = send()
    pass_on(handoff, sonia, TUESDAY_TEN, sven)

    undo_the_latest(sven)

    assert fresh(handoff).receiver == sam
    assert contact_clock_of(handoff).holder == sam


def test_a_return_that_was_undone_leaves_no_duty(send, sam):
    handoff = send()
    give_back(handoff, TUESDAY_TEN, sam)

    undo_the_latest(sam)

    assert not Return.objects.exists()
    assert set(Clock.objects.filter(measure="RETURN").values_list("state", flat=True)) <= {"CANCELLED"}


def test_one_click_on_many_leads_is_undone_at_once_or_not_at_all(send, sam, sonia, sven):
    handoffs = [send(), send(), send()]
    with undoing.one_click() as key:
        for handoff in handoffs:
            pass_on(handoff, sonia, TUESDAY_TEN, sven)
    acts = list(Act.objects.filter(key=key))
    fresh(handoffs[1]).accept(by=sonia, at=TUESDAY_TEN)

    with pytest.raises(undoing.CannotUndo, match="Sonia"):
        undoing.undo(acts, by=sven, at=SOON_AFTER)
    assert {fresh(handoff).receiver for handoff in handoffs} == {sonia}

    undo_the_latest(sonia)
    undoing.undo(acts, by=sven, at=SOON_AFTER)
    assert {fresh(handoff).receiver for handoff in handoffs} == {sam}


def test_marking_and_handing_over_by_one_click(agreement, mia, sam, sales):
    lead = LeadFactory(stage=Stage.MQL, mql_at=on(23, "09:00"))
    with undoing.one_click() as key:
        gate.mark_sales_ready(lead, by=mia, at=TUESDAY_TEN)
        Handoff.send(Lead.objects.get(), brief=BRIEF, to=sam, team=sales, by=mia, at=TUESDAY_TEN)

    undoing.undo(list(Act.objects.filter(key=key)), by=mia, at=SOON_AFTER)

    lead.refresh_from_db()
    assert (lead.stage, lead.sql_at) == (Stage.MQL, None)
    assert_invariants_hold(SOON_AFTER)


# By random sequences


STEPS = {
    "accept": lambda h, lead, **who: h.accept(**who),
    "return": lambda h, lead, **who: h.return_("WRONG_ROUTE", "Other region", **who),
    "ask": lambda h, lead, **who: h.ask("Which depot?", **who),
    "call": lambda h, lead, **who: contacting.log_for(lead, "CALL", "SPOKE", **who),
    "try": lambda h, lead, **who: contacting.log_for(lead, "CALL", "NO_ANSWER", **who),
    "open": lambda h, lead, **who: deals.open_opportunity(lead, amount=500, **who),
    "win": lambda h, lead, **who: deals.win(lead, amount=700, **who),
    "lose": lambda h, lead, **who: deals.lose(lead, "Price", **who),
    "disqualify": lambda h, lead, **who: closing.disqualify(lead, "Student", **who),
    "recycle": lambda h, lead, **who: closing.recycle(lead, "Not now", **who),
    "qualify": lambda h, lead, **who: qualifying.qualify(lead, **who),
}
REFUSED = (HandoffRefused, TransitionNotAllowed, LeadMoved, closing.CannotEndYet)


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=6))
def test_undoing_backwards_passes_through_every_former_state(steps, agreement, mia, sam, sales):
    lead = LeadFactory(stage=Stage.SQL, sql_at=on(23, "09:00"))
    handoff = Handoff.send(lead, brief=BRIEF, to=sam, team=sales, by=mia, at=TUESDAY_NINE)
    passed = []
    for minute, step in enumerate(steps):
        before, acts = stands_of(lead), Act.objects.count()
        try:
            STEPS[step](
                fresh(handoff),
                Lead.objects.get(pk=lead.pk),
                by=sam,
                at=TUESDAY_NINE + timedelta(minutes=minute),
            )
        except REFUSED:
            continue
        if (
            Act.objects.count() > acts
        ):  # a call to a lead that sales does not have is a line on the timeline only
            passed.append(before)

    for before in reversed(passed):
        undo_the_latest(sam)
        assert stands_of(lead) == before
    assert_invariants_hold(SOON_AFTER)


def stands_of(lead):
    mine = {Lead: {"pk": lead.pk}, Handoff: {"lead": lead}, Opportunity: {"lead": lead}}
    rows = {model.__name__: list(model.objects.filter(**mine[model]).order_by("pk").values(*names)) for model, names in STANDS.items()}  # fmt: skip
    clocks = Clock.objects.filter(handoff__lead=lead).exclude(state="CANCELLED").order_by("pk")
    return rows | {"clocks": list(clocks.values(*RUNS))}
