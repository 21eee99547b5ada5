"""Sales answers: accepts, returns with a reason, or asks once."""

import pytest

from handoff import signals
from handoff.errors import (
    AlreadyAnswered,
    AlreadyAsked,
    CannotReceive,
    NoteNeeded,
    NothingAsked,
    WordsNeeded,
)
from handoff.models import EventKind, Handoff, Outcome, State
from leads.models import Lead, Stage
from tests.conftest import TUESDAY_NOON
from tests.handoff.moments import TUESDAY_ELEVEN, TUESDAY_HALF_PAST_TEN, TUESDAY_ONE


def as_the_database_has_it(handoff) -> Handoff:
    return Handoff.objects.select_related("lead").get(pk=handoff.pk)


def test_accepting_moves_the_lead_to_sales(handoff, sam):
    handoff.accept(by=sam, at=TUESDAY_NOON)

    lead = Lead.objects.get(pk=handoff.lead_id)
    assert (lead.stage, lead.owner, lead.accepted_at) == (Stage.ACCEPTED, sam, TUESDAY_NOON)
    assert as_the_database_has_it(handoff).accepted_at == TUESDAY_NOON


def test_the_second_answer_is_told_of_the_first(handoff, sam, sven):
    stale = as_the_database_has_it(handoff)
    handoff.accept(by=sam, at=TUESDAY_NOON)

    with pytest.raises(AlreadyAnswered, match="Sam Smit accepted this") as told:
        stale.accept(by=sven, at=TUESDAY_ONE)

    assert (told.value.who, told.value.when) == (sam, TUESDAY_NOON)


def test_a_team_lead_accepts_for_the_receiver(handoff, sam, sven):
    handoff.accept(by=sven, at=TUESDAY_NOON)

    assert (handoff.receiver, handoff.lead.owner) == (sam, sam)
    assert handoff.events.get(kind=EventKind.ACCEPTED).actor == sven


def test_accepting_from_the_pool_claims_it(pooled, sonia):
    pooled.accept(by=sonia, at=TUESDAY_NOON)

    fresh = as_the_database_has_it(pooled)
    assert (fresh.receiver, fresh.received_at, fresh.lead.owner) == (sonia, TUESDAY_NOON, sonia)


def test_returning_gives_the_lead_back_with_the_reason(handoff, sam):
    handoff.return_("OUTSIDE_DEFINITION", "They have 4 trucks", by=sam, at=TUESDAY_NOON)

    fresh = as_the_database_has_it(handoff)
    assert (fresh.state, fresh.outcome, fresh.return_note) == (
        State.RETURNED,
        Outcome.RETURNED,
        "They have 4 trucks",
    )
    assert (fresh.lead.stage, fresh.lead.owner) == (Stage.SQL, None)


def test_an_accepted_lead_can_be_returned_before_contact(handoff, sam):
    handoff.accept(by=sam, at=TUESDAY_ELEVEN)

    handoff.return_("DUPLICATE", by=sam, at=TUESDAY_NOON)

    fresh = as_the_database_has_it(handoff)
    assert (fresh.lead.stage, fresh.lead.owner, fresh.lead.accepted_at) == (Stage.SQL, None, TUESDAY_ELEVEN)


def test_after_contact_nothing_is_returned(handoff, sam):
    handoff.log_contact("CALL", "SPOKE", by=sam, at=TUESDAY_ELEVEN)

    with pytest.raises(AlreadyAnswered, match="first contact"):
        handoff.return_("DUPLICATE", by=sam, at=TUESDAY_NOON)


@pytest.mark.parametrize("reason", ["OTHER", "OUTSIDE_DEFINITION"])
def test_some_reasons_need_a_sentence(handoff, sam, reason):
    with pytest.raises(NoteNeeded):
        handoff.return_(reason, "  ", by=sam, at=TUESDAY_NOON)

    assert as_the_database_has_it(handoff).state == State.SENT


def test_a_question_passes_the_ball_to_marketing_and_back(handoff, sam, mia):
    handoff.ask("Who signs?", by=sam, at=TUESDAY_ELEVEN)
    assert as_the_database_has_it(handoff).waits_for_marketing

    handoff.reply("The board does.", by=mia, at=TUESDAY_NOON)

    fresh = as_the_database_has_it(handoff)
    assert (fresh.state, fresh.reply_text, fresh.replied_at) == (State.SENT, "The board does.", TUESDAY_NOON)
    assert list(fresh.events.order_by("id").values_list("kind", flat=True)) == ["SENT", "ASKED", "REPLIED"]


