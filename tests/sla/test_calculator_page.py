"""What does a goal take? The page reads the company's own rates, says what breaks first, and fills a draft."""

from datetime import timedelta

import pytest
from django.urls import reverse

from handoff.models import Handoff
from leads.models import Opportunity, Stage
from sla.calculator import rates, staffing
from sla.models import Agreement, TermKind
from smarketing.accounts.models import Absence
from tests.factories import BRIEF, AgreementFactory, LeadFactory
from tests.sla.moments import TUESDAY_NOON, on

pytestmark = pytest.mark.django_db
RATES = {"rate_amount": 10_000, "rate_win": 25, "rate_open": 50, "rate_accept": 80, "rate_qualify": 10}


@pytest.fixture(autouse=True)
def at_tuesday_noon(time_machine):
    time_machine.move_to(TUESDAY_NOON, tick=False)


def look(browser, **asked):
    return browser.get(reverse("sla:calculator"), asked)


def expected(page) -> list[str]:
    return [line.expected for line in page.context["lines"]]


def lead_that(stage, *, amount=None, closed=False):
    """Captured on the second; it reached every stage up to this one a day after the other."""
    moments = {
        f"{name}_at": on(2 + number, "10:00")
        for number, name in enumerate(("sql", "accepted", "opportunity", "customer"), start=1)
        if number <= {"SQL": 1, "ACCEPTED": 2, "OPPORTUNITY": 3, "CUSTOMER": 4}[stage]
    }
    closed_at = {"closed_at": on(20, "10:00"), "stage": Stage.LOST} if closed else {"stage": stage}
    lead = LeadFactory(captured_at=on(2, "10:00"), **moments, **closed_at)
    if amount is not None:
        Opportunity.objects.create(lead=lead, amount=amount, opened_at=on(5, "10:00"), won_at=on(6, "10:00"))
    return lead


def test_any_number_fixed_in_the_address_gives_the_others(signed_in, mia):
    page = look(signed_in(mia), revenue=100_000, **RATES)

    assert expected(page) == ["€100,000", "10", "40", "80", "100", "1,000"]
    assert expected(look(signed_in(mia), leads=1_000, **RATES)) == expected(page)


def test_own_rates_count_only_what_is_decided():
    """Two won, one lost after acceptance, one still open: accepted to opportunity is 2 of 3, won is 2 of 2."""
    lead_that("CUSTOMER", amount=6_000)
    lead_that("CUSTOMER", amount=10_000)
    lead_that("ACCEPTED", closed=True)
    lead_that("ACCEPTED")

    own = rates.own(12, at=TUESDAY_NOON)

    assert (own["open"].expected, own["open"].cases) == (pytest.approx(2 / 3), 3)
    assert (own["win"].expected, own["win"].cases) == (1.0, 2)
    assert (own["amount"].expected, own["amount"].cases) == (8_000, 2)
    assert own["amount"].low < 8_000 < own["amount"].high


def test_what_was_before_the_months_does_not_count():
    lead_that("CUSTOMER", amount=6_000)

    assert rates.own(3, at=TUESDAY_NOON + timedelta(days=200))["win"].cases == 0


def test_without_history_it_asks_to_type(signed_in, mia):
    page = look(signed_in(mia), revenue=100_000)

    assert "nothing known: type one" in page.content.decode()
    assert expected(page)[0] == "€100,000"


def test_without_an_address_it_begins_with_what_is_promised(signed_in, mia):
    AgreementFactory()

    assert expected(look(signed_in(mia), **RATES))[4] == "–"  # rates typed, nothing fixed
    assert expected(look(signed_in(mia)))[4] == "160"


def test_a_contradiction_is_named(signed_in, mia):
    page = look(signed_in(mia), revenue=100_000, sales_ready=50, **RATES).content.decode()

    assert (
        "Sales-ready leads as fixed bring €50,000 revenue, not €100,000: that takes 100 sales-ready leads."
        in page
    )
    assert "unlikely" in page


