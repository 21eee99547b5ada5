"""What sales can take: the promise spread over working days, less what waits; and a word to marketing before it hands over more."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff import capacity
from handoff import rules as agreed
from handoff.capacity import Rep, planned
from handoff.models import Handoff
from handoff.usual_brief import USUAL_BRIEF
from leads.models import Stage
from smarketing.accounts.models import Absence, User
from tests.conftest import TUESDAY_NOON
from tests.factories import MONDAY_MORNING, AgreementFactory, LeadFactory, UserFactory
from tests.handoff.moments import BRIEF

MONDAY = date(2026, 11, 2)  # November 2026 has 21 working days, this is the first


def works(day):
    return day.weekday() < 5


def rep(number=1, **known):
    return Rep(id=number, weight=5.0, works=works, **known)


def rooms(reps, *, promised=21, received=0, in_pool=0, today=MONDAY, weeks=4):
    return [
        week.room
        for week in planned(
            reps, promised=promised, received=received, in_pool=in_pool, today=today, weeks=weeks
        )
    ]


def test_the_promise_is_spread_over_the_working_days():
    """21 a month, one a working day: five a week."""
    assert rooms([rep()]) == [5, 5, 5, 5]


def test_of_this_week_only_the_days_to_come_count():
    assert rooms([rep()], today=MONDAY + timedelta(days=3)) == [2, 5, 5, 5]


def test_days_of_leave_bring_nothing():
    leave = frozenset(MONDAY + timedelta(days=day) for day in (7, 8, 9))

    [first, second] = planned([rep(away=leave)], promised=21, received=0, in_pool=0, today=MONDAY, weeks=2)

    assert (first.room, second.room) == (5, 2)
    assert (second.days, second.away) == (2, 3)


def test_what_waits_goes_first_and_the_rest_waits_for_the_next_week():
    weeks = planned([rep(waiting=7)], promised=21, received=0, in_pool=0, today=MONDAY, weeks=3)

    assert [week.room for week in weeks] == [0, 3, 5]
    assert [week.waiting for week in weeks] == [7, 2, 0]


def test_the_pool_waits_for_all_together():
    assert rooms([rep(1), rep(2)], promised=42, in_pool=3, weeks=2) == [7, 10]


def test_no_more_than_was_promised_for_the_month():
    assert rooms([rep()], received=18) == [3, 0, 0, 0]


def test_the_next_month_begins_anew():
    """Monday the 30th is of November and full, the rest of the week is December's: four of 23 days."""
    assert rooms([rep()], promised=23, received=23, today=date(2026, 11, 30), weeks=2) == [4, 5]


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=4),
    st.integers(0, 2**28 - 1),
    st.integers(0, 90),
    st.integers(0, 90),
    st.integers(0, 9),
)
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_leave_and_work_never_make_room(waiting, leave, promised, received, in_pool):
    """More leave, more that waits or more received: never more room; and never more than is left of the promise."""
    away = frozenset(MONDAY + timedelta(days=day) for day in range(28) if leave >> day & 1)
    free = [rep(number) for number, _ in enumerate(waiting)]
    busy = [rep(number, waiting=number_waiting, away=away) for number, number_waiting in enumerate(waiting)]
    more = rooms(free, promised=promised)
    less = rooms(busy, promised=promised, received=received, in_pool=in_pool)

    assert sum(less) <= sum(more)
    assert sum(less) <= max(0, promised - received)
    assert min(less) >= 0


# From the database


@pytest.fixture
def promise(db):
    """`promise(8)`: sales handles eight a month, in office hours."""

    def install(number):
        AgreementFactory(brief_items=USUAL_BRIEF, terms={"CAPACITY": {"target_count": number}})
        return agreed.in_force(TUESDAY_NOON)

    return install


@pytest.fixture
def send(mia):
    def one(to, at=TUESDAY_NOON):
        lead = LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING)
        return Handoff.send(lead, brief=BRIEF, to=to, by=mia, at=at)

    return one


