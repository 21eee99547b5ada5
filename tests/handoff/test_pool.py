"""The pool: the next one for a few minutes, letting it pass with a reason, and who picks what."""

from datetime import timedelta

import pytest

from handoff import pool
from handoff.errors import AlreadyClaimed, NotReserved, Reserved, WordsNeeded
from handoff.models import Handoff, PoolTurn, SkipReason, TurnKind
from handoff.pool import picking
from leads.models import Stage
from tests.conftest import TUESDAY_NOON
from tests.factories import MONDAY_MORNING, LeadFactory, TeamFactory, UserFactory
from tests.handoff.moments import BRIEF, TUESDAY_TEN

A_MINUTE = timedelta(minutes=1)
LATER = TUESDAY_NOON + pool.RESERVED_FOR


@pytest.fixture
def in_pool(mia, sales):
    """`in_pool(3)` hand-offs that wait, the first one the longest."""

    def fill(number=1, *, team=sales, hot=False, at=TUESDAY_TEN):
        handoffs = []
        for minute in range(number):
            lead = LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING)
            handoff = Handoff.send(lead, brief=BRIEF, to="pool", team=team, by=mia, at=at + minute * A_MINUTE)
            Handoff.objects.filter(pk=handoff.pk).update(hot=hot)
            handoffs.append(handoff)
        return handoffs

    return fill


def test_the_longest_waiting_is_the_next(in_pool, sam):
    first, _ = in_pool(2)

    assert pool.pull(by=sam, at=TUESDAY_NOON) == first


def test_a_hot_one_goes_before_all(in_pool, sam):
    in_pool(2)
    [hot] = in_pool(hot=True, at=TUESDAY_TEN + 9 * A_MINUTE)

    assert pool.pull(by=sam, at=TUESDAY_NOON) == hot


def test_each_gets_another(in_pool, sam, sonia):
    first, second = in_pool(2)

    assert [pool.pull(by=person, at=TUESDAY_NOON) for person in (sam, sonia)] == [first, second]


def test_asking_twice_gives_the_same(in_pool, sam):
    first, _ = in_pool(2)

    assert [pool.pull(by=sam, at=TUESDAY_NOON + minute * A_MINUTE) for minute in range(3)] == [first] * 3
    assert PoolTurn.objects.filter(kind=TurnKind.OFFERED).count() == 1


def test_it_runs_out_by_itself(in_pool, sam, sonia):
    [only] = in_pool()
    pool.pull(by=sam, at=TUESDAY_NOON)

    assert pool.pull(by=sonia, at=LATER - A_MINUTE) is None
    assert pool.reserved_for(sam, at=LATER) is None
    assert pool.pull(by=sonia, at=LATER) == only


def test_an_empty_pool_gives_nothing(sam):
    assert pool.pull(by=sam, at=TUESDAY_NOON) is None


def test_a_team_has_a_pool_of_its_own(in_pool, sam):
    other = TeamFactory(name="Sales France")
    in_pool(team=other)

    assert pool.pull(by=sam, at=TUESDAY_NOON) is None
    assert pool.pull(by=UserFactory(team=other), at=TUESDAY_NOON) is not None


def test_what_waits_for_marketing_is_not_offered(in_pool, sam, sonia):
    [only] = in_pool()
    only.ask("Who signs?", by=sonia, at=TUESDAY_NOON)

    assert pool.pull(by=sam, at=TUESDAY_NOON) is None


def test_letting_it_pass_needs_a_reason_and_gives_the_next(in_pool, sam, sonia):
    first, second = in_pool(2)
    pool.pull(by=sam, at=TUESDAY_NOON)

    turn = pool.skip(first, "LANGUAGE", by=sam, at=TUESDAY_NOON)

    assert (turn.kind, turn.reason, turn.person) == (TurnKind.SKIPPED, SkipReason.LANGUAGE, sam)
    assert pool.pull(by=sam, at=TUESDAY_NOON) == second
    assert pool.pull(by=sonia, at=TUESDAY_NOON) == first


def test_other_needs_a_sentence(in_pool, sam):
    [only] = in_pool()
    pool.pull(by=sam, at=TUESDAY_NOON)

    with pytest.raises(WordsNeeded):
        pool.skip(only, "OTHER", "  ", by=sam, at=TUESDAY_NOON)

    assert pool.reserved_for(sam, at=TUESDAY_NOON) == only


