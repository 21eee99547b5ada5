"""Whatever people do with a lead, in whatever order: its columns say what its facts say."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads import closing, deals
from leads.models import MAIN_LINE, MOMENT_OF, Lead, LeadMoved, Stage, TransitionNotAllowed
from tests.conftest import TUESDAY_NOON
from tests.factories import LeadFactory, UserFactory

VERBS = {
    "qualify": lambda lead, **who: lead.qualify(**who),
    "mark_sales_ready": lambda lead, **who: lead.mark_sales_ready(**who),
    "mark_accepted": lambda lead, **who: lead.mark_accepted(**who),
    "mark_contacted": lambda lead, **who: lead.mark_contacted(**who),
    "mark_returned": lambda lead, **who: lead.mark_returned("Wrong region", **who),
    "open_opportunity": lambda lead, **who: deals.open_opportunity(lead, amount=None, **who),
    "win": lambda lead, **who: deals.win(lead, **who),
    "lose": lambda lead, **who: deals.lose(lead, "Price", **who),
    "disqualify": lambda lead, **who: closing.disqualify(lead, "Student", **who),
    "recycle": lambda lead, **who: closing.recycle(lead, "Not now", **who),
}


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(VERBS)), st.booleans()), max_size=14))
def test_the_columns_agree_with_the_facts_after_any_sequence_of_verbs(acts):
    lead, sam = LeadFactory(), UserFactory()

    for hour, (verb, is_stale) in enumerate(acts, start=1):
        copy = Lead.objects.get(pk=lead.pk)
        try:
            VERBS[verb](lead if is_stale else copy, by=sam, at=TUESDAY_NOON + timedelta(hours=hour))
        except (TransitionNotAllowed, LeadMoved, closing.CannotEndYet):
            lead = Lead.objects.get(pk=lead.pk)

    assert_columns_follow_facts(Lead.objects.get(pk=lead.pk))


def assert_columns_follow_facts(lead):
    changes = list(lead.stage_changes.order_by("id"))
    assert lead.stage == changes[-1].to_stage
    assert [change.from_stage for change in changes[1:]] == [change.to_stage for change in changes[:-1]]
    for stage in MAIN_LINE:
        first = next((change.changed_at for change in changes if change.to_stage == stage), None)
        assert getattr(lead, MOMENT_OF[stage]) == first, stage
    ended = changes[-1].changed_at if lead.stage in (Stage.LOST, Stage.DISQUALIFIED) else None
    assert lead.closed_at == ended
    assert_the_deal_follows(lead)


def assert_the_deal_follows(lead):
    deal = getattr(lead, "opportunity", None)
    assert (deal is not None) == (lead.opportunity_at is not None)
    if deal:
        assert (deal.won_at is not None) == (lead.stage == Stage.CUSTOMER)
        assert (deal.lost_at is None) == (lead.stage in (Stage.OPPORTUNITY, Stage.CUSTOMER))
