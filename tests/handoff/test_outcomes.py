"""A lead comes to an outcome: the opportunity and the hand-off keep step with it."""

from datetime import date
from decimal import Decimal

import pytest

from handoff.models import Handoff, Outcome, State
from handoff.signals import handoff_closed
from leads import closing, deals
from leads.models import Lead, Stage, TransitionNotAllowed
from tests.conftest import TUESDAY_NOON
from tests.handoff.moments import TUESDAY_ELEVEN, TUESDAY_ONE


@pytest.fixture
def called(handoff, sam) -> Lead:
    """Sam spoke to the lead at eleven."""
    handoff.log_contact("CALL", "SPOKE", by=sam, at=TUESDAY_ELEVEN)
    return Lead.objects.get(pk=handoff.lead_id)


def test_an_opportunity_has_an_amount(called, sam):
    opportunity = deals.open_opportunity(
        called, amount=Decimal("12500"), expected_on=date(2027, 1, 31), by=sam, at=TUESDAY_NOON
    )

    assert (opportunity.amount, opportunity.currency, opportunity.opened_at) == (12500, "EUR", TUESDAY_NOON)
    assert called.stage == Stage.OPPORTUNITY


def test_winning_closes_the_hand_off_as_won(called, handoff, sam):
    deals.open_opportunity(called, amount=Decimal("12500"), by=sam, at=TUESDAY_NOON)

    deals.win(called, amount=Decimal("11000"), by=sam, at=TUESDAY_ONE)

    fresh = Handoff.objects.get(pk=handoff.pk)
    assert (fresh.state, fresh.outcome, fresh.closed_at) == (State.CLOSED, Outcome.WON, TUESDAY_ONE)
    called.opportunity.refresh_from_db()
    assert (called.opportunity.amount, called.opportunity.won_at) == (11000, TUESDAY_ONE)


def test_winning_at_once_opens_the_opportunity(called, sam):
    deals.win(called, amount=Decimal("900"), by=sam, at=TUESDAY_NOON)

    assert (called.opportunity_at, called.customer_at) == (TUESDAY_NOON, TUESDAY_NOON)
    assert called.opportunity.amount == 900


def test_winning_without_an_amount_keeps_what_was_expected(called, sam):
    deals.open_opportunity(called, amount=Decimal("12500"), by=sam, at=TUESDAY_NOON)

    deals.win(called, by=sam, at=TUESDAY_ONE)

    called.opportunity.refresh_from_db()
    assert called.opportunity.amount == 12500


@pytest.mark.parametrize(
    ("end", "outcome"),
    [
        (deals.lose, Outcome.LOST),
        (closing.disqualify, Outcome.DISQUALIFIED),
        (closing.recycle, Outcome.RECYCLED),
    ],
)
def test_every_other_end_closes_the_hand_off_and_the_opportunity(called, handoff, sam, end, outcome):
    deals.open_opportunity(called, amount=Decimal("12500"), by=sam, at=TUESDAY_NOON)

    end(called, "Budget went\n elsewhere", by=sam, at=TUESDAY_ONE)

    assert Handoff.objects.get(pk=handoff.pk).outcome == outcome
    called.opportunity.refresh_from_db()
    assert called.opportunity.lost_at == TUESDAY_ONE
    assert called.stage_changes.latest("id").reason == "Budget went elsewhere"


@pytest.mark.parametrize("end", [deals.lose, closing.disqualify, closing.recycle])
def test_nothing_ends_without_a_reason(called, sam, end):
    with pytest.raises(closing.ReasonNeeded):
        end(called, " \n ", by=sam, at=TUESDAY_ONE)


def test_a_recycled_opportunity_can_be_opened_again(called, sam):
    deals.open_opportunity(called, amount=Decimal("12500"), by=sam, at=TUESDAY_NOON)
    closing.recycle(called, "Next year", by=sam, at=TUESDAY_ONE)
    Lead.objects.filter(pk=called.pk).update(stage=Stage.CONTACTED)

    again = deals.open_opportunity(
        Lead.objects.get(pk=called.pk), amount=Decimal("9000"), by=sam, at=TUESDAY_ONE
    )

    assert (again.amount, again.lost_at) == (9000, None)


def test_an_uncontacted_lead_is_not_won(handoff, sam):
    handoff.accept(by=sam, at=TUESDAY_ELEVEN)

    with pytest.raises(TransitionNotAllowed):
        deals.win(handoff.lead, amount=Decimal("1"), by=sam, at=TUESDAY_NOON)

    assert Lead.objects.get(pk=handoff.lead_id).stage == Stage.ACCEPTED


@pytest.mark.parametrize("verb", [deals.open_opportunity, deals.win])
def test_an_amount_below_nothing_is_refused(called, sam, verb):
    with pytest.raises(deals.NotAnAmount):
        verb(called, amount=Decimal("-1"), by=sam, at=TUESDAY_NOON)


def test_a_hand_off_closes_once_and_says_so_once(called, handoff, sam):
    told = []

    def listen(outcome, **_):
        told.append(outcome)

    handoff_closed.connect(listen)
    deals.lose(called, "Price", by=sam, at=TUESDAY_NOON)
    assert Handoff.objects.get(pk=handoff.pk).close(Outcome.LOST, by=sam, at=TUESDAY_ONE) is None
    handoff_closed.disconnect(listen)

    assert told == [Outcome.LOST]