def test_the_plan_reads_leave_own_days_and_what_waits(promise, send, sam, sonia):
    rules = promise(42)
    send(sam)
    send(sam).log_contact("CALL", "SPOKE", by=sam, at=TUESDAY_NOON)
    User.objects.filter(pk=sonia.pk).update(own_week={"0": [["09:00", "17:00"]], "1": [["09:00", "17:00"]]})
    next_monday = MONDAY_MORNING + timedelta(days=7)
    Absence.objects.create(
        user=sonia, starts_at=next_monday - timedelta(hours=9), ends_at=next_monday + timedelta(hours=14)
    )

    plan = capacity.plan(rules, at=TUESDAY_NOON)

    following = plan.next_week.reps
    assert (plan.promised, plan.received, plan.waiting) == (42, 2, {sam.pk: 1})
    assert (following[sonia.pk].days, following[sonia.pk].away) == (1, 1)
    assert following[sam.pk].days == 5


def test_without_a_promise_there_is_no_plan(db, sam):
    rules = agreed.in_force(TUESDAY_NOON)

    assert capacity.plan(rules, at=TUESDAY_NOON).weeks == []
    assert capacity.room_this_week(rules, at=TUESDAY_NOON) is None


def test_the_plan_asks_no_more_for_more_colleagues(promise, sales, django_assert_max_num_queries):
    rules = promise(42)
    for number in (2, 12):
        for _ in range(number):
            UserFactory(team=sales)

        with django_assert_max_num_queries(6):
            capacity.plan(rules, at=TUESDAY_NOON)


def test_going_over_is_kept_with_the_hand_off(promise, send, sam):
    promise(1)

    within, over = send(sam), send(sam)

    assert (within.decision.could_take, within.decision.went_over) == (0, True)
    assert over.decision.went_over


def test_within_the_plan_nothing_is_said(promise, send, sam):
    promise(210)

    decision = send(sam).decision

    assert decision.could_take > 20
    assert not decision.went_over


def test_room_is_kept_for_a_while_and_counted_anew_once_a_hand_off_is_sent(
    promise, send, sam, settings, django_assert_num_queries, django_capture_on_commit_callbacks
):
    settings.PLANNING_SECONDS = 60
    promise(210)
    before = capacity.room_lately(at=TUESDAY_NOON)

    with django_assert_num_queries(0):
        assert capacity.room_lately(at=TUESDAY_NOON) == before

    with django_capture_on_commit_callbacks(execute=True):
        send(sam)
    assert capacity.room_lately(at=TUESDAY_NOON) < before


# The pages


def test_both_teams_see_the_plan(signed_in, promise, mia, sam, noon):
    promise(210)

    for person in (mia, sam):
        page = signed_in(person).get("/handoffs/capacity/").content.decode()

        assert "Sales promised 210 a month" in page
        assert "Sam Smit" in page


def test_without_a_promise_the_page_says_what_to_do(signed_in, mia, sales):
    page = signed_in(mia).get("/handoffs/capacity/").content.decode()

    assert "The agreement says nothing about capacity" in page


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "Sales can take no more this week."), (2100, "more this week.")],
)
def test_marketing_is_told_before_it_hands_over(signed_in, promise, mia, sam, noon, number, words):
    promise(number)
    lead = LeadFactory(stage=Stage.SQL, captured_at=MONDAY_MORNING, sql_at=MONDAY_MORNING)
    client = signed_in(mia)

    for address in (f"/leads/{lead.pk}/hand-off/", f"/qualify/{lead.pk}/"):
        assert words in client.get(address).content.decode(), address


def test_it_is_handed_over_nevertheless(signed_in, promise, mia, sam, noon):
    promise(0)
    lead = LeadFactory(stage=Stage.SQL, captured_at=MONDAY_MORNING, sql_at=MONDAY_MORNING)
    brief = {f"brief_{key}": text for key, text in BRIEF.items()}

    signed_in(mia).post(f"/leads/{lead.pk}/hand-off/", {"to": str(sam.pk), **brief})

    assert lead.handoffs.get().decision.went_over
