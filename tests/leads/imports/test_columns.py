"""Which column of a file goes where: guessed by its header, chosen by a person, refused when it cannot be."""

import pytest

from leads.imports import columns
from leads.imports.forms import GROUPS


def test_headers_are_recognised_in_three_languages():
    headers = [
        "E-mailadres",
        "Tel",
        "Voornaam",
        "Sobrenome",
        "Bedrijf",
        "Lead Source",
        "Won date",
        "Functie",
        "fact:Site visits",
    ]

    guesses = columns.guess(headers)

    assert [guesses[header].field for header in headers] == [
        "email",
        "phone",
        "first_name",
        "last_name",
        "company",
        "source",
        "customer_at",
        "job_title",
        "fact:site_visits",
    ]
    assert all(guess.sure for guess in guesses.values())


def test_a_guess_is_marked_as_one_and_no_field_is_given_twice():
    guesses = columns.guess(["Private phone number", "Phone", "Something"])

    assert guesses["Phone"] == columns.Guess("phone", True)
    assert guesses["Private phone number"] == columns.Guess("", False)
    assert columns.guess(["Private phone number"])["Private phone number"] == columns.Guess("phone", False)


@pytest.mark.parametrize(
    "chosen",
    [{"X": "email"}, {"A": "nonsense"}, {"A": "email", "B": "email"}, {"A": "fact:"}, {"A": "fact:!"}],
)
def test_a_mapping_that_cannot_be_is_refused(chosen):
    with pytest.raises(columns.UnknownField):
        columns.check(chosen, ["A", "B"])


def test_every_field_of_the_list_can_be_chosen_on_the_page():
    assert sorted(field for _label, fields in GROUPS for field in fields) == sorted(columns.FIELDS)
