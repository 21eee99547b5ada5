"""What was promised for a month, and what came of it."""

from datetime import timedelta

import pytest

from dashboard import promises
from handoff.models import Handoff
from leads.models import Stage
from sla.models import TermKind
from smarketing.periods import month_of
from tests.conftest import TUESDAY_NOON
from tests.factories import BRIEF, MONDAY_MORNING, AgreementFactory, LeadFactory

pytestmark = pytest.mark.django_db
NOVEMBER = month_of(TUESDAY_NOON.date())
TOLD = {item["key"]: "Asked for a price" for item in BRIEF}


def kept(at=TUESDAY_NOON):
    return {promise.key: promise for promise in promises.for_month(NOVEMBER, at=at)}


def hand_over(mia, to, at=TUESDAY_NOON):
    return Handoff.send(LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING), brief=TOLD, to=to, by=mia, at=at)


def test_without_an_agreement_nothing_is_promised(db):
    assert promises.for_month(NOVEMBER, at=TUESDAY_NOON) == []


def test_hand_offs_are_counted_with_the_pace(db, mia, sam):
    AgreementFactory()
    hand_over(mia, sam)

    delivered = kept()[TermKind.SQLS_DELIVERED.lower()]

    assert (delivered.actual, delivered.target) == (1, 160)
    assert delivered.pace == round(160 * 17 / 21, 1)  # Tuesday the 24th is the 17th of 21 working days


def test_an_accepted_hand_off_is_quality_and_a_returned_one_is_not(db, mia, sam):
    AgreementFactory()
    hand_over(mia, sam).accept(by=sam, at=TUESDAY_NOON + timedelta(minutes=5))
    hand_over(mia, sam).return_("WRONG_ROUTE", "", by=sam, at=TUESDAY_NOON + timedelta(minutes=5))

    quality = kept()[TermKind.SQL_QUALITY.lower()]

    assert (quality.actual, quality.cases, quality.misses) == (50, 2, 1)


def test_open_and_overdue_counts_as_missed_open_in_time_not_yet(db, mia, sam):
    AgreementFactory()
    hand_over(mia, sam)

    assert kept()[TermKind.ANSWER_HANDOFF.lower()].cases == 0
    late = kept(at=TUESDAY_NOON + timedelta(days=2))[TermKind.ANSWER_HANDOFF.lower()]
    assert (late.actual, late.misses) == (0, 1)


def test_under_twenty_cases_there_is_too_little_to_judge(db, mia, sam):
    AgreementFactory()
    hand_over(mia, sam).accept(by=sam, at=TUESDAY_NOON + timedelta(minutes=5))

    answer = kept()[TermKind.ANSWER_HANDOFF.lower()]

    assert answer.is_few
    assert answer.state == "calm"


def test_each_promise_opens_exactly_its_hand_offs(db, signed_in, max, mia, sam):
    AgreementFactory()
    hand_over(mia, sam).accept(by=sam, at=TUESDAY_NOON + timedelta(minutes=5))
    hand_over(mia, sam)

    for promise in kept().values():
        if "/dashboard/promises/" in promise.url:
            page = signed_in(max).get(promise.url).context["page"]
            assert page.paginator.count == (promise.cases - (promise.misses or 0)), promise.key
