"""The first contact is the earliest that occurred, in whatever order it is logged."""

from datetime import timedelta
from itertools import permutations

import pytest

from handoff.errors import AlreadyAnswered, NotAContactMoment
from handoff.models import ContactCounts, EventKind, Handoff, HandoffRules, State
from handoff.signals import contact_logged
from leads.models import Stage
from tests.conftest import TUESDAY_NOON
from tests.handoff.moments import (
    BRIEF,
    TUESDAY_ELEVEN,
    TUESDAY_HALF_PAST_TEN,
    TUESDAY_ONE,
    TUESDAY_TEN,
)


@pytest.fixture
def only_conversations_count(db):
    HandoffRules.objects.in_force(TUESDAY_TEN)
    HandoffRules.objects.update(contact_counts=ContactCounts.CONVERSATION)


def test_calling_an_accepted_lead_makes_the_first_contact(handoff, sam):
    handoff.accept(by=sam, at=TUESDAY_HALF_PAST_TEN)

    handoff.log_contact("CALL", "SPOKE", note="Wants a demo", by=sam, at=TUESDAY_ELEVEN)

    fresh = Handoff.objects.get(pk=handoff.pk)
    assert (fresh.state, fresh.first_contact_at, fresh.attempts) == (State.CONTACTED, TUESDAY_ELEVEN, 1)
    assert (fresh.lead.stage, fresh.lead.contacted_at) == (Stage.CONTACTED, TUESDAY_ELEVEN)


def test_a_contact_on_a_waiting_hand_off_accepts_it(pooled, sonia):
    pooled.log_contact("CALL", "SPOKE", occurred_at=TUESDAY_ELEVEN, by=sonia, at=TUESDAY_NOON)

    fresh = Handoff.objects.get(pk=pooled.pk)
    assert (fresh.receiver, fresh.accepted_at, fresh.first_contact_at) == (
        sonia,
        TUESDAY_ELEVEN,
        TUESDAY_ELEVEN,
    )
    assert fresh.lead.owner == sonia


@pytest.mark.parametrize("order", list(permutations([TUESDAY_HALF_PAST_TEN, TUESDAY_ELEVEN, TUESDAY_NOON])))
def test_the_earliest_wins_in_any_order(handoff, sam, order):
    for moment in order:
        handoff.log_contact("CALL", "NO_ANSWER", occurred_at=moment, by=sam, at=TUESDAY_ONE)

    fresh = Handoff.objects.get(pk=handoff.pk)
    assert (fresh.first_attempt_at, fresh.first_contact_at) == (TUESDAY_HALF_PAST_TEN,) * 2
    assert fresh.attempts == 3
    assert handoff.events.filter(kind=EventKind.CONTACTED).count() == 1


def test_attempts_and_conversations_are_kept_apart(handoff, sam):
    handoff.log_contact("CALL", "VOICEMAIL", by=sam, at=TUESDAY_ELEVEN)
    handoff.log_contact("CALL", "SPOKE", by=sam, at=TUESDAY_NOON)

    fresh = Handoff.objects.get(pk=handoff.pk)
    assert (fresh.first_attempt_at, fresh.first_conversation_at) == (TUESDAY_ELEVEN, TUESDAY_NOON)


def test_when_only_conversations_count_a_voicemail_is_no_first_contact(
    only_conversations_count, handoff, sam
):
    handoff.log_contact("CALL", "VOICEMAIL", by=sam, at=TUESDAY_ELEVEN)
    assert (handoff.state, handoff.first_contact_at) == (State.ACCEPTED, None)

    handoff.log_contact("CALL", "SPOKE", by=sam, at=TUESDAY_NOON)

    assert (handoff.state, handoff.first_contact_at) == (State.CONTACTED, TUESDAY_NOON)


def test_a_contact_in_the_future_is_refused(handoff, sam):
    with pytest.raises(NotAContactMoment, match="future"):
        handoff.log_contact(
            "CALL", "SPOKE", occurred_at=TUESDAY_NOON + timedelta(seconds=1), by=sam, at=TUESDAY_NOON
        )

    assert handoff.contact_attempts.count() == 0


def test_a_contact_before_the_hand_off_does_not_count(handoff, sam):
    with pytest.raises(NotAContactMoment, match="handed over"):
        handoff.log_contact(
            "CALL", "SPOKE", occurred_at=TUESDAY_TEN - timedelta(minutes=1), by=sam, at=TUESDAY_NOON
        )


def test_a_call_logged_late_counts_when_it_occurred(handoff, sam):
    handoff.accept(by=sam, at=TUESDAY_NOON)

    handoff.log_contact("CALL", "SPOKE", occurred_at=TUESDAY_ELEVEN, by=sam, at=TUESDAY_ONE)

    fresh = Handoff.objects.get(pk=handoff.pk)
    assert fresh.first_contact_at == TUESDAY_ELEVEN
    assert fresh.lead.contacted_at == fresh.lead.accepted_at == TUESDAY_NOON, "stages keep their order"


def test_a_returned_lead_is_not_called(handoff, sam):
    stale = Handoff.objects.get(pk=handoff.pk)
    handoff.return_("DUPLICATE", by=sam, at=TUESDAY_ELEVEN)

    with pytest.raises(AlreadyAnswered, match="returned this"):
        stale.log_contact("CALL", "SPOKE", by=sam, at=TUESDAY_NOON)

    assert stale.contact_attempts.count() == 0


def test_each_attempt_is_told(handoff, sam):
    told = []

    def listen(attempt, **_):
        told.append(attempt.occurred_at)

    contact_logged.connect(listen)
    handoff.log_contact("MAIL", "NO_ANSWER", by=sam, at=TUESDAY_NOON)
    handoff.log_contact("CALL", "SPOKE", occurred_at=TUESDAY_ELEVEN, by=sam, at=TUESDAY_NOON)
    contact_logged.disconnect(listen)

    assert told == [TUESDAY_NOON, TUESDAY_ELEVEN]


def test_a_second_hand_off_has_contacts_of_its_own(handoff, mia, sam):
    handoff.return_("DUPLICATE", by=sam, at=TUESDAY_ELEVEN)
    again = Handoff.send(handoff.lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_NOON)

    again.log_contact("CALL", "SPOKE", by=sam, at=TUESDAY_ONE)

    assert (again.first_contact_at, handoff.first_contact_at) == (TUESDAY_ONE, None)
