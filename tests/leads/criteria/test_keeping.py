"""What the criteria say of the waiting leads is kept: right after any change, from the day on which it changes, under any version."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.criteria import keeping, versions, waiting
from leads.criteria.judging import judge
from leads.criteria.waiting import Show, WaitingList
from leads.models import Campaign, Company, CriteriaSet, KeptVerdict, Lead, LeadToJudge, Rejudging, Stage
from tests.assertions import assert_invariants_hold
from tests.conftest import TUESDAY_NOON
from tests.factories import CriteriaSetFactory, LeadFactory, SourceFactory

pytestmark = pytest.mark.django_db
READY = {"facts": {"vehicles": 60}}


@pytest.fixture
def criteria():
    CriteriaSetFactory()
    return CriteriaSet.objects.in_force()


def listed(show, at=TUESDAY_NOON, **narrowed):
    return WaitingList(CriteriaSet.objects.in_force(), at, show=show, **narrowed)


def ready(at=TUESDAY_NOON):
    return [row.lead for row in listed(Show.READY, at).rows]


def a_ready_lead(mia, **more):
    lead = LeadFactory(**READY, **more)
    for key in ("decider", "budget"):
        judge(lead, key, "YES", by=mia, at=TUESDAY_NOON)
    return lead


def keep_up(at=TUESDAY_NOON):
    return keeping.keep_up(at=at)


def superseded():
    CriteriaSet.objects.filter(state="IN_FORCE").update(state="SUPERSEDED", superseded_at=TUESDAY_NOON)


def test_what_was_judged_is_kept(criteria, mia):
    lead, other = a_ready_lead(mia), LeadFactory()

    keep_up()

    assert KeptVerdict.objects.get(lead=lead).missing == 0
    assert KeptVerdict.objects.get(lead=other).missing > 0
    assert not LeadToJudge.objects.exists()
    assert ready() == [lead]


def test_the_list_is_right_before_anything_was_kept(criteria, mia):
    lead = a_ready_lead(mia)

    assert ready() == [lead]
    assert not KeptVerdict.objects.exists()


@pytest.mark.parametrize("change", ["facts", "answers", "company", "stage"])
def test_a_change_counts_at_once(criteria, mia, change):
    lead = a_ready_lead(mia)
    keep_up()

    match change:
        case "facts":
            Lead.objects.filter(pk=lead.pk).update(facts={"vehicles": 2})
        case "answers":
            judge(lead, "decider", "NO", by=mia, at=TUESDAY_NOON)
        case "company":
            Company.objects.filter(pk=lead.company_id).update(country="US")
        case "stage":
            lead.mark_sales_ready(by=mia, at=TUESDAY_NOON)

    assert ready() == []
    keep_up()
    assert ready() == []
    assert_invariants_hold(TUESDAY_NOON)


def test_a_change_that_no_rule_can_see_writes_nothing(criteria, mia, sam):
    lead = a_ready_lead(mia)
    keep_up()

    Lead.objects.filter(pk=lead.pk).update(owner=sam, next_step="Call")

    assert not LeadToJudge.objects.exists()


def test_who_comes_back_to_marketing_is_judged_again(criteria, mia):
    lead = a_ready_lead(mia, stage=Stage.SQL)
    keep_up()
    lead.recycle("Not now", by=mia, at=TUESDAY_NOON)

    keep_up()

    assert ready() == [lead]


def test_a_new_version_counts_at_once_and_is_kept_in_time(criteria, mia):
    lead = a_ready_lead(mia)
    without_budget = LeadFactory(**READY, source=SourceFactory(key="fair"))
    judge(without_budget, "decider", "YES", by=mia, at=TUESDAY_NOON)
    keep_up()
    assert ready() == [lead]

    superseded()
    newer = CriteriaSetFactory(points_needed=0)

    assert set(ready()) == {lead, without_budget}
    keep_up()
    assert set(ready()) == {lead, without_budget}
    assert Rejudging.objects.get(criteria_set=newer).done_at
    assert set(KeptVerdict.objects.values_list("criteria_set", flat=True)) == {newer.pk}


def test_a_version_that_comes_back_trusts_nothing_of_its_first_time(criteria, mia):
    lead = a_ready_lead(mia)
    keep_up()
    superseded()
    keep_up()
    Lead.objects.filter(pk=lead.pk).update(facts={})
    keep_up()  # nothing is in force: the line is gone, and what was kept stands as it was

    versions.install(CriteriaSet.objects.get(pk=criteria.pk), at=TUESDAY_NOON)

    assert ready() == []


def test_a_rule_about_days_changes_on_its_day(mia):
    CriteriaSetFactory(
        points_needed=0,
        lines=[
            {
                "key": "fresh",
                "label": "Fresh",
                "required": True,
                "rule": {"fact": "seen_on", "op": "within_last_days", "value": 7},
            }
        ],
    )
    today = timezone.localtime(TUESDAY_NOON).date()
    lead = LeadFactory(facts={"seen_on": today.isoformat()})
    LeadFactory(facts={"seen_on": "2001-01-01"})
    coming = LeadFactory(facts={"seen_on": (today + timedelta(days=3)).isoformat()})
    keep_up()

    days = dict(KeptVerdict.objects.values_list("lead", "changes_on"))
    assert days[lead.pk] == today + timedelta(days=8)
    assert days[coming.pk] == today + timedelta(days=3)
    assert list(days.values()).count(None) == 1
    for later in (0, 3, 7, 8, 10, 11):
        at = TUESDAY_NOON + timedelta(days=later)
        expected = {lead for lead, first, last in ((lead, 0, 7), (coming, 3, 10)) if first <= later <= last}
        assert set(ready(at)) == expected, later
        keep_up(at)
        assert set(ready(at)) == expected, later
        assert_invariants_hold(at)


def test_ready_looks_past_the_first_leads(criteria, mia, monkeypatch):
    monkeypatch.setattr(waiting, "LOOKED_THROUGH", 3)
    oldest = a_ready_lead(mia, captured_at=TUESDAY_NOON - timedelta(days=30))
    for _ in range(5):
        LeadFactory()
    assert listed(Show.READY).is_partial
    assert ready() == []

    keep_up()

    assert ready() == [oldest]
    assert not listed(Show.READY).is_partial


def test_an_invariant_finds_what_is_kept_wrongly(criteria, mia):
    a_ready_lead(mia)
    keep_up()
    KeptVerdict.objects.update(missing=5)

    assert list(keeping.disagreements(TUESDAY_NOON))


def test_a_renamed_campaign_is_a_change_of_its_leads(criteria):
    campaign = Campaign.objects.create(name="Spring")
    lead = LeadFactory(campaign=campaign)
    keep_up()

    campaign.name = "Autumn"
    campaign.save()

    assert list(LeadToJudge.objects.values_list("lead", flat=True)) == [lead.pk]


def test_more_ready_leads_cost_no_more_queries(criteria, mia):
    a_ready_lead(mia)
    keep_up()

    def read():
        return len(listed(Show.READY).rows)

    with CaptureQueriesContext(connection) as of_one:
        read()
    for _ in range(8):
        a_ready_lead(mia)
    keep_up()
    with CaptureQueriesContext(connection) as of_nine:
        assert read() == 9

    assert len(of_nine) == len(of_one)
