"""Changing by hand what is known, without overwriting a colleague."""

import pytest

from leads.editing import EditedMeanwhile, EmailTaken, ExternalIdTaken, edit
from leads.models import ActivityKind, Company, Lead
from tests.conftest import TUESDAY_NOON
from tests.factories import CompanyFactory, ContactFactory, LeadFactory, SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return LeadFactory()


def change(lead, by=None, expected_version=1, **changes):
    return edit(lead, changes, expected_version=expected_version, by=by, at=TUESDAY_NOON)


def test_an_edit_says_which_fields_but_never_the_values(lead, sam):
    entry = change(lead, by=sam, first_name=" Nora ", phone="030 123 45 67")

    assert (lead.contact.first_name, lead.contact.phone) == ("Nora", "+31301234567")
    assert (entry.kind, entry.actor, entry.details) == (
        ActivityKind.EDIT,
        sam,
        {"fields": ["first_name", "phone"]},
    )
    assert "Nora" not in str(vars(entry))


def test_saving_what_stands_there_is_no_edit(lead):
    assert change(lead, first_name="Noor", company_size=240) is None
    assert Lead.objects.get(pk=lead.pk).version == 1


def test_the_second_of_two_edits_is_told_who_was_first(lead, sam, sonia):
    change(lead, by=sam, first_name="Nora")

    with pytest.raises(EditedMeanwhile, match="Sam Smit changed this lead") as told:
        change(lead, by=sonia, first_name="Norah")

    assert (told.value.who, told.value.lead.contact.first_name) == (sam, "Nora")


def test_an_edit_after_a_move_is_told_of_the_move(lead, sam, mia):
    lead.qualify(by=mia, at=TUESDAY_NOON)

    with pytest.raises(EditedMeanwhile, match="Mia Smit moved this lead to Qualified"):
        change(lead, by=sam, first_name="Nora")


def test_an_address_of_somebody_else_is_refused(lead):
    other = ContactFactory(email="jonas@kaai.example")

    with pytest.raises(EmailTaken) as refused:
        change(lead, email="JONAS@kaai.example")

    assert refused.value.contact == other


def test_an_external_id_of_another_lead_is_refused(lead):
    LeadFactory(external_id="crm-1")

    with pytest.raises(ExternalIdTaken):
        change(lead, external_id="crm-1")


def test_the_only_contact_of_a_company_renames_it(lead):
    company = lead.company

    change(lead, company="Vandersteen Transport")

    company.refresh_from_db()
    assert company.name == lead.contact.company_name == "Vandersteen Transport"


def test_a_colleague_keeps_the_company_when_somebody_leaves_it(lead):
    colleague = ContactFactory(company=lead.company)

    change(lead, company="Kaai")

    colleague.refresh_from_db()
    assert (lead.company.name, colleague.company.name) == ("Kaai", "Vandersteen Logistics")


def test_the_name_of_a_known_company_moves_the_contact_there(lead):
    kaai = CompanyFactory(name="Kaai")

    change(lead, company="kaai")

    assert lead.company == lead.contact.company == kaai
    assert Company.objects.count() == 2


def test_a_lead_without_company_gets_one():
    lead = LeadFactory(contact__company=None, company=None)

    change(lead, company="Kaai", company_size=12, country="nl")

    assert (lead.company.name, lead.company.size, lead.company.country) == ("Kaai", 12, "NL")


def test_the_domain_of_another_company_moves_the_contact_there(lead):
    kaai = CompanyFactory(domain="kaai.example", size=5)

    change(lead, company_domain="https://Kaai.example/", company_size=6)

    kaai.refresh_from_db()
    assert (lead.company, kaai.size) == (kaai, 6)


def test_the_values_that_criteria_test_are_kept_over_time(lead, mia):
    change(lead, by=mia, company_size=300, source=SourceFactory(key="fair"), **{"fact:vehicles": 40})

    kept = dict(lead.fact_history.values_list("key", "value"))
    assert kept == {"company_size": 300, "source": "Fair", "vehicles": 40}
    assert lead.facts == {"vehicles": 40}
