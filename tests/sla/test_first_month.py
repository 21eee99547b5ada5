"""The month in which the first agreement comes into force: what lies before it was not promised, and a number for a month is a smaller one."""

from datetime import date

import pytest

from handoff.models import Handoff
from handoff.usual_brief import USUAL_BRIEF
from leads.models import Stage
from sla.models import Agreement, TermKind
from sla.scorecard import cases, freezing, history, measuring
from sla.scorecard.facts import ALL, behind
from smarketing.periods import month_of
from tests.factories import AgreementFactory, LeadFactory
from tests.sla.moments import on

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = month_of(date(2026, 11, 1)), month_of(date(2026, 12, 1))
TUESDAY = on(24, "08:00")  # 24, 25, 26, 27 and 30: five of the 21 working days of November
BRIEF = {"why_now": "Asked for a price", "wants": "Lower fuel costs"}
TERMS = {TermKind.SQLS_DELIVERED: {"target_count": 42}}


@pytest.fixture
def first(db):
    return AgreementFactory(at=TUESDAY, brief_items=USUAL_BRIEF, terms=TERMS)


def hand_over(at, *, by, to):
    return Handoff.send(LeadFactory(stage=Stage.SQL, sql_at=at), brief=BRIEF, to=to, by=by, at=at)


def delivered(month=NOVEMBER, *, at):
    return next(each for each in measuring.of_month(month, at=at) if each.key == "sqls_delivered")


def test_a_number_for_a_month_is_one_for_the_days_that_are_left(first):
    assert delivered(at=on(24, "12:00")).target == 10, "five of 21 days of 42"
    assert delivered(DECEMBER, at=on(1, "12:00", month=12)).target == 42


def test_the_pace_counts_from_its_first_day(first):
    assert delivered(at=on(24, "12:00")).pace == 2
    assert delivered(at=on(26, "12:00")).pace == 6
    assert delivered(at=on(24, "12:00")).words == "2 behind pace"


def test_what_was_handed_over_before_does_not_count(db, mia, sam):
    hand_over(on(23, "11:00"), by=mia, to=sam)
    AgreementFactory(at=TUESDAY, brief_items=USUAL_BRIEF, terms=TERMS)
    new = hand_over(on(24, "11:00"), by=mia, to=sam)

    figure = delivered(at=on(24, "12:00"))

    assert figure.actual == 1
    assert list(behind(figure.term, NOVEMBER, ALL, at=on(24, "12:00"))) == [new]
    assert {tab["count"] for tab in cases.tabs(figure.term, NOVEMBER, ALL, at=on(24, "12:00"))} == {1}


def test_a_share_is_a_share_of_what_came_since(db, mia, sam):
    old = hand_over(on(23, "11:00"), by=mia, to=sam)
    AgreementFactory(at=TUESDAY, brief_items=USUAL_BRIEF)
    old.accept(by=sam, at=on(24, "09:30"))

    quality = next(
        each for each in measuring.of_month(NOVEMBER, at=on(24, "12:00")) if each.key == "sql_quality"
    )

    assert quality.cases == 0


def test_of_a_quarter_too(db, mia, sam):
    hand_over(on(23, "11:00"), by=mia, to=sam)
    terms = {TermKind.SQLS_DELIVERED: {"period": "QUARTER", "target_count": 132}}
    AgreementFactory(at=TUESDAY, brief_items=USUAL_BRIEF, terms=terms)

    figure = delivered(at=on(24, "12:00"))

    assert figure.target == round(132 * 28 / 66), "28 of the 66 working days of the quarter"
    assert figure.actual == 0
    assert delivered(DECEMBER, at=on(1, "12:00", month=12)).actual == 0, "December still leaves them out"


def test_the_second_version_in_the_same_month_changes_nothing_of_it(first):
    second = Agreement.draft_from(first, by=None, at=on(25, "10:00"))
    second.terms.filter(kind=TermKind.SQLS_DELIVERED).update(target_count=84)
    vera, victor = AgreementFactory.signers()
    second.propose(by=vera, at=on(25, "10:00"))
    second.sign("MARKETING", by=vera, at=on(25, "10:00"))
    second.sign("SALES", by=victor, at=on(25, "10:00"))

    assert delivered(at=on(25, "12:00")).target == 20, "its target, since the first day of the first"


def test_a_later_first_version_of_a_month_is_for_the_whole_month(first):
    assert delivered(DECEMBER, at=on(10, "12:00", month=12)).pace == pytest.approx(42 * 8 / 23, abs=0.1)


def test_it_is_frozen_as_it_was_promised_and_says_why(first):
    freezing.freeze(NOVEMBER, at=on(1, "00:00", month=12))

    [line] = [
        line
        for line in history.scorecard(NOVEMBER, at=on(2, "12:00", month=12)).lines
        if line.term.key == "sqls_delivered"
    ]

    assert line.figure.target == 10
    assert line.figure.part_words == "42, for the days since the first agreement"


def test_a_whole_month_says_nothing_of_it(first):
    assert delivered(DECEMBER, at=on(1, "12:00", month=12)).part_words == ""
