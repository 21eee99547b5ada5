"""Many at the same moment, on connections of their own: shares hold, each gets another from the pool, nothing is given twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from handoff import pool
from handoff import rules as agreed
from handoff.conversation import coffee
from handoff.errors import Conflict, HandoffRefused
from handoff.models import Coffee, Handoff, Invitation, PoolTurn, RoutingTally, TurnKind
from handoff.usual_brief import USUAL_BRIEF
from leads.models import Stage
from tests.assertions import assert_invariants_hold
from tests.conftest import TUESDAY_NOON
from tests.factories import FIRST_OF_NOVEMBER, MONDAY_MORNING, LeadFactory, UserFactory
from tests.handoff.moments import BRIEF, TUESDAY_TEN

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(things, act, *, threads=None):
    """The result of each, or the refusal that it was told."""
    threads = threads or len(things)
    barrier = Barrier(threads)
    started = iter(range(threads))

    def one(thing):
        try:
            if next(started, None) is not None:
                barrier.wait()
            return act(thing)
        except HandoffRefused as told:
            return told
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as executor:
        return list(executor.map(one, things))


def leads(number):
    return [LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING) for _ in range(number)]


def in_pool(number, mia):
    for lead in leads(number):
        Handoff.send(lead, brief=BRIEF, to="pool", by=mia, at=TUESDAY_TEN)


def test_shares_hold_when_sixty_hand_offs_come_at_once(mia, sam, sonia, sven):
    shares = {sam: 50, sonia: 30, sven: 20}
    agreed.install(
        agreement_version=1,
        brief_items=USUAL_BRIEF,
        hot_rule=None,
        routing_shares={str(person.pk): share for person, share in shares.items()},
        at=FIRST_OF_NOVEMBER,
    )

    all_at_once(
        leads(60),
        lambda lead: Handoff.send(lead, brief=BRIEF, to="route", by=mia, at=TUESDAY_NOON),
        threads=8,
    )

    got = [handoff.receiver for handoff in Handoff.objects.select_related("receiver")]
    assert {person: got.count(person) for person in shares} == {sam: 30, sonia: 18, sven: 12}
    assert {tally.receiver: tally.received for tally in RoutingTally.objects.all()} == {
        sam: 30,
        sonia: 18,
        sven: 12,
    }
    assert_invariants_hold(TUESDAY_NOON)


def test_capacity_holds_when_more_come_at_once_than_fit(mia, sam, sonia):
    agreed.install(
        agreement_version=1,
        brief_items=USUAL_BRIEF,
        hot_rule=None,
        capacity_per_month=10,
        overflow="POOL",
        at=FIRST_OF_NOVEMBER,
    )

    all_at_once(
        leads(24),
        lambda lead: Handoff.send(lead, brief=BRIEF, to="route", by=mia, at=TUESDAY_NOON),
        threads=8,
    )

    got = list(Handoff.objects.values_list("receiver", flat=True))
    assert (got.count(sam.pk), got.count(sonia.pk), got.count(None)) == (5, 5, 14)


def test_forty_who_ask_for_the_next_get_forty_others(mia, sales):
    crowd = [UserFactory(team=sales) for _ in range(40)]
    in_pool(45, mia)

    got = all_at_once(crowd, lambda person: pool.pull(by=person, at=TUESDAY_NOON))

    assert len({handoff.pk for handoff in got}) == 40
    assert PoolTurn.objects.filter(kind=TurnKind.OFFERED).count() == 40
    assert_invariants_hold(TUESDAY_NOON)


def test_with_two_left_two_of_forty_get_one(mia, sales):
    crowd = [UserFactory(team=sales) for _ in range(40)]
    in_pool(2, mia)

    got = all_at_once(crowd, lambda person: pool.pull(by=person, at=TUESDAY_NOON))

    assert len([handoff for handoff in got if handoff]) == 2
    assert len({handoff.pk for handoff in got if handoff}) == 2


def test_two_hundred_requests_claim_each_hand_off_once(mia, sales):
    """Twenty colleagues in forty threads take the next again and again, and at the same time claim from the list."""
    crowd = [UserFactory(team=sales) for _ in range(20)]
    in_pool(30, mia)
    ids = list(Handoff.objects.order_by("pk").values_list("pk", flat=True))

    def act(number):
        person = crowd[number % 20]
        if number % 2:
            found = Handoff.objects.get(pk=ids[number % len(ids)])
        else:
            found = pool.pull(by=person, at=TUESDAY_NOON)
        return found.claim(by=person, at=TUESDAY_NOON) if found else None

    results = all_at_once(range(200), act, threads=40)

    claims = [result for result in results if result and not isinstance(result, Conflict)]
    assert len(claims) == len({claim.handoff_id for claim in claims}) == 30
    assert not Handoff.objects.in_pool().exists()
    assert PoolTurn.objects.filter(kind=TurnKind.CLAIMED).count() == 30
    assert_invariants_hold(TUESDAY_NOON)


def test_one_person_who_clicks_eight_times_looks_at_one(mia, sam):
    in_pool(9, mia)

    got = all_at_once(range(8), lambda _: pool.pull(by=sam, at=TUESDAY_NOON))

    assert len({handoff.pk for handoff in got}) == 1
    assert Handoff.objects.filter(reserved_by=sam).count() == 1


def test_of_agreeing_and_cancelling_at_once_one_happens(mia, sam, sales):
    [lead] = leads(1)
    handoff = Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_TEN)
    tomorrow = TUESDAY_NOON.replace(day=25)
    found = coffee.propose(handoff, [tomorrow], by=mia, at=TUESDAY_TEN)

    def act(number):
        mine = Coffee.objects.select_related("proposer", "invitee", "handoff").get(pk=found.pk)
        if number % 2:
            return coffee.agree(mine, tomorrow, by=sam, at=TUESDAY_NOON)
        return coffee.cancel(mine, by=mia, at=TUESDAY_NOON) if mine.is_proposed else None

    all_at_once(range(6), act)

    state = Coffee.objects.get().state
    assert Invitation.objects.count() == (2 if state == "ACCEPTED" else 0)
