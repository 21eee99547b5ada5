"""The number of an own term: entered each month by who owes it, corrected with a reason once the month is frozen."""

import pytest
from django.urls import reverse

from sla.models import OwnValue, Restatement, ScorecardRow, TermKind
from sla.scorecard import freezing, own_values, restating
from smarketing.accounts.models import Side
from smarketing.periods import month_of
from tests.factories import AgreementFactory
from tests.sla.moments import on

pytestmark = pytest.mark.django_db
NOVEMBER = month_of(on(1, "12:00").date())
SECOND_OF_DECEMBER = on(2, "10:00", month=12)


@pytest.fixture
def own_term(db):
    agreement = AgreementFactory(state="DRAFT")
    term = agreement.terms.create(
        kind=TermKind.OWN, key="webinars", label="Webinars held", side="MARKETING", target_amount=2, position=9
    )  # fmt: skip
    vera, victor = AgreementFactory.signers()
    agreement.propose(by=vera, at=on(1, "09:00"))
    agreement.sign(Side.MARKETING, by=vera, at=on(1, "09:00"))
    agreement.sign(Side.SALES, by=victor, at=on(1, "09:00"))
    term.refresh_from_db()
    return term


def entry(term, value, month="2026-11", note="two in Utrecht") -> dict:
    return {f"term_{term.pk}-month": month, f"term_{term.pk}-value": value, f"term_{term.pk}-note": note}


def enter(term, value, note="", *, by, at):
    return own_values.enter(term, NOVEMBER, value, note, by=by, at=at)


def test_the_owner_enters_the_number_of_a_month_and_may_correct_it(signed_in, mia, own_term):
    browser = signed_in(mia)

    browser.post(reverse("sla:enter_value", args=[own_term.pk]), entry(own_term, "3"))
    browser.post(reverse("sla:enter_value", args=[own_term.pk]), entry(own_term, "4"))

    value = OwnValue.objects.get()
    assert (value.term_key, value.value, value.entered_by) == ("webinars", 4, mia)
    assert "two in Utrecht" in browser.get(reverse("sla:values", args=[own_term.pk])).content.decode()


def test_the_other_side_reads_and_does_not_enter(signed_in, sam, own_term):
    browser = signed_in(sam)

    answer = browser.post(reverse("sla:enter_value", args=[own_term.pk]), entry(own_term, "3"))

    assert answer.status_code == 403
    assert not OwnValue.objects.exists()
    assert "Save the number" not in browser.get(reverse("sla:values", args=[own_term.pk])).content.decode()


@pytest.mark.parametrize(
    ("value", "month", "said"),
    [("many", "2026-11", "Enter a number"), ("3", "2199-01", "has not begun"), ("3", "soon", "valid date")],
)
def test_what_cannot_be_entered_is_told_at_its_field(signed_in, mia, own_term, value, month, said):
    answer = signed_in(mia).post(
        reverse("sla:enter_value", args=[own_term.pk]), entry(own_term, value, month)
    )

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_frozen_number_changes_only_with_a_reason_and_is_restated(own_term, mia):
    enter(own_term, 3, by=mia, at=on(27, "10:00"))
    freezing.freeze(NOVEMBER, at=on(1, "00:05", month=12))

    with pytest.raises(own_values.ReasonNeeded):
        enter(own_term, 4, by=mia, at=SECOND_OF_DECEMBER)
    enter(own_term, 4, "One was held in Breda too", by=mia, at=SECOND_OF_DECEMBER)

    restated = Restatement.objects.get()
    assert (restated.actual_was, restated.actual, restated.by) == (3, 4, mia)
    assert restated.reason == "One was held in Breda too"
    assert ScorecardRow.objects.get(key="webinars").actual == 3


def test_the_comparison_finds_nothing_more_to_say_about_it(own_term, mia):
    freezing.freeze(NOVEMBER, at=on(1, "00:05", month=12))
    enter(own_term, 4, "Entered late", by=mia, at=SECOND_OF_DECEMBER)

    restating.compare_all(SECOND_OF_DECEMBER)

    assert Restatement.objects.count() == 1


def test_the_same_number_again_restates_nothing(own_term, mia):
    enter(own_term, 3, by=mia, at=on(27, "10:00"))
    freezing.freeze(NOVEMBER, at=on(1, "00:05", month=12))

    enter(own_term, 3, by=mia, at=SECOND_OF_DECEMBER)

    assert not Restatement.objects.exists()


def test_the_months_are_listed_since_the_promise_holds(own_term, mia):
    enter(own_term, 3, by=mia, at=on(27, "10:00"))

    months = own_values.months_to_enter(own_term, at=SECOND_OF_DECEMBER)

    assert [(month.first_day.month, value and value.value) for month, value in months] == [
        (12, None),
        (11, 3),
    ]
