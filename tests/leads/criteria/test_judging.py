"""People answer what no rule can, and correct what a rule got wrong."""

import pytest

from leads.criteria.judging import LeadClosed, NoSuchCriterion, ReasonNeeded, judge
from leads.criteria.verdicts import verdict
from leads.models import Answer, CriteriaSet, Judgement, Lead, Stage
from tests.conftest import TUESDAY_NOON
from tests.factories import CriteriaSetFactory, LeadFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    CriteriaSetFactory()
    return LeadFactory(facts={"vehicles": 20})


def answer_of(lead, key):
    return verdict(Lead.objects.get(pk=lead.pk), CriteriaSet.objects.in_force(), at=TUESDAY_NOON).line(key)


def test_an_answer_is_kept_with_its_evidence(lead, mia):
    judgement = judge(lead, "decider", Answer.YES, "  Spoke to her  ", by=mia, at=TUESDAY_NOON)

    assert (judgement.evidence, judgement.judged_by, judgement.judged_at) == (
        "Spoke to her",
        mia,
        TUESDAY_NOON,
    )
    assert answer_of(lead, "decider").answer == Answer.YES


def test_the_last_answer_counts_and_the_first_is_kept(lead, mia, mara):
    judge(lead, "decider", Answer.YES, by=mia, at=TUESDAY_NOON)

    judge(lead, "decider", Answer.UNKNOWN, "She left the company", by=mara, at=TUESDAY_NOON)

    assert answer_of(lead, "decider").answer == Answer.UNKNOWN
    assert answer_of(lead, "decider").evidence[0].text == "She left the company"
    assert Judgement.objects.count() == 2


def test_correcting_a_rule_needs_a_reason(lead, mia):
    with pytest.raises(ReasonNeeded):
        judge(lead, "vehicles", Answer.YES, " ", by=mia, at=TUESDAY_NOON)

    assert answer_of(lead, "vehicles").answer == Answer.NO


@pytest.mark.parametrize("answer", [Answer.YES, Answer.UNKNOWN])
def test_a_correction_counts_over_the_rule(lead, mia, answer):
    judge(lead, "vehicles", answer, "The form was about one site", by=mia, at=TUESDAY_NOON)

    line = answer_of(lead, "vehicles")
    assert (line.answer, line.automatic, line.is_overridden) == (answer, Answer.NO, True)
    assert line.evidence[0].text == "The form was about one site"


def test_agreeing_with_the_rule_takes_the_correction_back(lead, mia):
    judge(lead, "vehicles", Answer.YES, "The form was about one site", by=mia, at=TUESDAY_NOON)

    judge(lead, "vehicles", Answer.NO, by=mia, at=TUESDAY_NOON)

    Lead.objects.filter(pk=lead.pk).update(facts={"vehicles": 70})
    assert answer_of(lead, "vehicles").answer == Answer.YES
    assert answer_of(lead, "vehicles").evidence[0].text == "Vehicles: 70"


def test_a_question_that_nobody_asks_is_refused(lead, mia):
    with pytest.raises(NoSuchCriterion):
        judge(lead, "shoe_size", Answer.YES, by=mia, at=TUESDAY_NOON)


def test_a_closed_lead_keeps_its_answers(mia):
    CriteriaSetFactory()
    closed = LeadFactory(stage=Stage.DISQUALIFIED, closed_at=TUESDAY_NOON)

    with pytest.raises(LeadClosed):
        judge(closed, "decider", Answer.YES, by=mia, at=TUESDAY_NOON)
