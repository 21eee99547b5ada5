"""What marketing does about a lead that sales gave back: sends it again, contests it, or lets it go."""

from datetime import timedelta

import pytest
from django.urls import reverse

from handoff import returning, signals
from handoff.errors import (
    AlreadyAnswered,
    ContestOpen,
    NotContactedYet,
    NothingToSettle,
    WordsNeeded,
)
from handoff.models import EventKind, Handoff, Return, ReturnState, Settlement, State
from leads import closing
from leads.models import Lead, Stage
from sla import contests
from sla.models import Clock, Notice
from tests.assertions import assert_invariants_hold
from tests.conftest import TUESDAY_NOON
from tests.factories import LeadFactory
from tests.handoff.moments import BRIEF, TUESDAY_ELEVEN, TUESDAY_HALF_PAST_TEN, TUESDAY_ONE

WEDNESDAY_ELEVEN = TUESDAY_ELEVEN + timedelta(days=1)


@pytest.fixture
def returned(handoff, sam) -> Return:
    """Sam gave it back at half past ten."""
    handoff.return_("OUTSIDE_DEFINITION", "Name the decider", by=sam, at=TUESDAY_HALF_PAST_TEN)
    return handoff.returns.get()


@pytest.fixture
def contested(returned, mia) -> Return:
    """Mia does not agree, at eleven."""
    returned.handoff.contest("He signs himself, see the form", by=mia, at=TUESDAY_ELEVEN)
    returned.refresh_from_db()
    return returned


@pytest.fixture
def settled():
    """What `return_settled` said, in order."""
    heard = []

    def hear(handoff, how, at, by, **_):
        heard.append((handoff.pk, how, at, by))

    signals.return_settled.connect(hear)
    yield heard
    signals.return_settled.disconnect(hear)


def fresh(returned) -> Return:
    return Return.objects.select_related("handoff__lead").get(pk=returned.pk)


def test_a_return_is_a_duty_of_marketing_with_what_would_make_it_acceptable(returned, sam):
    assert (returned.state, returned.note, returned.returned_by) == (
        ReturnState.OPEN,
        "Name the decider",
        sam,
    )
    assert returning.unsettled(returned.handoff.lead) == returned


def test_sending_it_again_settles_it(returned, settled, mia, sam):
    again = Handoff.send(returned.handoff.lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_NOON)

    assert again.cycle == 2
    assert (fresh(returned).state, fresh(returned).settled_by) == (ReturnState.SENT_AGAIN, mia)
    assert settled == [(returned.handoff_id, Settlement.SENT_AGAIN, TUESDAY_NOON, mia)]
    assert returned.handoff.events.filter(kind=EventKind.SENT_AGAIN).count() == 1


@pytest.mark.parametrize("verb", [closing.recycle, closing.disqualify])
def test_letting_it_go_settles_it(returned, settled, verb, mia):
    verb(Lead.objects.get(pk=returned.handoff.lead_id), "A student", by=mia, at=TUESDAY_NOON)

    assert fresh(returned).state == ReturnState.RECYCLED
    assert settled == [(returned.handoff_id, Settlement.RECYCLED, TUESDAY_NOON, mia)]


def test_contesting_keeps_the_words_and_stops_the_duty(contested, mia):
    assert (contested.state, contested.contest_words, contested.settled_by) == (
        ReturnState.CONTESTED,
        "He signs himself, see the form",
        mia,
    )
    assert contested.settled_at == TUESDAY_ELEVEN


def test_a_contest_needs_words(returned, mia):
    with pytest.raises(WordsNeeded):
        returned.handoff.contest("  ", by=mia, at=TUESDAY_ELEVEN)


def test_while_it_is_contested_nobody_sends_it_again(contested, mia, sam):
    with pytest.raises(ContestOpen):
        Handoff.send(contested.handoff.lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_NOON)

    assert Handoff.objects.count() == 1


def test_one_side_alone_decides_nothing(contested, sven):
    returning.decide(contested.handoff, upheld=True, words="True", by=sven, at=TUESDAY_NOON)

    assert fresh(contested).state == ReturnState.CONTESTED


