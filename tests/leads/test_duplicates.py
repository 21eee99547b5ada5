"""Who may be the same person."""

import pytest

from leads import duplicates
from leads.duplicates import are_alike
from leads.models import Stage
from tests.conftest import TUESDAY_NOON
from tests.factories import CompanyFactory, ContactFactory, LeadFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def noor():
    return LeadFactory(
        contact__email="noor@kaai.example",
        contact__company__domain="kaai.example",
        contact__company__name="Kaai BV",
    )


@pytest.mark.parametrize(
    ("known", "because"),
    [
        ({"email": " NOOR@kaai.example"}, "same e-mail address"),
        ({"phone": "020 555 01 34"}, "same phone number"),
        ({"first_name": "N.", "last_name": "de Wit", "company": "kaai bv"}, "like name at the same company"),
        (
            {"first_name": "Nour", "last_name": "de Wit", "domain": "kaai.example"},
            "like name at the same company",
        ),
        (
            {"first_name": "Noor", "last_name": "de Wit", "email": "n.dewit@kaai.example"},
            "like name at the same company",
        ),
    ],
)
def test_who_may_be_the_same_is_named_with_the_reason(noor, known, because):
    assert [(hint.lead, hint.because) for hint in duplicates.like(**known)] == [(noor, because)]


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"email": "noor@"},
        {"first_name": "Noor", "last_name": "de Wit"},
        {"first_name": "Jan", "last_name": "Bakker", "company": "Kaai BV"},
        {"first_name": "Noor", "last_name": "de Wit", "company": "Holt"},
    ],
)
def test_others_are_not(noor, known):
    assert duplicates.like(**known) == []


def test_of_one_person_the_open_lead_is_shown(noor, mia):
    noor.disqualify("Student", by=mia, at=TUESDAY_NOON)
    open_one = LeadFactory(contact=noor.contact, captured_at=noor.captured_at)
    LeadFactory(contact=noor.contact, stage=Stage.LOST, closed_at=TUESDAY_NOON, captured_at=TUESDAY_NOON)

    assert [hint.lead for hint in duplicates.like(email="noor@kaai.example")] == [open_one]


def test_a_lead_is_no_duplicate_of_itself(noor):
    assert duplicates.of_lead(noor) == []


def test_a_hundred_colleagues_cost_no_more_queries(noor, django_assert_max_num_queries):
    company = CompanyFactory(name="Holt")
    for contact in ContactFactory.create_batch(30, company=company, phone=""):
        LeadFactory(contact=contact)

    with django_assert_max_num_queries(4):
        hints = duplicates.like(
            first_name="Noor", last_name="de Wit", company="Holt", email="noor@kaai.example"
        )

    assert len(hints) == 5
    assert hints[0].is_certain


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("noor de wit", "de wit noor", True),
        ("noor de wit", "n de wit", True),
        ("noor de wit", "j de wit", False),
        ("jan bakker", "jan bakkers", True),
        ("jan bakker", "piet smit", False),
        ("", "jan", False),
    ],
)
def test_names_are_compared_as_people_do(one, other, alike):
    assert are_alike(one, other) is alike
