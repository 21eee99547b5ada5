"""How far leads come, by two questions. The worked example:

Four leads captured in November: Anna is new, Bea was qualified, Cleo skipped to customer without ever being called qualified,
Dora was captured in November, qualified in December and lost. One more, Eef, was captured in October and won in November.

By cohort of November: captured 4, at least qualified 3 (Bea, Cleo, Dora), customer 1 (Cleo). Still moving 2 (Anna, Bea).
By activity of November: captured 4, qualified 1 (Bea), customers 2 (Cleo, Eef).
"""

from datetime import datetime, timedelta

import pytest
from django.db.models import Count
from django.http import QueryDict

from dashboard import counts, funnel
from leads.filters import LeadFilters
from leads.models import Lead, Stage
from smarketing.periods import Period, month_of
from tests.conftest import AMSTERDAM, TUESDAY_NOON
from tests.factories import CampaignFactory, LeadFactory, SourceFactory

pytestmark = pytest.mark.django_db

NOVEMBER = month_of(TUESDAY_NOON.date())
CAPTURED = datetime(2026, 11, 2, 10, tzinfo=AMSTERDAM)
DECEMBER = datetime(2026, 12, 3, 10, tzinfo=AMSTERDAM)


@pytest.fixture
def story(db):
    fair, webinar = SourceFactory(key="fair"), SourceFactory(key="webinar")
    spring = CampaignFactory(name="Spring", source=fair)
    LeadFactory(captured_at=CAPTURED, source=webinar)
    LeadFactory(captured_at=CAPTURED, source=webinar, stage=Stage.MQL, mql_at=CAPTURED + timedelta(days=1))
    LeadFactory(
        captured_at=CAPTURED,
        source=fair,
        campaign=spring,
        stage=Stage.CUSTOMER,
        customer_at=CAPTURED + timedelta(days=14),
    )
    LeadFactory(captured_at=CAPTURED, source=None, stage=Stage.LOST, mql_at=DECEMBER, closed_at=DECEMBER)
    LeadFactory(
        captured_at=CAPTURED - timedelta(days=10), source=fair, stage=Stage.CUSTOMER, customer_at=CAPTURED
    )


def numbers(steps):
    return {step.stage: step.count for step in steps}


def test_by_cohort_counts_the_furthest_stage_so_far(story):
    counted = funnel.by_cohort(NOVEMBER, at=DECEMBER)

    assert numbers(counted.steps) == {
        "NEW": 4,
        "MQL": 3,
        "SQL": 1,
        "ACCEPTED": 1,
        "CONTACTED": 1,
        "OPPORTUNITY": 1,
        "CUSTOMER": 1,
    }
    assert counted.still_moving == 2


def test_by_activity_counts_who_entered_the_stage(story):
    counted = funnel.by_activity(NOVEMBER, at=DECEMBER)

    assert numbers(counted.steps) == {
        "NEW": 4,
        "MQL": 1,
        "SQL": 0,
        "ACCEPTED": 0,
        "CONTACTED": 0,
        "OPPORTUNITY": 0,
        "CUSTOMER": 2,
    }


def test_where_leads_stand_adds_up_to_the_whole(story):
    counted = funnel.by_cohort(NOVEMBER, at=DECEMBER)

    assert sum(ending.count for ending in counted.endings) == counted.steps[0].count


def test_the_groups_add_up_to_the_whole(story):
    counted = funnel.by_cohort(NOVEMBER, group="source", at=DECEMBER)

    assert {group.key: group.steps[0].count for group in counted.groups} == {
        "webinar": 2,
        "fair": 1,
        "none": 1,
    }


def test_leads_without_a_campaign_are_a_line_of_their_own(story):
    counted = funnel.by_cohort(NOVEMBER, group="campaign", at=DECEMBER)

    assert [group.label for group in counted.groups] == ["No campaign", "Spring"]


def test_months_come_in_their_order(story):
    counted = funnel.by_cohort(Period(), group="month", at=DECEMBER)

    assert [(group.key, group.steps[0].count) for group in counted.groups] == [("2026-10", 1), ("2026-11", 4)]


def test_the_median_is_the_time_since_capture(story):
    customer = funnel.by_cohort(NOVEMBER, at=DECEMBER).steps[-1]

    assert customer.seconds == 14 * 86_400


def test_a_day_is_a_day_also_when_the_clocks_change(db):
    before = datetime(2026, 10, 24, tzinfo=AMSTERDAM)
    LeadFactory(
        captured_at=before, stage=Stage.CUSTOMER, customer_at=datetime(2026, 10, 26, tzinfo=AMSTERDAM)
    )

    assert funnel.by_cohort(Period(), at=DECEMBER).steps[-1].seconds == 2 * 86_400


def test_a_customer_won_before_his_capture_breaks_nothing(db):
    LeadFactory(captured_at=CAPTURED, stage=Stage.CUSTOMER, customer_at=CAPTURED - timedelta(days=2))

    assert funnel.by_cohort(NOVEMBER, at=DECEMBER).steps[-1].seconds == -2 * 86_400


def test_nothing_divided_by_nothing_is_nothing(db):
    assert [step.share for step in funnel.by_cohort(NOVEMBER, at=DECEMBER).steps] == [None] * 7


@pytest.mark.parametrize("question", [funnel.by_cohort, funnel.by_activity])
@pytest.mark.parametrize("period", [NOVEMBER, Period()])
@pytest.mark.parametrize("group", ["", "source", "campaign", "month"])
@pytest.mark.parametrize("source", ["", "fair", "none"])
def test_each_figure_opens_exactly_its_leads(story, question, period, group, source):
    counted = question(period, source=source, group=group, at=DECEMBER)

    steps = [*counted.steps, *(step for each in counted.groups for step in each.steps), *counted.endings]
    for step in steps:
        assert listed(step.url) == step.count, step


def listed(url):
    filters = LeadFilters(QueryDict(url.partition("?")[2]), queryset=Lead.objects.all())
    assert filters.is_valid(), filters.errors
    return filters.qs.aggregate(n=Count("id"))["n"]


def test_compacting_changes_no_figure(story):
    before = funnel.by_cohort(NOVEMBER, group="source", at=DECEMBER)

    counts.compact()

    assert funnel.by_cohort(NOVEMBER, group="source", at=DECEMBER) == before