def test_only_what_was_offered_can_be_let_pass(in_pool, sam, sonia):
    [only] = in_pool()
    pool.pull(by=sam, at=TUESDAY_NOON)

    for person, at in ((sonia, TUESDAY_NOON), (sam, LATER)):
        with pytest.raises(NotReserved):
            pool.skip(only, "REGION", by=person, at=at)


def test_what_a_colleague_looks_at_cannot_be_claimed(in_pool, sam, sonia):
    [only] = in_pool()
    pool.pull(by=sam, at=TUESDAY_NOON)

    for verb in (only.claim, only.accept):
        with pytest.raises(Reserved, match="Sam Smit looks at this until 12:05") as told:
            verb(by=sonia, at=TUESDAY_NOON)
        assert told.value.who == sam
    assert Handoff.objects.get(pk=only.pk).is_in_pool


def test_claiming_ends_the_reservation(in_pool, sam):
    [only] = in_pool()
    pool.pull(by=sam, at=TUESDAY_NOON).claim(by=sam, at=TUESDAY_NOON)

    fresh = Handoff.objects.get(pk=only.pk)
    assert (fresh.receiver, fresh.reserved_by, fresh.reserved_until) == (sam, None, None)


def test_after_it_ran_out_anybody_claims_it(in_pool, sam, sonia):
    [only] = in_pool()
    pool.pull(by=sam, at=TUESDAY_NOON)

    only.claim(by=sonia, at=LATER)

    with pytest.raises(AlreadyClaimed):
        only.claim(by=sam, at=LATER)


@pytest.mark.parametrize("verb", ["claim", "accept"])
def test_who_takes_the_next_takes_it_in_turn(in_pool, sam, verb):
    in_pool(2)

    getattr(pool.pull(by=sam, at=TUESDAY_NOON), verb)(by=sam, at=TUESDAY_NOON)

    assert PoolTurn.objects.get(kind=TurnKind.CLAIMED).in_turn is True


@pytest.mark.parametrize("verb", ["claim", "accept"])
def test_who_takes_another_picks(in_pool, sam, verb):
    _, second = in_pool(2)

    getattr(second, verb)(by=sam, at=TUESDAY_NOON)

    assert PoolTurn.objects.get(kind=TurnKind.CLAIMED).in_turn is False


def test_taking_the_first_from_the_list_is_in_turn_too(in_pool, sam, sonia):
    """What a colleague looks at does not stand before it."""
    _, second = in_pool(2)
    pool.pull(by=sonia, at=TUESDAY_NOON)

    second.claim(by=sam, at=TUESDAY_NOON)

    assert PoolTurn.objects.get(kind=TurnKind.CLAIMED).in_turn is True


def test_what_never_was_in_the_pool_is_no_claim(handoff, sam):
    handoff.accept(by=sam, at=TUESDAY_NOON)

    assert not PoolTurn.objects.exists()


def test_the_cherry_pick_index_counts_claims(in_pool, sam, sonia):
    first, second, third, fourth = in_pool(4)
    second.claim(by=sam, at=TUESDAY_NOON)
    first.claim(by=sam, at=TUESDAY_NOON)
    pool.pull(by=sonia, at=TUESDAY_NOON)
    pool.skip(third, "NO_TIME", by=sonia, at=TUESDAY_NOON)
    pool.pull(by=sonia, at=TUESDAY_NOON).claim(by=sonia, at=TUESDAY_NOON)

    found = {row.person: row for row in picking.of_everybody(at=TUESDAY_NOON)}

    assert (found[sam].claims, found[sam].picked, found[sam].index) == (2, 1, 50)
    assert (found[sonia].claims, found[sonia].picked, found[sonia].index) == (1, 0, 0)
    assert (found[sonia].skips, found[sonia].offered) == (1, 2)
    assert found[sam].is_few
    assert Handoff.objects.get(pk=fourth.pk).receiver == sonia


def test_picks_of_long_ago_do_not_count(in_pool, sam):
    _, second = in_pool(2)
    second.claim(by=sam, at=TUESDAY_NOON)

    assert picking.of_everybody(at=TUESDAY_NOON + picking.PERIOD) == []


def test_counting_picks_asks_no_more_for_more_people(in_pool, sales, django_assert_num_queries):
    for number in (2, 5):
        for handoff in in_pool(number):
            handoff.claim(by=UserFactory(team=sales), at=TUESDAY_NOON)

        with django_assert_num_queries(2):
            picking.of_everybody(at=TUESDAY_NOON)
