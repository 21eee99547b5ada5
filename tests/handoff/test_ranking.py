"""Who goes first, as a pure function: whatever the colleagues look like, these things hold."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.routing.deciding import Match, Why, decide
from handoff.routing.ranking import ONE, Candidate, Out, credits_after, rank

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
THURSDAY, FRIDAY = date(2026, 11, 26), date(2026, 11, 27)


def sam(**known):
    return Candidate(id=1, name="Sam", team_id=1, **known)


def sonia(**known):
    return Candidate(id=2, name="Sonia", team_id=1, **known)


@st.composite
def colleagues(draw):
    ids = draw(st.lists(st.integers(1, 50), min_size=1, max_size=6, unique=True))
    return [
        Candidate(
            id=number,
            team_id=1,
            is_absent=draw(st.booleans()),
            starts_on=draw(st.sampled_from([None, THURSDAY, FRIDAY])),
            open_handoffs=draw(st.integers(0, 9)),
            received_today=draw(st.integers(0, 5)),
            received_this_month=draw(st.integers(0, 9)),
            capacity=draw(st.none() | st.integers(0, 9)),
            share=draw(st.integers(0, 60)),
            credit=draw(st.integers(-2 * ONE, 2 * ONE)),
            last_received_at=draw(st.none() | st.integers(0, 90).map(lambda n: NOON - timedelta(minutes=n))),
        )
        for number in ids
    ]


@given(colleagues(), st.booleans())
def test_nobody_over_capacity_receives_while_another_is_free(people, anyway):
    first = rank(people, anyway=anyway).first

    free = [person for person in people if not person.is_absent and not person.is_at_capacity]
    assert first is None or not first.is_at_capacity or (anyway and not free)
    assert first is not None or not free


@given(colleagues(), st.booleans(), st.integers(-9, 9), st.integers(0, 60))
def test_an_absent_colleague_changes_nothing(people, anyway, credit, share):
    absent = Candidate(id=99, team_id=1, is_absent=True, credit=credit * ONE, share=share)

    assert rank([*people, absent], anyway=anyway).order == rank(people, anyway=anyway).order


@given(colleagues(), st.randoms(use_true_random=False))
def test_the_order_in_which_they_are_read_does_not_matter(people, dice):
    shuffled = list(people)
    dice.shuffle(shuffled)

    assert rank(shuffled) == rank(people)


@given(colleagues(), st.booleans())
def test_everybody_competes_or_is_told_why_not(people, anyway):
    found = rank(people, anyway=anyway)

    assert {person.id for person in found.order} | set(found.out) == {person.id for person in people}
    assert not {person.id for person in found.order} & set(found.out)


@given(
    st.lists(st.integers(1, 60), min_size=2, max_size=6),
    st.integers(1, 120),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60)
def test_shares_converge_whatever_the_loads(shares, rounds, dice):
    """After n hand-offs nobody is a whole round of colleagues away from his share."""
    people = [Candidate(id=number, share=share) for number, share in enumerate(shares, start=1)]
    got = dict.fromkeys((person.id for person in people), 0)
    for _ in range(rounds):
        people = [replace(person, open_handoffs=dice.randint(0, 9)) for person in people]
        chosen = rank(people).first.id
        got[chosen] += 1
        after = credits_after(people, chosen)
        people = [replace(person, credit=after[person.id]) for person in people]

    for person in people:
        due = rounds * person.share / sum(shares)
        assert abs(got[person.id] - due) < len(people)


@given(st.lists(st.integers(1, 100), min_size=1, max_size=8), st.data())
def test_no_credit_is_made_or_lost(shares, data):
    credits = data.draw(st.lists(st.integers(-3 * ONE, 3 * ONE), min_size=len(shares), max_size=len(shares)))
    people = [
        Candidate(id=number, share=share, credit=credit)
        for number, (share, credit) in enumerate(zip(shares, credits, strict=True))
    ]
    chosen = data.draw(st.sampled_from(people)).id

    assert sum(credits_after(people, chosen).values()) == sum(credits)


def test_who_was_away_is_owed_nothing():
    """Three days without Sonia: Sam gets all, and when she is back they go on as agreed."""
    pair = [sam(share=50), replace(sonia(share=50), is_absent=True)]
    for _ in range(30):
        chosen = rank(pair).first.id
        after = credits_after(rank(pair).order, chosen)
        pair = [replace(person, credit=after.get(person.id, person.credit)) for person in pair]
    back = [pair[0], replace(pair[1], is_absent=False)]

    got = []
    for _ in range(10):
        chosen = rank(back).first.id
        got.append(chosen)
        after = credits_after(back, chosen)
        back = [replace(person, credit=after[person.id]) for person in back]

    assert got.count(2) == 5


def test_an_empty_desk_after_leave_is_not_flooded():
    """Without shares the fewest open go first, but nobody gets more than two ahead in a day."""
    desks, today, got = {1: 20, 2: 0}, {1: 0, 2: 0}, []
    for _ in range(12):
        pair = [Candidate(id=who, open_handoffs=desks[who], received_today=today[who]) for who in (1, 2)]
        chosen = rank(pair).first.id
        got.append(chosen)
        desks[chosen] += 1
        today[chosen] += 1

    assert got.count(2) - got.count(1) == 2


def test_who_is_at_work_goes_before_who_starts_tomorrow():
    found = rank([sam(starts_on=THURSDAY), sonia(open_handoffs=9)])

    assert (found.first.name, found.out) == ("Sonia", {1: Out.NOT_AT_WORK})


def test_when_nobody_is_at_work_the_earliest_day_competes():
    found = rank([sam(starts_on=FRIDAY), sonia(starts_on=THURSDAY)])

    assert found.first.name == "Sonia"


def test_who_has_no_share_waits_behind_those_who_have():
    found = rank([sam(), sonia(share=10, open_handoffs=9)])

    assert (found.first.name, found.out) == ("Sonia", {1: Out.NO_SHARE})


# From everybody to one


def test_the_earlier_rep_goes_before_everybody():
    decision = decide([sam(open_handoffs=9), sonia()], team=1, earlier_rep=1)

    assert (decision.chosen.name, decision.why) == ("Sam", Why.KNOWS_COMPANY)


def test_the_earlier_rep_waits_his_turn_when_he_cannot_take_it():
    for reason in ({"is_absent": True}, {"capacity": 0}, {"starts_on": THURSDAY}):
        decision = decide([sam(**reason), sonia()], team=1, earlier_rep=1)

        assert decision.chosen.name == "Sonia", reason


def test_the_first_rule_that_fits_decides():
    rules = [Match(1, frozenset({2})), Match(2, frozenset({1}))]

    decision = decide([sam(), sonia(open_handoffs=9)], team=1, matches=rules)

    assert (decision.chosen.name, decision.rule.position) == ("Sonia", 1)
    assert decision.outs() == {1: Out.OTHERS_BY_RULE}


def test_a_rule_without_anybody_goes_on_with_the_next():
    rules = [Match(1, frozenset({2})), Match(2, frozenset({1}))]

    decision = decide([sam(), sonia(is_absent=True)], team=1, matches=rules)

    assert (decision.chosen.name, [match.position for match in decision.passed]) == ("Sam", [1])


def test_or_it_waits_in_the_pool_when_the_rule_says_so():
    decision = decide(
        [sam(), sonia(is_absent=True)], team=1, matches=[Match(1, frozenset({2}), or_pool=True)]
    )

    assert (decision.chosen, decision.why) == (None, Why.NOBODY_PRESENT)


def test_a_colleague_of_another_team_gets_nothing_without_a_rule():
    other = Candidate(id=3, team_id=2)

    assert decide([sam(is_absent=True), other], team=1).chosen is None
    assert decide([sam(is_absent=True), other], team=1, matches=[Match(1, frozenset({3}))]).chosen == other


def test_overflow_goes_over_only_when_agreed():
    full = [sam(capacity=3, received_this_month=3), sonia(capacity=2, received_this_month=4)]

    assert decide(full, team=1).why == Why.ALL_AT_CAPACITY
    assert decide(full, team=1).chosen is None
    assert decide(full, team=1, anyway=True).went_over
