"""Search finds leads by a few letters, for the palette as JSON and for everybody as a page."""

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, TextField

from leads.models import Contact
from leads.searching import ACCENTED, SEPARATORS, prefixes
from tests.factories import ContactFactory, LeadFactory

pytestmark = pytest.mark.django_db


def found(browser, words):
    response = browser.get("/search", {"q": words}, headers={"Accept": "application/json"})
    return [result["label"] for result in response.json()["results"]]


def test_the_palette_gets_at_most_eight(signed_in, sam):
    LeadFactory.create_batch(9)

    assert len(found(signed_in(sam), "noor")) == 8


@pytest.mark.parametrize("words", ["jan", "JÁN sm", "smít", "kaai", "jan@", "555-01", "31205550177"])
def test_part_of_a_name_company_address_or_number_is_enough(signed_in, sam, words):
    LeadFactory()
    LeadFactory(
        contact__first_name="Ján",
        contact__last_name="Smit",
        contact__email="jan@555-01.example",
        contact__phone="+31205550177",
        contact__company_name="Kaai",
    )

    assert found(signed_in(sam), words) == ["Ján Smit"]


@pytest.mark.parametrize(
    "name",
    [
        "Jan Smit",
        ACCENTED,
        ACCENTED.upper(),
        "b".join(SEPARATORS[:7]),
        "b".join(SEPARATORS[7:]),
        "Åse-O'Łukasz",
    ],
)
def test_the_words_kept_are_the_words_that_are_sought(name):
    ContactFactory(first_name=name, last_name="", company_name="", email="", phone="")

    kept = Contact.objects.values_list(
        Func("search", function="tsvector_to_array", output_field=ArrayField(TextField()))
    ).get()[0]

    assert sorted(kept) == sorted(set(prefixes(name)))


@pytest.mark.parametrize(
    "words", ["", "   ", "nobody", "&|!():*<>", "'; DROP TABLE leads_lead; --", "\x00", "é" * 500]
)
def test_nothing_is_found_without_failing(signed_in, sam, words):
    LeadFactory()

    assert found(signed_in(sam), words) == []


def test_there_is_a_page_without_script(signed_in, sam):
    lead = LeadFactory()

    page = signed_in(sam).get("/search", {"q": "noor"}).text

    assert f'href="/leads/{lead.pk}/"' in page
    assert "/leads/?q=noor" in page


def test_strangers_must_sign_in(client):
    assert client.get("/search?q=noor").status_code == 302
