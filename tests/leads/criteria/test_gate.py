"""Nothing goes to sales as sales-ready without the agreed criteria, or somebody who answers for it by name."""

import pytest

from leads.criteria.gate import NotSalesReady, OverrideNotAllowed, mark_sales_ready
from leads.criteria.judging import judge
from leads.models import Answer, Lead, LeadMoved, Qualification, Stage, TransitionNotAllowed
from tests.conftest import TUESDAY_NOON
from tests.factories import CriteriaSetFactory, LeadFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    CriteriaSetFactory()
    return LeadFactory(facts={"vehicles": 60})


def stage_of(lead):
    return Lead.objects.get(pk=lead.pk).stage


def test_a_lead_that_meets_the_criteria_passes_and_the_verdict_is_kept(lead, mia):
    judge(lead, "decider", Answer.YES, "She signs", by=mia, at=TUESDAY_NOON)

    kept = mark_sales_ready(lead, by=mia, at=TUESDAY_NOON)

    assert stage_of(lead) == lead.stage == Stage.SQL
    assert (kept.sales_ready, kept.points, kept.marked_by, kept.override_reason) == (True, 15, mia, "")
    assert kept.verdict["criteria"][2]["evidence"] == "She signs"


def test_what_is_missing_stops_it(lead, mia):
    with pytest.raises(NotSalesReady) as told:
        mark_sales_ready(lead, by=mia, at=TUESDAY_NOON)

    assert told.value.verdict.missing_keys == ["decider"]
    assert stage_of(lead) == Stage.NEW
    assert not Qualification.objects.exists()


def test_who_leads_marketing_may_answer_for_it_with_a_reason(lead, mara):
    kept = mark_sales_ready(lead, by=mara, at=TUESDAY_NOON, override_reason="Their director called us")

    assert (kept.sales_ready, kept.override_reason, kept.marked_by) == (
        False,
        "Their director called us",
        mara,
    )
    assert stage_of(lead) == Stage.SQL


@pytest.mark.parametrize("name", ["mia", "sven", "ada"])
def test_nobody_else_may(lead, name, request):
    person = request.getfixturevalue(name)

    with pytest.raises(OverrideNotAllowed):
        mark_sales_ready(lead, by=person, at=TUESDAY_NOON, override_reason="Trust me")

    assert stage_of(lead) == Stage.NEW


def test_a_reason_that_was_not_needed_is_no_override(lead, mara):
    judge(lead, "decider", Answer.YES, by=mara, at=TUESDAY_NOON)

    kept = mark_sales_ready(lead, by=mara, at=TUESDAY_NOON, override_reason="To be sure")

    assert (kept.sales_ready, kept.override_reason) == (True, "")


def test_the_second_click_is_told_who_was_first(lead, mia, mara):
    stale = Lead.objects.get(pk=lead.pk)
    mark_sales_ready(lead, by=mara, at=TUESDAY_NOON, override_reason="Urgent")

    with pytest.raises(LeadMoved) as told:
        mark_sales_ready(stale, by=mia, at=TUESDAY_NOON)

    assert told.value.change.changed_by == mara
    assert Qualification.objects.count() == 1


def test_a_lead_that_ended_does_not_come_back(mara):
    closed = LeadFactory(stage=Stage.DISQUALIFIED, closed_at=TUESDAY_NOON)

    with pytest.raises(TransitionNotAllowed):
        mark_sales_ready(closed, by=mara, at=TUESDAY_NOON)