def test_sides_that_differ_leave_it_open_until_one_comes_round(contested, sven, mara):
    returning.decide(contested.handoff, upheld=False, words="Not a decider", by=sven, at=TUESDAY_NOON)
    returning.decide(contested.handoff, upheld=True, words="He signs", by=mara, at=TUESDAY_NOON)
    assert fresh(contested).state == ReturnState.CONTESTED

    returning.decide(contested.handoff, upheld=True, words="Seen it now", by=sven, at=TUESDAY_ONE)

    assert fresh(contested).state == ReturnState.UPHELD
    assert [said.words for said in contested.decisions.order_by("id")] == [
        "Not a decider",
        "He signs",
        "Seen it now",
    ]


def test_upheld_it_is_back_with_its_receiver_as_it_was(contested, sam, sven, mara):
    for lead in (sven, mara):
        returning.decide(contested.handoff, upheld=True, by=lead, at=TUESDAY_NOON)

    handoff = fresh(contested).handoff
    assert (handoff.state, handoff.receiver, handoff.outcome, handoff.return_reason) == (
        State.SENT,
        sam,
        "",
        "",
    )
    assert handoff.is_open
    handoff.accept(by=sam, at=TUESDAY_ONE)


def test_upheld_after_it_was_accepted_the_rep_has_the_lead_again(handoff, mia, sam, sven, mara):
    handoff.accept(by=sam, at=TUESDAY_HALF_PAST_TEN)
    handoff.return_("DUPLICATE", by=sam, at=TUESDAY_HALF_PAST_TEN)
    handoff.contest("Another person of that name", by=mia, at=TUESDAY_ELEVEN)

    for lead in (mara, sven):
        returning.decide(Handoff.objects.get(), upheld=True, by=lead, at=TUESDAY_NOON)

    handoff = Handoff.objects.select_related("lead").get()
    assert (handoff.state, handoff.lead.stage, handoff.lead.owner) == (State.ACCEPTED, Stage.ACCEPTED, sam)


def test_rejected_it_stays_with_marketing_and_is_not_contested_twice(contested, mia, sam, sven, mara):
    for lead in (sven, mara):
        returning.decide(contested.handoff, upheld=False, by=lead, at=TUESDAY_NOON)
    assert fresh(contested).state == ReturnState.REJECTED

    with pytest.raises(NothingToSettle):
        contested.handoff.contest("Still", by=mia, at=TUESDAY_ONE)

    Handoff.send(contested.handoff.lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_ONE)
    assert fresh(contested).state == ReturnState.SENT_AGAIN
    assert fresh(contested).settlement == Settlement.CONTESTED, "what stopped the clock stays"


def test_a_manager_of_both_sides_decides_for_both(contested, max):
    returning.decide(contested.handoff, upheld=True, by=max, at=TUESDAY_NOON)

    assert fresh(contested).state == ReturnState.UPHELD
    assert contested.decisions.count() == 2


def test_a_contest_that_was_decided_is_told_to_who_comes_later(contested, max, sven):
    returning.decide(contested.handoff, upheld=True, by=max, at=TUESDAY_NOON)

    with pytest.raises(NothingToSettle, match="Max Smit put this back with sales"):
        returning.decide(contested.handoff, upheld=False, by=sven, at=TUESDAY_ONE)


def test_a_hand_off_that_came_back_can_be_returned_again(contested, max, sam):
    returning.decide(contested.handoff, upheld=True, by=max, at=TUESDAY_NOON)

    Handoff.objects.get().return_("DUPLICATE", by=sam, at=TUESDAY_ONE)

    assert [row.state for row in Return.objects.order_by("id")] == [ReturnState.UPHELD, ReturnState.OPEN]
    assert_invariants_hold(TUESDAY_ONE)


def test_what_is_returned_twice_at_once_is_returned_once(handoff, sam, sven):
    stale = Handoff.objects.select_related("lead").get(pk=handoff.pk)
    handoff.return_("DUPLICATE", by=sam, at=TUESDAY_ELEVEN)

    with pytest.raises(AlreadyAnswered):
        stale.return_("DUPLICATE", by=sven, at=TUESDAY_ELEVEN)

    assert Return.objects.count() == 1


# Not a fit and lost: after contact only


@pytest.mark.parametrize("accepted", [False, True])
def test_before_contact_a_lead_is_not_disqualified(handoff, sam, accepted):
    if accepted:
        handoff.accept(by=sam, at=TUESDAY_ELEVEN)
    lead = Lead.objects.get(pk=handoff.lead_id)

    with pytest.raises(NotContactedYet):
        closing.disqualify(lead, "Too small", by=sam, at=TUESDAY_NOON)

    assert Lead.objects.get(pk=lead.pk).stage == (Stage.ACCEPTED if accepted else Stage.SQL)
    assert Handoff.objects.get().is_open


