"""The daily counts follow the facts, whoever changes them and however."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dashboard import counting, counts
from dashboard.models import OF_COHORT, CountDelta, SourceDay
from leads.models import Lead, Opportunity, Stage
from smarketing.periods import Period, month_of, months_back
from tests.conftest import TUESDAY_NOON
from tests.factories import CampaignFactory, LeadFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


def total(column):
    return CountDelta.objects.aggregate(total=Sum(column))["total"]


def test_a_new_lead_is_counted_on_its_day():
    LeadFactory()

    delta = CountDelta.objects.get()
    assert (str(delta.day), delta.source.key, delta.cohort_captured, delta.cohort_moving) == (
        "2026-11-23",
        "webinar",
        1,
        1,
    )


def test_the_day_is_the_companys_not_that_of_utc():
    LeadFactory(captured_at=TUESDAY_NOON.replace(hour=0, minute=30))

    assert str(CountDelta.objects.get().day) == "2026-11-24"


def test_a_move_is_counted_where_the_lead_was_captured_and_on_its_own_day(mia):
    LeadFactory().qualify(by=mia, at=TUESDAY_NOON)

    assert total("cohort_mql") == 1
    assert CountDelta.objects.get(entered_mql=1).day == TUESDAY_NOON.date()


def test_a_change_that_counts_nothing_writes_nothing():
    lead = LeadFactory()
    CountDelta.objects.all().delete()

    Lead.objects.filter(pk=lead.pk).update(next_step="Call again")

    assert not CountDelta.objects.exists()


def test_another_source_takes_the_lead_and_its_amount_along():
    lead = LeadFactory(stage=Stage.CUSTOMER, customer_at=TUESDAY_NOON)
    Opportunity.objects.create(lead=lead, amount=900, opened_at=TUESDAY_NOON, won_at=TUESDAY_NOON)
    fair = SourceFactory(key="fair")

    Lead.objects.filter(pk=lead.pk).update(source=fair)
    counts.compact()

    won = SourceDay.objects.filter(source=fair).aggregate(
        Sum("cohort_amount"), Sum("entered_amount"), Sum("cohort_customer")
    )
    assert list(won.values()) == [Decimal(900), Decimal(900), 1]
    assert counts.disagreements() == []


def test_an_amount_in_another_currency_is_not_added():
    lead = LeadFactory(stage=Stage.CUSTOMER, customer_at=TUESDAY_NOON)

    Opportunity.objects.create(
        lead=lead, amount=900, currency="SEK", opened_at=TUESDAY_NOON, won_at=TUESDAY_NOON
    )

    assert total("cohort_amount") == 0


def test_compacting_changes_no_sum_and_empties_the_differences(mia):
    LeadFactory().qualify(by=mia, at=TUESDAY_NOON)

    counts.compact()

    assert not CountDelta.objects.exists()
    assert SourceDay.objects.aggregate(Sum("cohort_captured"), Sum("entered_mql")) == {
        "cohort_captured__sum": 1,
        "entered_mql__sum": 1,
    }


def test_compacting_in_small_steps_comes_to_the_same():
    for _ in range(5):
        LeadFactory()

    while counts.compact(at_most=2):
        pass

    assert SourceDay.objects.aggregate(n=Sum("cohort_captured"))["n"] == 5
    assert counts.disagreements() == []


def test_a_wrong_count_is_found_and_mended_by_a_recount():
    LeadFactory()
    counts.compact()
    SourceDay.objects.update(cohort_captured=7)
    assert counts.disagreements()

    counts.recount()

    assert counts.disagreements() == []


class AnyHistory(TestCase):
    """Any sequence of moves, edits, raw updates, deletions and compactings leaves counts that a recount confirms."""

    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.tuples(
                st.sampled_from("move edit win raw delete compact capture".split()), st.integers(0, 99)
            ),
            max_size=12,
        )
    )
    def test_counts_agree_with_the_facts(self, acts):
        rep = UserFactory()
        leads = [LeadFactory()]
        for number, (act, dice) in enumerate(acts):
            self.do(act, dice, leads, rep, TUESDAY_NOON + timedelta(hours=7 * number))

        assert counts.disagreements() == []

    def do(self, act, dice, leads, rep, at):
        lead = leads[dice % len(leads)] if leads else None
        if act == "capture" or lead is None:
            leads.append(LeadFactory(captured_at=at, campaign=CampaignFactory() if dice % 2 else None))
        elif act == "move":
            from leads.models import NEXT_STAGES

            following = sorted(NEXT_STAGES[lead.stage])
            if following:
                lead._move_to(Stage(following[dice % len(following)]), by=rep, at=at)
        elif act == "edit":
            Lead.objects.filter(pk=lead.pk).update(
                source=SourceFactory(key=f"source{dice % 3}"), captured_at=at
            )
        elif act == "win":
            Opportunity.objects.update_or_create(
                lead=lead, defaults={"amount": dice, "opened_at": at, "won_at": at if dice % 2 else None}
            )
        elif act == "raw":
            with connection.cursor() as cursor:
                cursor.execute("UPDATE leads_lead SET mql_at = captured_at WHERE mql_at IS NULL")
        elif act == "delete":
            Opportunity.objects.filter(lead=lead).delete()
        else:
            counts.compact()


def test_the_months_and_the_groups_add_up_to_what_the_whole_says(mia):
    for day in (20, 23):
        LeadFactory(captured_at=TUESDAY_NOON - timedelta(days=day))
    LeadFactory(captured_at=TUESDAY_NOON, source=SourceFactory(key="webinar"))
    november = month_of(TUESDAY_NOON.date())
    october, _november = months = months_back(november, 2)

    for month, entered in zip(months, counting.of_months(months), strict=True):
        assert entered.items() <= counting.total(month).items()
    by_source = counting.by("source", november, columns=OF_COHORT)
    assert counting.added_up(by_source, OF_COHORT).items() <= counting.total(november).items()
    assert counting.total(november)["cohort_captured"] + counting.total(october)["cohort_captured"] == 3


def test_twelve_months_are_counted_at_once_as_they_are_one_by_one(mia):
    for day in (20, 23, 60):
        LeadFactory(captured_at=TUESDAY_NOON - timedelta(days=day))
    LeadFactory(captured_at=TUESDAY_NOON, source=SourceFactory(key="webinar"))
    months = months_back(month_of(TUESDAY_NOON.date()), 12)
    year = Period(months[0].first, months[-1].end)

    with CaptureQueriesContext(connection) as asked:
        rows, captured = counting.with_months("source", year, months, source=None, columns=OF_COHORT)

    assert len(asked) == 1
    assert rows == counting.by("source", year, columns=OF_COHORT)
    assert captured == counting.captured_by_month("source", months, source=None)
