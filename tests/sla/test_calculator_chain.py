"""From a goal to what it takes and back. Pure arithmetic: properties that hold for any company."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sla.calculator.chain import FACTORS, LEVELS, Factor, share, solve, typed, wilson
from sla.calculator.limits import Limit, Staffing, breaks_first, limits

AMOUNTS = st.floats(1, 1e6)
SHARES = st.floats(0.01, 1)
NUMBERS = st.floats(0.01, 1e7)
LEVEL = st.sampled_from(LEVELS)
RATES = st.fixed_dictionaries(
    {name: (AMOUNTS if name == "amount" else SHARES).map(typed) for name in FACTORS}
)
CALM = settings(
    deadline=None, max_examples=80, suppress_health_check=list(HealthCheck)
)  # nothing here is timed


def expected(fixed, factors):
    return solve(fixed, factors)["expected"].values


HAND = {
    "amount": typed(10_000),
    "win": typed(0.25),
    "open": typed(0.5),
    "accept": typed(0.8),
    "qualify": typed(0.1),
}


def test_a_hundred_thousand_by_hand():
    """100,000 / 10,000 = 10 customers; / 25 % = 40; / 50 % = 80; / 80 % = 100 sales-ready; / 10 % = 1,000 captured."""
    assert list(expected({"revenue": 100_000}, HAND).values()) == pytest.approx(
        [100_000, 10, 40, 80, 100, 1_000]
    )


def test_fixed_in_the_middle_it_follows_up_and_down():
    values = expected({"accepted": 160}, HAND)

    assert (values["revenue"], values["leads"]) == pytest.approx((200_000, 2_000))


@CALM
@given(LEVEL, NUMBERS, RATES, LEVEL)
def test_round_trip_any_number_of_the_answer_fixed_gives_the_same_answer(level, number, rates, other):
    values = expected({level: number}, rates)

    again = expected({other: values[other]}, rates)

    assert again == pytest.approx(values, rel=1e-6)


@CALM
@given(LEVEL, NUMBERS, RATES, st.floats(1.01, 100))
def test_asking_for_more_takes_more_of_everything(level, number, rates, times):
    less, more = expected({level: number}, rates), expected({level: number * times}, rates)

    assert all(more[name] > less[name] for name in LEVELS)


@CALM
@given(NUMBERS, RATES, st.sampled_from(FACTORS), st.floats(0.1, 0.99))
def test_a_worse_rate_takes_at_least_as_many_below_it(number, rates, name, times):
    worse = {**rates, name: typed(rates[name].expected * times)}

    before, after = expected({"revenue": number}, rates), expected({"revenue": number}, worse)

    below = LEVELS[FACTORS.index(name) + 1 :]
    assert all(after[level] > before[level] for level in below)
    assert all(after[level] == before[level] for level in LEVELS if level not in below)


@CALM
@given(LEVEL, NUMBERS, RATES)
def test_a_single_fixed_number_contradicts_nothing_and_stays(level, number, rates):
    chain = solve({level: number}, rates)["expected"]

    assert chain.contradictions == ()
    assert chain.values[level] == number


@CALM
@given(RATES, NUMBERS, st.sets(LEVEL, min_size=2))
def test_numbers_that_fit_are_no_contradiction(rates, number, levels):
    values = expected({"revenue": number}, rates)

    assert solve({level: values[level] for level in levels}, rates)["expected"].contradictions == ()


@CALM
@given(RATES, NUMBERS, LEVEL, LEVEL, st.floats(1.1, 10))
def test_numbers_that_do_not_fit_are_named_with_what_would(rates, number, one, other, times):
    assume(one != other)
    upper, lower = sorted((one, other), key=LEVELS.index)
    values = expected({"revenue": number}, rates)
    fixed = {upper: values[upper], lower: values[lower] * times}

    (found,) = solve(fixed, rates)["expected"].contradictions

    assert (found.upper, found.lower) == (upper, lower)
    assert found.reached == pytest.approx(fixed[upper] * times, rel=1e-6)
    assert found.takes == pytest.approx(values[lower], rel=1e-6)
    assert not found.is_likely  # typed rates leave no doubt


@CALM
@given(st.integers(1, 5_000), st.data())
def test_low_takes_at_least_what_is_expected_and_high_at_most(cases, data):
    factors = {name: share(data.draw(st.integers(1, cases)), cases) for name in FACTORS}

    chains = solve({"revenue": 1_000}, factors)

    for level in LEVELS[1:]:
        low, middle, high = (chains[end].values[level] for end in ("low", "expected", "high"))
        assert low is None or low >= middle >= high


def test_more_customers_than_opportunities_is_impossible():
    (found,) = solve({"customers": 50, "opportunities": 40}, HAND)["expected"].contradictions

    assert not found.is_possible


def test_within_the_interval_it_could_be():
    factors = {**HAND, "win": share(25, 100)}  # 18 % to 34 %

    (found,) = solve({"customers": 30, "opportunities": 100}, factors)["expected"].contradictions

    assert found.is_possible
    assert found.is_likely


def test_a_rate_of_nothing_reaches_nothing():
    values = expected({"revenue": 100}, {**HAND, "win": typed(0)})

    assert (values["customers"], values["opportunities"]) == (0.01, None)


def test_nothing_fixed_nothing_follows():
    assert set(expected({}, HAND).values()) == {None}


@CALM
@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_the_interval_contains_the_share_and_stays_within_nought_and_one(kept, cases):
    assume(kept <= cases)
    low, high = wilson(kept, cases)

    assert 0 <= low <= kept / cases <= high <= 1


def test_the_interval_by_hand():
    """Wilson for 8 of 10: 49.0 % to 94.3 %, as every textbook has it."""
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 0) == (0, 1)


@CALM
@given(st.integers(1, 1_000), st.integers(2, 50))
def test_more_cases_narrow_the_interval(kept, times):
    wide, narrow = wilson(kept, 2 * kept), wilson(kept * times, 2 * kept * times)

    assert narrow[1] - narrow[0] < wide[1] - wide[0]


# Which breaks first?

TEAM = Staffing(reps=3, days=20, away=6, hours_a_day=3)


def broken(**asked):
    usual = {
        "accepted": 80,
        "sales_ready": 100,
        "hours": 160,
        "staffing": TEAM,
        "capacity": 90,
        "delivered": 120,
    }
    return limits(**usual | asked)


def test_hours_come_from_who_is_present():
    assert (TEAM.present_days, TEAM.hours) == (54, 162)


def test_the_fullest_breaks_first():
    assert [limit.key for limit in broken()] == ["hours", "capacity", "delivered"]
    assert breaks_first(broken(accepted=89.9)).key == "capacity"


def test_it_holds_until_the_goal_at_which_it_is_full():
    assert Limit("capacity", asked=80, there=100).holds_until(50_000) == 62_500


@CALM
@given(st.floats(0.1, 1e6), st.floats(0.1, 1e6), st.floats(1, 1e6))
def test_at_the_goal_at_which_it_is_full_it_is_just_not_broken(asked, there, goal):
    limit = Limit("capacity", asked, there)
    until = limit.holds_until(goal)

    assert asked * until / goal == pytest.approx(there)


def test_what_nobody_promised_sets_no_limit():
    assert [limit.key for limit in broken(capacity=None, delivered=None)] == ["hours"]


def test_nobody_there_is_more_than_full_and_nothing_asked_breaks_nothing():
    nobody = Staffing(reps=0, days=20, away=0, hours_a_day=3)

    assert breaks_first(broken(staffing=nobody)).key == "hours"
    assert breaks_first(broken(accepted=0, sales_ready=0, hours=0, staffing=nobody)) is None


def test_a_typed_factor_is_not_doubted():
    assert typed(0.2) == Factor(0.2, 0.2, 0.2, 0, is_typed=True)
