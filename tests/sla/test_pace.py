"""Where each side stands today, in one line per promise."""

import pytest

from sla.scorecard import pace
from sla.scorecard.standing import Standing
from tests.sla.moments import TUESDAY_NINE, TUESDAY_TEN, on

pytestmark = pytest.mark.django_db
FRIDAY = on(27, "16:00")


def test_each_side_reads_its_own_promises_the_worst_first(agreement, send, sam):
    """20 hand-offs, 15 accepted in time and 5 left open: answers 75% of 90%, where 2 misses are allowed: 3 too many."""
    for _number in range(15):
        send(at=TUESDAY_NINE).accept(by=sam, at=TUESDAY_TEN)
    for _number in range(5):
        send(at=TUESDAY_NINE)

    sales, marketing = (pace.in_words(side, at=FRIDAY) for side in ("SALES", "MARKETING"))

    assert "Answer to a hand-off: 75% of 90%, 3 too many" in sales
    assert sales[-1].startswith("Capacity of sales: 15 of 180") or "behind pace" in sales[-1]
    assert any("Sales-ready leads delivered: 20 of 160, 132 behind pace" in line for line in marketing)


def test_what_cannot_be_judged_yet_is_not_said(agreement, send):
    send()

    assert all("Answer" not in line for line in pace.in_words("SALES", at=TUESDAY_TEN))


def test_without_an_agreement_there_is_nothing_to_say(db):
    assert pace.in_words("SALES", at=FRIDAY) == []


@pytest.mark.parametrize(
    ("actual", "words"),
    [(45, "5 more than promised"), (40, "promise kept"), (33, "7 short of the promise")],
)
def test_a_month_without_working_days_left_is_told_against_the_promise(actual, words):
    assert Standing(unit="count", target=40, actual=actual, cases=actual, pace=40).words == words