def test_after_an_attempt_it_is(handoff, sam):
    handoff.log_contact("CALL", "NO_ANSWER", by=sam, at=TUESDAY_ELEVEN)

    closing.disqualify(Lead.objects.get(), "Unreachable", by=sam, at=TUESDAY_NOON)

    assert Handoff.objects.get().outcome == "DISQUALIFIED"


def test_marketing_still_discards_what_sales_never_had(mia, db):
    lead = LeadFactory(stage=Stage.MQL)

    closing.disqualify(lead, "A student", by=mia, at=TUESDAY_NOON)

    assert Lead.objects.get().stage == Stage.DISQUALIFIED


# On the pages


def page_of(returned, name="detail") -> str:
    return reverse(f"handoff:{name}", args=[returned.handoff_id])


def test_marketing_finds_it_on_top_of_its_pages(signed_in, returned, mia):
    browser = signed_in(mia)

    for address in ("/qualify/", "/handoffs/?tab=ours"):
        page = browser.get(address).content.decode()
        assert "Noor de Wit" in page
        assert "Outside the agreed definition" in page
    assert "Name the decider" in browser.get("/qualify/").content.decode()
    detail = browser.get(page_of(returned)).content.decode()
    assert "Fix and send again" in detail
    assert "Contest…" in detail


def test_the_clock_of_the_return_stands_beside_it(signed_in, promised, returned, mia):
    assert Clock.objects.filter(handoff=returned.handoff, measure="RETURN", state="RUNNING").exists()

    for address in ("/qualify/", "/handoffs/?tab=ours", page_of(returned)):
        assert "due-in" in signed_in(mia).get(address).content.decode()


def test_contesting_and_deciding_on_the_pages(signed_in, returned, mia, mara, sven):
    signed_in(mia).post(page_of(returned, "contest"), {"words": "He signs himself"})
    assert fresh(returned).state == ReturnState.CONTESTED

    signed_in(mara).post(page_of(returned, "decide"), {"decision": "upheld", "words": "See the form"})
    for person in (mia, sven):
        page = signed_in(person).get(page_of(returned)).content.decode()
        assert "He signs himself" in page
        assert "See the form" in page
        assert "has not decided yet" in page
    signed_in(sven).post(page_of(returned, "decide"), {"decision": "upheld"})

    assert fresh(returned).state == ReturnState.UPHELD
    late = signed_in(mara).post(page_of(returned, "decide"), {"decision": "rejected"})
    assert late.status_code == 409
    assert "put this back with sales" in late.content.decode()


def test_a_decision_is_chosen(signed_in, contested, sven):
    assert signed_in(sven).post(page_of(contested, "decide"), {"words": "Hm"}).status_code == 422


def test_both_cycles_name_each_other(signed_in, returned, mia, sam):
    again = Handoff.send(returned.handoff.lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_NOON)
    browser = signed_in(sam)

    assert f"/handoffs/{again.pk}/" in browser.get(page_of(returned)).content.decode()
    assert page_of(returned) in browser.get(f"/handoffs/{again.pk}/").content.decode()


def test_upheld_the_clocks_run_again_without_the_time_in_between(promised, contested, max):
    returning.decide(contested.handoff, upheld=True, by=max, at=TUESDAY_NOON)

    first_contact = Clock.objects.get(handoff=contested.handoff, measure="FIRST_CONTACT")
    assert first_contact.state == "RUNNING"
    # Sent at ten, returned at half past ten, back at noon: of four hours half an hour has gone.
    assert first_contact.due_at == TUESDAY_NOON.replace(hour=15, minute=30)
    assert_invariants_hold(TUESDAY_NOON)


def test_a_second_contest_of_the_same_hand_off_is_told_again(promised, mara, max, mia, sam, contested):
    returning.decide(contested.handoff, upheld=True, by=max, at=TUESDAY_NOON)
    again = fresh(contested).handoff
    again.return_("INCOMPLETE", "Who decides?", by=sam, at=TUESDAY_NOON)
    again.contest("It is in the brief", by=mia, at=TUESDAY_ONE)

    assert Notice.objects.filter(kind="CONTESTED", recipient=mara, channel="IN_APP").count() == 2
    assert Notice.objects.filter(kind="RETURNED", recipient=mia, channel="IN_APP").count() == 2


