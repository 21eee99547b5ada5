"""Marketing delivers a lead: complete brief, sales-ready, once."""

import pytest

from handoff.errors import AlreadyHandedOver, BriefIncomplete, CannotReceive, LeadNotSalesReady
from handoff.models import EventKind, Handoff, HandoffRules, State
from handoff.rules import install
from handoff.signals import handoff_sent
from leads.append_only import FactsDoNotChange
from leads.models import Qualification, Stage
from tests.conftest import TUESDAY_NOON
from tests.factories import LeadFactory
from tests.handoff.moments import BRIEF, TUESDAY_ELEVEN, TUESDAY_ONE, TUESDAY_TEN


def test_sending_says_who_gave_what_to_whom(handoff, mia, sam):
    sent = handoff.events.get()

    assert (sent.kind, sent.actor, sent.receiver) == (EventKind.SENT, mia, sam)
    assert (handoff.state, handoff.receiver, handoff.received_at) == (State.SENT, sam, TUESDAY_TEN)
    assert [item.text for item in handoff.brief_items.order_by("position")[:2]] == list(BRIEF.values())


def test_a_lead_waits_in_the_pool_without_a_receiver(pooled):
    assert pooled.is_in_pool
    assert list(Handoff.objects.in_pool()) == [pooled]


def test_missing_items_of_the_brief_are_named(lead, mia, sam):
    with pytest.raises(BriefIncomplete) as refused:
        Handoff.send(lead, brief={"wants": "  "}, to=sam, by=mia, at=TUESDAY_TEN)

    assert refused.value.missing == ["why_now", "wants"]
    assert refused.value.errors["wants"] == "What they want is missing."
    assert not Handoff.objects.exists()


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"decider": "x" * 301}, "At most 300 characters."),
        ({"shoe_size": "43"}, "The agreement does not know this item."),
    ],
)
def test_a_brief_with_what_the_agreement_does_not_allow_is_refused(lead, mia, sam, extra, words):
    with pytest.raises(BriefIncomplete) as refused:
        Handoff.send(lead, brief=BRIEF | extra, to=sam, by=mia, at=TUESDAY_TEN)

    assert list(refused.value.errors.values()) == [words]


def test_only_a_sales_ready_lead_is_handed_over(mia, sam):
    lead = LeadFactory(stage=Stage.MQL)

    with pytest.raises(LeadNotSalesReady):
        Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_TEN)


def test_a_lead_is_handed_over_once(handoff, mara, sonia):
    with pytest.raises(AlreadyHandedOver) as told:
        Handoff.send(handoff.lead, brief=BRIEF, to=sonia, by=mara, at=TUESDAY_NOON)

    assert told.value.who.first_name == "Mia"
    assert told.value.when == TUESDAY_TEN


def test_after_a_return_it_can_be_handed_over_again(handoff, mia, sam, sonia):
    handoff.return_("WRONG_ROUTE", by=sam, at=TUESDAY_ELEVEN)

    again = Handoff.send(handoff.lead, brief=BRIEF, to=sonia, by=mia, at=TUESDAY_NOON)

    assert (again.cycle, again.receiver) == (2, sonia)


def test_marketing_does_not_receive_hand_offs(lead, mia, mara):
    with pytest.raises(CannotReceive):
        Handoff.send(lead, brief=BRIEF, to=mara, by=mia, at=TUESDAY_TEN)


def test_without_a_sales_team_nobody_can_receive(lead, mia):
    with pytest.raises(CannotReceive, match="no sales team"):
        Handoff.send(lead, brief=BRIEF, to="pool", by=mia, at=TUESDAY_TEN)


def test_the_verdict_goes_along(lead, mia, sam):
    verdict = Qualification.objects.create(
        lead=lead, sales_ready=True, points=30, points_needed=20, verdict=[], marked_at=TUESDAY_TEN
    )

    assert Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_TEN).qualification == verdict


def test_new_rules_do_not_change_what_was_sent(handoff, lead, mia, sam):
    before = handoff.rules
    install(
        agreement_version=1,
        brief_items=[{"key": "budget", "label": "Budget", "required": True}],
        hot_rule=None,
        at=TUESDAY_ELEVEN,
    )
    handoff.return_("WRONG_ROUTE", by=sam, at=TUESDAY_NOON)

    again = Handoff.send(lead, brief={"budget": "€ 40,000"}, to=sam, by=mia, at=TUESDAY_ONE)

    assert Handoff.objects.get(pk=handoff.pk).rules == before
    assert again.rules.agreement_version == 1
    assert again.brief_items.get().label == "Budget"


def test_installing_twice_leaves_one_version(db):
    for _ in range(2):
        install(agreement_version=1, brief_items=[], hot_rule=None, at=TUESDAY_TEN)

    assert HandoffRules.objects.in_force(TUESDAY_NOON).agreement_version == 1
    assert HandoffRules.objects.count() == 1


def test_rules_count_from_their_date(db):
    install(agreement_version=1, brief_items=[], hot_rule=None, at=TUESDAY_NOON)

    assert HandoffRules.objects.in_force(TUESDAY_TEN).agreement_version is None


def test_a_brief_is_never_rewritten(handoff):
    item = handoff.brief_items.first()
    item.text = "Something else"

    with pytest.raises(FactsDoNotChange):
        item.save()


def test_what_follows_is_told_once_inside_the_transaction(lead, mia, sam):
    told = []

    def listen(handoff, at, **_):
        told.append((handoff.lead, at))

    handoff_sent.connect(listen)
    Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_TEN)
    handoff_sent.disconnect(listen)

    assert told == [(lead, TUESDAY_TEN)]


def test_a_hand_off_whose_clocks_fail_is_not_sent(lead, mia, sam):
    def break_down(**_):
        raise RuntimeError("no calendar")

    handoff_sent.connect(break_down)
    with pytest.raises(RuntimeError):
        Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_TEN)
    handoff_sent.disconnect(break_down)

    assert not Handoff.objects.exists()