def test_it_says_what_breaks_first(signed_in, mia, sam):
    AgreementFactory(terms={TermKind.CAPACITY: {"target_count": 60}})

    page = look(signed_in(mia), revenue=100_000, hours_each=0.1, **RATES)

    assert page.context["first"] == (
        "What breaks first: promised capacity of sales. It holds until a revenue of €75,000 a month."
    )


def test_leave_takes_hours_away(sam, sonia):
    Absence.objects.create(user=sam, starts_at=on(30, "00:00"), ends_at=on(3, "00:00", month=12))

    people = staffing.in_a_month(None, at=TUESDAY_NOON)

    assert (people.reps, people.days) == (2, 21.7)
    assert people.away == 3.3  # three working days in four weeks, as a month of them


@pytest.mark.parametrize("wrong", [{"revenue": "lots"}, {"rate_win": 140}, {"months": 5}, {"reps": -1}])
def test_a_wrong_number_is_named_and_the_rest_goes_on(signed_in, mia, wrong):
    page = look(signed_in(mia), **{"sales_ready": 10, **RATES, **wrong})

    assert page.status_code == 422
    assert page.context["form"].errors
    assert page.context["lines"][4].expected == "10"


def test_put_into_a_proposal_fills_the_draft(signed_in, mara):
    AgreementFactory()
    browser = signed_in(mara)
    proposal = look(browser, revenue=100_001, **RATES).context["proposal"]

    answer = browser.post(reverse("sla:put_into_proposal"), proposal)

    draft = Agreement.objects.get(state="DRAFT")
    assert answer.url == reverse("sla:edit_draft", args=[draft.pk])
    targets = dict(draft.terms.values_list("kind", "target_count"))
    assert (targets[TermKind.SQLS_DELIVERED], targets[TermKind.CAPACITY]) == (101, 81)
    assert draft.terms.get(kind=TermKind.REVENUE).target_amount == 100_001
    assert Agreement.objects.in_force().terms.get(kind=TermKind.CAPACITY).target_count == 180


def test_put_in_twice_it_is_one_draft(signed_in, mara):
    for revenue in (100_000, 200_000):
        signed_in(mara).post(
            reverse("sla:put_into_proposal"), {"sales_ready": 5, "accepted": 4, "revenue": revenue}
        )

    assert Agreement.objects.get().terms.get(kind=TermKind.REVENUE).target_amount == 200_000


def test_nothing_fixed_is_not_promised(signed_in, mara):
    assert look(signed_in(mara)).context["proposal"] is None

    signed_in(mara).post(reverse("sla:put_into_proposal"), {"revenue": "nan"})

    assert not Agreement.objects.exists()


def test_who_leads_nobody_sees_the_numbers_and_no_button(signed_in, sam):
    assert "Put into a proposal" not in look(signed_in(sam), revenue=100_000, **RATES).content.decode()


def test_it_says_why_the_scorecard_has_another_share_of_what_is_accepted(signed_in, mia, mara, sam):
    """One lead, returned once and accepted the second time: all leads were accepted, half of the hand-offs."""
    AgreementFactory()
    lead = LeadFactory(stage=Stage.SQL, captured_at=on(20, "10:00"), sql_at=on(20, "10:00"))
    brief = {item["key"]: "x" for item in BRIEF}
    first = Handoff.send(lead, brief=brief, to=sam, by=mia, at=on(23, "10:00"))
    first.return_("OUTSIDE_DEFINITION", "Too small", by=sam, at=on(23, "11:00"))
    lead.refresh_from_db()
    Handoff.send(lead, brief=brief, to=sam, by=mia, at=on(23, "12:00")).accept(by=sam, at=on(23, "13:00"))

    page = look(signed_in(mia))

    accepted = next(line for line in page.context["lines"] if line.note)
    assert "100.0%" in accepted.rate_words
    assert "50.0% of 2 answered" in accepted.note