@pytest.fixture
def reminded(mara, sven, max):
    """`reminded(at)`: who of these three hears then that a contest still waits."""

    def people(at):
        before = set(Notice.objects.values_list("pk", flat=True))
        contests.remind(at=at)
        told = Notice.objects.filter(channel="IN_APP", recipient__in=[mara, sven, max]).exclude(pk__in=before)
        return {notice.recipient for notice in told}

    return people


def test_after_a_working_day_those_who_have_not_spoken_hear_of_it_again(
    promised, contested, mara, sven, max, reminded
):
    """Contested on Tuesday at eleven, from nine to five: a working day is over on Wednesday at eleven."""
    assert reminded(WEDNESDAY_ELEVEN - timedelta(minutes=1)) == set()
    assert reminded(WEDNESDAY_ELEVEN) == {mara, sven, max}
    assert reminded(WEDNESDAY_ELEVEN) == set(), "once a day"

    returning.decide(contested.handoff, upheld=True, by=sven, at=WEDNESDAY_ELEVEN)
    assert reminded(WEDNESDAY_ELEVEN + timedelta(days=1)) == {mara, max}, "sales has spoken"

    returning.decide(contested.handoff, upheld=False, by=mara, at=WEDNESDAY_ELEVEN + timedelta(days=1))
    assert reminded(WEDNESDAY_ELEVEN + timedelta(days=2)) == {mara, sven, max}, "they differ"

    returning.decide(contested.handoff, upheld=False, by=sven, at=WEDNESDAY_ELEVEN + timedelta(days=2))
    assert reminded(WEDNESDAY_ELEVEN + timedelta(days=5)) == set(), "it is decided"


def test_a_contest_of_friday_waits_for_no_weekend(promised, handoff, mia, sam, mara, sven, max, reminded):
    friday = TUESDAY_ELEVEN + timedelta(days=3)
    handoff.return_("DUPLICATE", by=sam, at=friday)
    handoff.contest("Another person", by=mia, at=friday)

    assert reminded(friday + timedelta(days=2)) == set()
    assert reminded(friday + timedelta(days=3)) == {mara, sven, max}


def test_a_second_return_is_a_duty_of_its_own_with_a_clock_of_its_own(promised, contested, max, mia, sam):
    """The clock of the first return was met by contesting it, and is frozen."""
    returning.decide(contested.handoff, upheld=True, by=max, at=TUESDAY_NOON)
    handoff = Handoff.objects.select_related("lead").get()

    handoff.return_("WRONG_ROUTE", by=sam, at=TUESDAY_ONE)

    first, second = Clock.objects.filter(measure="RETURN").order_by("round")
    assert (first.round, first.state, first.stopped_at) == (1, "STOPPED", TUESDAY_ELEVEN)
    assert (second.round, second.state, second.started_at, second.holder) == (2, "RUNNING", TUESDAY_ONE, mia)
    assert second.due_at == TUESDAY_ONE.replace(hour=17)
    assert_invariants_hold(TUESDAY_ONE)


def test_the_second_duty_is_settled_like_the_first(promised, contested, max, mia, sam):
    returning.decide(contested.handoff, upheld=True, by=max, at=TUESDAY_NOON)
    handoff = Handoff.objects.select_related("lead").get()
    handoff.return_("WRONG_ROUTE", by=sam, at=TUESDAY_ONE)

    handoff.contest("He is yours", by=mia, at=TUESDAY_ONE.replace(hour=14))

    stopped = Clock.objects.filter(measure="RETURN").order_by("round").values_list("stopped_at", flat=True)
    assert list(stopped) == [TUESDAY_ELEVEN, TUESDAY_ONE.replace(hour=14)]


def test_who_decides_is_told(promised, mara, sven, max, mia, contested):
    told = Notice.objects.filter(kind="CONTESTED", channel="IN_APP")
    assert {mara, sven, max} <= {notice.recipient for notice in told}

    returning.decide(contested.handoff, upheld=False, by=max, at=TUESDAY_NOON)
    assert Notice.objects.filter(kind="DECIDED", recipient=mia, channel="IN_APP").exists()
