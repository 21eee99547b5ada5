"""Editing facts in the browser: only what was touched changes, and a colleague is never overwritten unseen."""

import pytest

from leads.editing import edit
from leads.models import Lead
from tests.conftest import TUESDAY_NOON
from tests.factories import ContactFactory, LeadFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead():
    return LeadFactory(facts={"vehicles": 40})


@pytest.fixture
def opened(signed_in, sam, lead):
    """Sam has the form open: what his browser would send, and a way to send it."""
    browser = signed_in(sam)
    path = f"/leads/{lead.pk}/edit/"
    form = browser.get(path).context["form"]
    fields = {}
    for name, field in form.fields.items():
        value = form[name].value()
        text = "" if value is None or value is False else str(value)
        fields[name] = text
        if field.show_hidden_initial:
            fields[f"initial-{name}"] = text
    fields = {name: value for name, value in fields.items() if name != "do_not_contact"}

    def send(headers=None, **changes):
        return browser.post(path, fields | changes, headers=headers)

    return send


def fresh(lead):
    return Lead.objects.select_related("contact", "company").get(pk=lead.pk)


def test_what_was_typed_is_saved(opened, lead):
    response = opened(first_name="Nora", company_size="300", **{"fact:vehicles": "41"})

    assert response.status_code == 302
    assert (fresh(lead).contact.first_name, fresh(lead).company.size, fresh(lead).facts) == (
        "Nora",
        300,
        {"vehicles": 41},
    )


def test_nothing_touched_is_nothing_changed(opened, lead):
    opened()

    assert fresh(lead).version == 1
    assert not lead.activities.exists()


def test_a_further_fact_can_be_added(opened, lead):
    opened(fact_name="Budget named", fact_value="true")

    assert fresh(lead).facts == {"vehicles": 40, "budget_named": True}


def test_who_asked_not_to_be_contacted_is_marked(opened, lead):
    opened(do_not_contact="on")

    assert not fresh(lead).contact.may_be_contacted


def test_wrong_input_keeps_what_was_typed(opened, lead):
    response = opened(email="noor", first_name="Nora", company_size="many")

    assert response.status_code == 422
    assert "name@company.example" in response.text
    assert 'value="Nora"' in response.text
    assert fresh(lead).contact.first_name == "Noor"


def test_an_address_of_somebody_else_is_named(opened, lead):
    ContactFactory(first_name="Jonas", email="jonas@kaai.example")

    response = opened(email="jonas@kaai.example")

    assert response.status_code == 422
    assert "belongs to Jonas de Wit" in response.text


def test_a_late_save_is_told_who_was_first_and_keeps_what_was_typed(opened, lead, sonia):
    edit(lead, {"phone": "030 1234567", "job_title": "Owner"}, expected_version=1, by=sonia, at=TUESDAY_NOON)

    late = opened(phone="+31 20 111 11 11")

    assert late.status_code == 409
    assert "Sonia Smit changed this lead" in late.text
    assert "+31 20 111 11 11" in late.text
    assert "+31301234567" in late.text
    assert fresh(lead).contact.phone == "+31301234567"


def test_saving_again_changes_only_what_was_touched(opened, lead, sonia):
    edit(lead, {"phone": "030 1234567", "job_title": "Owner"}, expected_version=1, by=sonia, at=TUESDAY_NOON)
    version = opened(phone="+31201111111").context["form"].data["version"]

    opened(phone="+31201111111", version=version)

    assert (fresh(lead).contact.phone, fresh(lead).contact.job_title) == ("+31201111111", "Owner")


def test_one_field_can_be_edited_in_its_place(signed_in, sam, lead):
    browser = signed_in(sam)
    path = f"/leads/{lead.pk}/edit/?field=phone"

    form = browser.get(path, headers=HTMX)
    saved = browser.post(
        path, {"version": 1, "initial-phone": "+31205550134", "phone": "030 1234567"}, headers=HTMX
    )

    assert list(form.context["form"].fields) == ["phone", "version"]
    assert saved.text.startswith('<section id="facts"')
    assert "+31301234567" in saved.text


@pytest.mark.parametrize("text", ["<b>x</b>\"'", "\u202eשלום", "🙂", "a\x00b", "x" * 10_000, "=1+1"])
def test_a_hostile_text_in_every_field_is_saved_or_refused_in_words(opened, lead, text):
    names = (
        "first_name",
        "last_name",
        "phone",
        "job_title",
        "consent",
        "company",
        "industry",
        "city",
        "fact_name",
        "fact_value",
    )

    response = opened(**dict.fromkeys(names, text))

    assert response.status_code in (302, 422)
    assert "<b>x</b>" not in response.text
