"""Routing finds the colleague with the fewest open hand-offs among those who are there."""

from datetime import timedelta

import pytest

from handoff.models import Handoff
from handoff.routing import choose_receiver
from handoff.routing.reading import candidates
from leads.models import Stage
from smarketing.accounts.models import Absence, Role
from tests.conftest import TUESDAY_NOON
from tests.factories import MONDAY_MORNING, LeadFactory, UserFactory
from tests.handoff.moments import BRIEF, TUESDAY_ELEVEN, TUESDAY_TEN


@pytest.fixture
def hand_over(mia):
    """`hand_over(to)` sends one more sales-ready lead."""

    def send(to, at=TUESDAY_TEN):
        lead = LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING)
        return Handoff.send(lead, brief=BRIEF, to=to, by=mia, at=at)

    return send


def test_the_least_loaded_receives(hand_over, sam, sonia):
    hand_over(sam)

    assert hand_over("route").receiver == sonia


def test_among_equals_the_one_who_waited_longest_receives(hand_over, sam, sonia):
    hand_over(sonia, at=TUESDAY_TEN).return_("DUPLICATE", by=sonia, at=TUESDAY_NOON)
    hand_over(sam, at=TUESDAY_ELEVEN).return_("DUPLICATE", by=sam, at=TUESDAY_NOON)

    assert hand_over("route", at=TUESDAY_NOON).receiver == sonia


def test_who_never_received_one_goes_first(hand_over, sales, sam, sonia):
    hand_over(sam).return_("DUPLICATE", by=sam, at=TUESDAY_ELEVEN)

    assert choose_receiver(sales, at=TUESDAY_NOON).user == sonia


def test_an_absent_colleague_gets_nothing(hand_over, sam, sonia):
    hand_over(sonia)
    Absence.objects.create(user=sam, starts_at=MONDAY_MORNING, ends_at=TUESDAY_NOON)

    assert hand_over("route", at=TUESDAY_TEN).receiver == sonia


def test_an_absence_ends_when_it_says(sales, sam):
    Absence.objects.create(user=sam, starts_at=MONDAY_MORNING, ends_at=TUESDAY_NOON)

    assert choose_receiver(sales, at=TUESDAY_NOON - timedelta(seconds=1)).user is None
    assert choose_receiver(sales, at=TUESDAY_NOON).user == sam


def test_nobody_there_means_the_pool(hand_over, sales):
    handoff = hand_over("route")

    assert handoff.is_in_pool
    assert "Nobody of Sales is present" in handoff.routed_because


@pytest.mark.parametrize("kind", ["gone", "manager"])
def test_only_those_who_work_leads_are_chosen(sales, kind):
    UserFactory(team=sales, is_active=kind != "gone", role=Role.MANAGER if kind == "manager" else Role.MEMBER)

    assert choose_receiver(sales, at=TUESDAY_NOON).user is None


def test_the_reason_is_kept_in_words(hand_over, sam):
    assert hand_over("route").routed_because == "Fewest open hand-offs of those present: 0."


def test_many_hand_offs_spread_evenly(hand_over, sam, sonia, sven):
    receivers = [hand_over("route").receiver for _ in range(9)]

    assert {rep: receivers.count(rep) for rep in (sam, sonia, sven)} == {sam: 3, sonia: 3, sven: 3}


def test_how_much_each_has_is_kept_for_a_while_and_counted_anew_after_every_act(
    hand_over, sales, mia, sam, sonia, settings, django_capture_on_commit_callbacks, django_assert_num_queries
):
    settings.PLANNING_SECONDS = 60
    acts = [
        (lambda: hand_over(sam), (1, 0)),
        (lambda: Handoff.objects.get().accept(by=sam, at=TUESDAY_ELEVEN), (1, 0)),
        (lambda: Handoff.objects.get().reassign(sonia, by=mia, at=TUESDAY_ELEVEN), (0, 1)),
        (lambda: Handoff.objects.get().return_("DUPLICATE", by=sonia, at=TUESDAY_NOON), (0, 0)),
    ]
    for act, loads in acts:
        with django_capture_on_commit_callbacks(execute=True):
            act()
        assert loads_of(sales, at=TUESDAY_NOON) == {"Sam Smit": loads[0], "Sonia Smit": loads[1]}
        with django_assert_num_queries(1):  # who is there
            loads_of(sales, at=TUESDAY_NOON)


def loads_of(team, at):
    return {name: load for _number, name, load in candidates(team, at=at)}
