"""A definition of sales-ready comes into force when one person of each side has approved it, and then never changes."""

import pytest
from django.db import DatabaseError, transaction

from leads.criteria import versions
from leads.models import CriteriaSet, CriteriaState, Criterion
from smarketing.accounts.models import Side
from tests.conftest import TUESDAY_NOON
from tests.factories import CriteriaSetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_force():
    CriteriaSetFactory(version=1)
    return CriteriaSet.objects.in_force()


@pytest.fixture
def proposal(in_force, mia):
    return versions.propose(versions.draft_from(in_force, by=mia, at=TUESDAY_NOON), by=mia, at=TUESDAY_NOON)


def approve(proposal, side, person):
    return versions.approve(proposal, side, by=person, at=TUESDAY_NOON)


def test_a_draft_starts_as_a_copy(in_force, mia):
    draft = versions.draft_from(in_force, by=mia, at=TUESDAY_NOON)

    assert (draft.version, draft.state, draft.points_needed) == (2, CriteriaState.DRAFT, 15)
    assert [c.key for c in draft.criteria.order_by("position")] == [
        "vehicles",
        "benelux",
        "decider",
        "budget",
        "webinar",
    ]
    assert in_force.criteria.count() == 5


def test_there_is_one_draft_at_a_time(in_force, mia):
    draft = versions.draft_from(in_force, by=mia, at=TUESDAY_NOON)

    with pytest.raises(versions.DraftExists) as told:
        versions.draft_from(in_force, by=mia, at=TUESDAY_NOON)

    assert told.value.draft == draft


def test_both_sides_bring_it_into_force(proposal, in_force, mara, sven):
    approve(proposal, Side.MARKETING, mara)
    assert CriteriaSet.objects.in_force() == in_force

    approve(proposal, Side.SALES, sven)

    in_force.refresh_from_db()
    assert CriteriaSet.objects.in_force() == proposal
    assert (in_force.state, in_force.superseded_at) == (CriteriaState.SUPERSEDED, TUESDAY_NOON)
    assert CriteriaSet.objects.get(pk=proposal.pk).in_force_at == TUESDAY_NOON


def test_a_manager_of_both_teams_speaks_for_one_side_only(proposal, max):
    approve(proposal, Side.SALES, max)

    with pytest.raises(versions.SamePerson):
        approve(proposal, Side.MARKETING, max)


@pytest.mark.parametrize("name", ["sam", "mara", "fin", "ada"])
def test_only_who_leads_people_there_approves_for_sales(proposal, name, request):
    with pytest.raises(versions.NotYourSide):
        approve(proposal, Side.SALES, request.getfixturevalue(name))


def test_the_second_yes_of_a_side_is_told_who_was_first(proposal, mara, max):
    approve(proposal, Side.MARKETING, mara)

    with pytest.raises(versions.AlreadyApproved, match="Mara"):
        approve(proposal, Side.MARKETING, max)


def test_a_draft_cannot_be_approved(in_force, mia, mara):
    draft = versions.draft_from(in_force, by=mia, at=TUESDAY_NOON)

    with pytest.raises(versions.NotInThatState):
        approve(draft, Side.MARKETING, mara)


def test_an_agreement_installs_a_proposal_and_twice_is_once(proposal):
    versions.install(proposal, at=TUESDAY_NOON)
    versions.install(proposal, at=TUESDAY_NOON.replace(hour=15))

    assert CriteriaSet.objects.in_force() == proposal
    assert CriteriaSet.objects.get(pk=proposal.pk).in_force_at == TUESDAY_NOON


def test_a_withdrawn_proposal_stays_readable_and_can_be_started_from(proposal, mia):
    versions.withdraw(proposal, by=mia, at=TUESDAY_NOON)

    draft = versions.draft_from(proposal, by=mia, at=TUESDAY_NOON)

    assert proposal.state == CriteriaState.WITHDRAWN
    assert draft.criteria.count() == 5


def test_a_draft_can_be_thrown_away(in_force, mia):
    draft = versions.draft_from(in_force, by=mia, at=TUESDAY_NOON)

    versions.discard(draft)

    assert not CriteriaSet.objects.filter(version=2).exists()


@pytest.mark.parametrize(
    "attempt",
    [
        lambda proposal: Criterion.objects.filter(criteria_set=proposal).update(points=99),
        lambda proposal: Criterion.objects.filter(criteria_set=proposal).delete(),
        lambda proposal: Criterion.objects.create(criteria_set=proposal, key="x", label="X", kind="SOFT"),
        lambda proposal: Criterion.objects.filter(criteria_set__version=3).update(criteria_set=proposal),
        lambda proposal: CriteriaSet.objects.filter(pk=proposal.pk).update(points_needed=1),
        lambda proposal: CriteriaSet.objects.filter(pk=proposal.pk).update(state=CriteriaState.DRAFT),
        lambda proposal: CriteriaSet.objects.filter(pk=proposal.pk).delete(),
    ],
)
def test_the_database_refuses_any_change_once_proposed(proposal, mia, attempt):
    versions.draft_from(proposal, by=mia, at=TUESDAY_NOON)

    with pytest.raises(DatabaseError, match="change"), transaction.atomic():
        attempt(proposal)
