"""An agreement is drafted, proposed, signed by both sides, in force, and replaced. Its text never changes on the way."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction

from handoff.models import HandoffRules
from sla.installing import start_what_is_due
from sla.models import (
    Agreement,
    AgreementMoved,
    AgreementState,
    Incomplete,
    NotYoursToSign,
    TermKind,
)
from smarketing.accounts.models import Side
from tests.factories import AgreementFactory, CalendarFactory

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
NEXT_MONDAY = MONDAY + timedelta(days=7)


@pytest.fixture
def proposal(mara):
    """A change of the agreement in force, proposed by mara, to start in a week."""
    draft = Agreement.draft_from(AgreementFactory(), by=mara, at=MONDAY, starts_on=NEXT_MONDAY.date())
    draft.terms.filter(kind=TermKind.ANSWER_HANDOFF).update(target_seconds=3600)
    draft.propose(by=mara, at=MONDAY)
    return draft


def refresh(agreement) -> Agreement:
    return Agreement.objects.get(pk=agreement.pk)


def test_both_signatures_on_its_start_date_bring_it_into_force(mara, sven):
    agreement = AgreementFactory(state="PROPOSED", at=MONDAY)

    agreement.sign(Side.MARKETING, by=mara, at=MONDAY)
    assert refresh(agreement).state == AgreementState.PROPOSED

    agreement.sign(Side.SALES, by=sven, at=MONDAY)
    assert refresh(agreement).state == AgreementState.IN_FORCE


def test_signed_early_it_waits_for_its_start_date(proposal, mara, sven):
    proposal.sign(Side.MARKETING, by=mara, at=MONDAY)
    proposal.sign(Side.SALES, by=sven, at=MONDAY)

    assert start_what_is_due(MONDAY) == []
    assert refresh(proposal).state == AgreementState.SIGNED

    assert start_what_is_due(NEXT_MONDAY) == [proposal]
    assert Agreement.objects.in_force() == proposal
    assert Agreement.objects.get(version=1).state == AgreementState.SUPERSEDED


def test_coming_into_force_twice_changes_nothing(proposal, mara, sven):
    proposal.sign(Side.MARKETING, by=mara, at=MONDAY)
    proposal.sign(Side.SALES, by=sven, at=MONDAY)
    start_what_is_due(NEXT_MONDAY)

    assert start_what_is_due(NEXT_MONDAY + timedelta(minutes=1)) == []
    assert not refresh(proposal).come_into_force(at=NEXT_MONDAY)
    assert HandoffRules.objects.count() == 2


def test_after_an_outage_the_latest_of_two_due_ones_is_in_force(proposal, mara, sven):
    later = Agreement.draft_from(proposal, by=mara, at=MONDAY, starts_on=NEXT_MONDAY.date())
    later.propose(by=mara, at=MONDAY)
    for agreement in (proposal, later):
        agreement.sign(Side.MARKETING, by=mara, at=MONDAY)
        agreement.sign(Side.SALES, by=sven, at=MONDAY)

    start_what_is_due(NEXT_MONDAY + timedelta(days=3))

    assert Agreement.objects.in_force() == later
    assert refresh(proposal).state == AgreementState.SUPERSEDED


def test_it_installs_what_a_handoff_needs_to_know():
    agreement = AgreementFactory(warn_points=[{"share_left": 20}])

    rules = HandoffRules.objects.get()
    assert rules.agreement_version == agreement.version
    assert rules.brief_items == agreement.brief_items
    assert rules.capacity_per_month == 180


def test_a_side_signs_once(proposal, mara, marketing, max):
    proposal.sign(Side.MARKETING, by=mara, at=MONDAY)

    with pytest.raises(AgreementMoved):
        proposal.sign(Side.MARKETING, by=max, at=MONDAY)


def test_nobody_signs_for_both_sides(proposal, max):
    proposal.sign(Side.MARKETING, by=max, at=MONDAY)

    with pytest.raises(NotYoursToSign):
        proposal.sign(Side.SALES, by=max, at=MONDAY)


@pytest.mark.parametrize(("side", "who"), [("SALES", "mara"), ("MARKETING", "mia"), ("SALES", "ada")])
def test_only_who_decides_for_a_side_signs_for_it(proposal, side, who, request):
    with pytest.raises(NotYoursToSign):
        proposal.sign(side, by=request.getfixturevalue(who), at=MONDAY)

    assert not proposal.signatures.exists()


def test_a_withdrawn_proposal_is_not_signed_any_more(proposal, mara, sven):
    proposal.withdraw(by=mara, at=MONDAY)

    with pytest.raises(AgreementMoved):
        proposal.sign(Side.SALES, by=sven, at=MONDAY)


def test_a_draft_without_promises_is_not_proposed(mara):
    draft = AgreementFactory(state="DRAFT", at=MONDAY)
    draft.terms.all().delete()

    with pytest.raises(Incomplete, match="promises nothing"):
        draft.propose(by=mara, at=MONDAY)


def test_a_promise_without_its_target_is_named(mara):
    draft = AgreementFactory(state="DRAFT", at=MONDAY)
    draft.terms.filter(kind=TermKind.CAPACITY).update(target_count=None)

    with pytest.raises(Incomplete, match="Capacity of sales.*number"):
        draft.propose(by=mara, at=MONDAY)


def test_it_is_never_made_to_start_in_the_past(mara):
    draft = AgreementFactory(state="DRAFT", at=MONDAY, starts_on=date(2026, 11, 22))

    with pytest.raises(Incomplete, match="past"):
        draft.propose(by=mara, at=MONDAY)


def test_working_hours_without_open_time_cannot_measure(mara):
    closed = CalendarFactory(name="Never", week={})
    draft = AgreementFactory(state="DRAFT", at=MONDAY, calendar=closed)

    with pytest.raises(Incomplete, match="no open time"):
        draft.propose(by=mara, at=MONDAY)


# The text stays


def refused(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except DatabaseError as error:
        return "never" in str(error) or "does not lead" in str(error) or "not signed" in str(error)
    return False


@pytest.mark.parametrize(
    "change",
    [
        lambda agreement: Agreement.objects.filter(pk=agreement.pk).update(warn_points=[]),
        lambda agreement: Agreement.objects.filter(pk=agreement.pk).update(content_hash="0" * 64),
        lambda agreement: Agreement.objects.filter(pk=agreement.pk).update(state="DRAFT"),
        lambda agreement: Agreement.objects.filter(pk=agreement.pk).update(state="SIGNED"),
        lambda agreement: Agreement.objects.filter(pk=agreement.pk).update(state="IN_FORCE"),
        lambda agreement: agreement.terms.update(target_seconds=1),
        lambda agreement: agreement.terms.all().delete(),
        lambda agreement: agreement.terms.first().copy_to(agreement),
        lambda agreement: Agreement.objects.filter(pk=agreement.pk)._raw_delete("default"),
    ],
)
def test_the_database_refuses_to_change_what_was_proposed(proposal, change):
    assert refused(lambda: change(proposal))


def test_the_signature_covers_every_field(proposal, mara):
    signature = proposal.sign(Side.MARKETING, by=mara, at=MONDAY)

    proposal.starts_on = date(2027, 1, 1)
    assert proposal.computed_hash() != signature.content_hash
    assert refresh(proposal).computed_hash() == signature.content_hash


def test_each_version_is_chained_to_the_one_proposed_before(proposal):
    assert proposal.previous_hash == Agreement.objects.get(version=1).content_hash


def test_a_new_draft_takes_the_terms_along(proposal, mara):
    draft = Agreement.draft_from(proposal, by=mara, at=NEXT_MONDAY)

    assert draft.version == 3
    assert [term.content() for term in draft.terms_in_order()] == [
        term.content() for term in proposal.terms_in_order()
    ]


def test_a_draft_can_be_thrown_away_and_a_proposal_not(mara, proposal):
    draft = Agreement.draft_from(proposal, by=mara, at=MONDAY)
    draft.discard()

    assert not Agreement.objects.filter(version=3).exists()
    with pytest.raises(AgreementMoved):
        proposal.discard()