def test_there_is_one_round_of_questions(handoff, sam, mia):
    handoff.ask("Who signs?", by=sam, at=TUESDAY_ELEVEN)
    handoff.reply("The board does.", by=mia, at=TUESDAY_NOON)

    with pytest.raises(AlreadyAsked):
        handoff.ask("Which board?", by=sam, at=TUESDAY_ONE)


def test_two_questions_at_once_are_one(handoff, sam, sven):
    stale = as_the_database_has_it(handoff)
    handoff.ask("Who signs?", by=sam, at=TUESDAY_ELEVEN)

    with pytest.raises(AlreadyAnswered, match="asked for information"):
        stale.ask("Who pays?", by=sven, at=TUESDAY_NOON)


def test_only_an_open_question_is_answered(handoff, mia):
    with pytest.raises(NothingAsked):
        handoff.reply("The board does.", by=mia, at=TUESDAY_NOON)


def test_a_question_and_its_answer_have_words(handoff, sam, mia):
    with pytest.raises(WordsNeeded):
        handoff.ask(" ", by=sam, at=TUESDAY_ELEVEN)

    handoff.ask("Who signs?", by=sam, at=TUESDAY_ELEVEN)
    with pytest.raises(WordsNeeded):
        handoff.reply(" ", by=mia, at=TUESDAY_NOON)


def test_accepting_without_the_answer_lets_the_clock_of_sales_run_again(handoff, sam):
    told = []

    def listen(signal, **_):
        told.append(signal)

    handoff.ask("Who signs?", by=sam, at=TUESDAY_ELEVEN)
    signals.information_given.connect(listen)
    signals.handoff_accepted.connect(listen)
    handoff.accept(by=sam, at=TUESDAY_NOON)
    signals.information_given.disconnect(listen)
    signals.handoff_accepted.disconnect(listen)

    assert told == [signals.information_given, signals.handoff_accepted]


def test_a_waiting_hand_off_goes_to_a_colleague(handoff, sonia, sven):
    handoff.reassign(sonia, by=sven, at=TUESDAY_ELEVEN)

    fresh = as_the_database_has_it(handoff)
    assert (fresh.receiver, fresh.received_at, fresh.lead.owner) == (sonia, TUESDAY_ELEVEN, None)


def test_an_accepted_lead_goes_along_to_the_colleague(handoff, sam, sonia, sven):
    handoff.accept(by=sam, at=TUESDAY_ELEVEN)

    handoff.reassign(sonia, by=sven, at=TUESDAY_NOON)

    assert as_the_database_has_it(handoff).lead.owner == sonia


def test_the_former_receiver_is_told_who_has_it_now(handoff, sam, sonia, sven):
    stale = as_the_database_has_it(handoff)
    handoff.reassign(sonia, by=sven, at=TUESDAY_ELEVEN)

    with pytest.raises(AlreadyAnswered, match="Sven Smit reassigned this"):
        stale.accept(by=sam, at=TUESDAY_NOON)


def test_nothing_is_reassigned_to_marketing(handoff, mia, sven):
    with pytest.raises(CannotReceive):
        handoff.reassign(mia, by=sven, at=TUESDAY_ELEVEN)


def test_opening_the_call_sheet_counts_once(handoff, sam):
    handoff.open_call_sheet(by=sam, at=TUESDAY_HALF_PAST_TEN)
    handoff.open_call_sheet(by=sam, at=TUESDAY_NOON)

    assert as_the_database_has_it(handoff).prepared_at == TUESDAY_HALF_PAST_TEN
    assert handoff.events.filter(kind=EventKind.PREPARED).count() == 1


def test_only_the_receiver_prepares_and_only_before_the_first_contact(handoff, sam, sonia):
    assert handoff.open_call_sheet(by=sonia, at=TUESDAY_HALF_PAST_TEN) is None
    handoff.log_contact("CALL", "NO_ANSWER", by=sam, at=TUESDAY_ELEVEN)

    assert handoff.open_call_sheet(by=sam, at=TUESDAY_NOON) is None
