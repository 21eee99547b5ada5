"""The timeline tells who answered what, and the invariants hold on what people did."""

import pytest
from django.utils import timezone

from leads import timeline
from leads.criteria.gate import mark_sales_ready
from leads.criteria.judging import judge
from leads.models import Answer
from smarketing import invariants
from tests.conftest import TUESDAY_NOON
from tests.factories import CriteriaSetFactory, LeadFactory

pytestmark = pytest.mark.django_db


def test_answers_and_overrides_stand_on_the_timeline(mia, mara):
    CriteriaSetFactory()
    lead = LeadFactory()
    judge(lead, "decider", Answer.NO, "Only the driver", by=mia, at=TUESDAY_NOON)
    mark_sales_ready(lead, by=mara, at=TUESDAY_NOON, override_reason="Director called")

    told = [
        (str(entry.title), entry.body, entry.actor and entry.actor.id)
        for entry in timeline.page(lead).entries
    ]

    assert ("Decider reachable: No", "Only the driver", mia.pk) in told
    assert ("Marked sales-ready without what was missing", "Director called", mara.pk) in told


def test_what_people_do_breaks_no_invariant(mia, mara):
    CriteriaSetFactory()
    lead = LeadFactory(facts={"vehicles": 20})
    for answer in (Answer.YES, Answer.UNKNOWN, Answer.NO):
        judge(lead, "vehicles", answer, "Counted them", by=mia, at=TUESDAY_NOON)
        judge(lead, "decider", answer, by=mia, at=TUESDAY_NOON)
    mark_sales_ready(lead, by=mara, at=TUESDAY_NOON, override_reason="Director called")

    broken = [str(invariant.code) for invariant, rows in invariants.violations(timezone.now()) if rows]

    assert [code for code in broken if code.startswith("I-C")] == []
