"""Adding a lead by hand: who may be known already is shown before anything is added."""

import pytest

from leads.models import Lead
from tests.factories import LeadFactory, SourceFactory

pytestmark = pytest.mark.django_db
JONAS = {
    "first_name": "Jonas",
    "last_name": "Peeters",
    "email": "jonas@kaai.example",
    "phone": "020 555 01 99",
    "company": "Kaai",
}


def test_a_new_lead_is_added_with_what_was_typed(signed_in, mia):
    source = SourceFactory()

    response = signed_in(mia).post("/leads/new/", JONAS | {"source": source.pk, "message": "Wants a price"})

    lead = Lead.objects.get()
    assert response["Location"] == f"/leads/{lead.pk}/"
    assert (lead.contact.full_name, lead.contact.phone, lead.company.name) == (
        "Jonas Peeters",
        "+31205550199",
        "Kaai",
    )
    assert (lead.source, lead.marketer) == (source, mia)
    assert lead.activities.get().body == "Wants a price"


def test_somebody_like_him_is_shown_first(signed_in, mia):
    known = LeadFactory(contact__phone="+31205550199")

    response = signed_in(mia).post("/leads/new/", JONAS)

    assert response.status_code == 422
    assert f'href="/leads/{known.pk}/"' in response.text
    assert "same phone number" in response.text
    assert 'value="Jonas"' in response.text
    assert Lead.objects.count() == 1


def test_the_second_click_adds_it_anyway(signed_in, mia):
    LeadFactory(contact__phone="+31205550199")

    signed_in(mia).post("/leads/new/", JONAS | {"anyway": "1"})

    assert Lead.objects.count() == 2


def test_the_same_address_joins_the_open_lead(signed_in, mia):
    known = LeadFactory(contact__email="jonas@kaai.example")

    response = signed_in(mia).post(
        "/leads/new/", JONAS | {"anyway": "1", "message": "Called again"}, follow=True
    )

    assert Lead.objects.get() == known
    assert "Added to the open lead of this person" in response.text
    assert "Called again" in response.text


def test_the_hint_comes_while_typing(signed_in, mia):
    LeadFactory(contact__email="jonas@kaai.example")

    response = signed_in(mia).post(
        "/leads/new/hint/", {"email": "Jonas@kaai.example"}, headers={"HX-Request": "true"}
    )

    assert response.text.strip().startswith('<div id="hints"')
    assert "same e-mail address" in response.text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Give at least a name"),
        ({"email": "jonas"}, "not an e-mail address"),
        ({"first_name": "x" * 101}, "at most 100 characters"),
        ({"first_name": "J", "company_size": "-3"}, "greater than or equal to 0"),
        ({"first_name": "J", "source": "999"}, "Select a valid choice"),
        ({"first_name": "a\x00b"}, "Null characters are not allowed"),
    ],
)
def test_wrong_input_is_named_and_kept(signed_in, mia, typed, says):
    response = signed_in(mia).post("/leads/new/", typed)

    assert response.status_code == 422
    assert says in response.text
    assert not Lead.objects.exists()


@pytest.mark.parametrize("name", ["fin", "ada"])
def test_who_only_reads_is_refused(request, signed_in, name):
    browser = signed_in(request.getfixturevalue(name))

    assert browser.get("/leads/new/").status_code == 403
    assert browser.post("/leads/new/", JONAS).status_code == 403
    assert browser.post("/leads/new/hint/", JONAS).status_code == 403
    assert not Lead.objects.exists()
