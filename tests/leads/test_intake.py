"""Somebody shows interest: one person, one open lead, however often and by whatever way he comes in."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from leads.captured import CannotCapture, CapturedCompany, CapturedContact, CapturedLead
from leads.intake import capture
from leads.models import Activity, ActivityKind, Campaign, Company, Contact, Lead, Source, Stage, StageChange
from leads.signals import lead_captured
from tests.conftest import TUESDAY_NOON
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db

NOOR = CapturedLead(
    contact=CapturedContact("Noor", "de Wit", "Noor@Vandersteen.example", "020 555 01 34", "Director", "nl"),
    company=CapturedCompany("Vandersteen", "www.vandersteen.example", 240, "Logistics", "NL", "Utrecht"),
    source="webinar",
    campaign="Fuel Q4",
    message="Price for 40 trucks",
    facts={"vehicles": 40},
)


def captured(data=NOOR, by=None):
    return capture(data, by=by, at=TUESDAY_NOON)


def test_a_form_becomes_a_lead_with_all_that_was_said():
    lead = captured().lead

    lead.refresh_from_db()
    assert (lead.stage, lead.captured_at, lead.source.key, lead.campaign.name) == (
        "NEW",
        TUESDAY_NOON,
        "webinar",
        "Fuel Q4",
    )
    assert (lead.contact.email, lead.contact.phone) == ("noor@vandersteen.example", "+31205550134")
    assert (lead.company.name, lead.company.domain, lead.company.size) == (
        "Vandersteen",
        "vandersteen.example",
        240,
    )
    assert lead.facts == {"vehicles": 40}
    assert lead.campaign.source == lead.source


def test_its_history_begins_with_the_capture(mia):
    result = captured(by=mia)

    assert (result.change.from_stage, result.change.to_stage, result.change.changed_by) == (
        "",
        Stage.NEW,
        mia,
    )
    assert result.lead.activities.get().body == "Price for 40 trucks"
    assert result.lead.fact_history.get().value == 40
    assert result.lead.marketer == mia


def test_others_hear_of_it_once():
    heard = []
    lead_captured.connect(listener := lambda lead, **_: heard.append(lead))

    first = captured()
    captured()

    assert heard == [first.lead]
    assert lead_captured.disconnect(listener)


@pytest.mark.parametrize(
    ("again", "matched_by"),
    [
        (CapturedLead(external_id="crm-1"), "external_id"),
        (CapturedLead(contact=CapturedContact(email="NOOR@vandersteen.example")), "email"),
        (CapturedLead(contact=CapturedContact(phone="+31 (0)20 5550134")), "phone"),
    ],
)
def test_the_same_person_joins_the_open_lead(again, matched_by):
    first = captured(replace(NOOR, external_id="crm-1"))

    second = captured(again)

    assert (second.lead, second.change, second.matched_by) == (first.lead, None, matched_by)
    assert first.lead.activities.filter(kind=ActivityKind.FORM).count() == 2


def test_the_first_source_stays():
    captured()

    lead = captured(replace(NOOR, source="trade fair", campaign="Utrecht")).lead

    lead.refresh_from_db()
    assert (lead.source.key, lead.campaign.name) == ("webinar", "Fuel Q4")
    assert lead.activities.latest("id").details["source"] == "trade fair"


def test_what_was_empty_is_filled_and_what_was_known_stays():
    captured(CapturedLead(contact=CapturedContact(first_name="Noor", email="noor@vandersteen.example")))

    lead = captured(replace(NOOR, contact=replace(NOOR.contact, first_name="Nora"))).lead

    lead.refresh_from_db()
    assert (lead.contact.first_name, lead.contact.last_name, lead.company.name) == (
        "Noor",
        "de Wit",
        "Vandersteen",
    )


def test_a_shared_phone_number_does_not_make_one_person_of_two_addresses():
    first = captured()

    second = captured(replace(NOOR, contact=replace(NOOR.contact, email="jan@vandersteen.example")))

    assert second.lead != first.lead
    assert second.lead.company == first.lead.company


def test_after_a_closed_lead_a_new_interest_is_a_new_lead(mia):
    first = captured().lead
    first.disqualify("Student", by=mia, at=TUESDAY_NOON)

    second = captured()

    assert second.is_new
    assert second.lead.contact == first.contact


def test_an_external_id_finds_its_lead_also_when_closed(mia):
    first = captured(replace(NOOR, external_id="crm-1")).lead
    first.disqualify("Student", by=mia, at=TUESDAY_NOON)

    assert captured(replace(NOOR, external_id="crm-1")).lead == first


def test_a_company_is_recognised_by_its_name_whatever_the_capitals():
    company = CompanyFactory(name="Kaai BV", domain="")

    lead = captured(
        CapturedLead(contact=CapturedContact("Jonas"), company=CapturedCompany("KAAI bv", size=12))
    ).lead

    assert lead.company == company
    assert Company.objects.count() == 1


def test_a_work_address_leads_to_the_company():
    company = CompanyFactory(domain="Kaai.example")

    assert captured(CapturedLead(contact=CapturedContact(email="j@kaai.example"))).lead.company == company


def test_a_fact_with_a_column_of_its_own_goes_there():
    lead = captured(
        CapturedLead(
            contact=CapturedContact("Noor"),
            company=CapturedCompany("Kaai"),
            facts={"company_size": 50, "trucks": 3},
        )
    ).lead

    assert lead.company.size == 50
    assert lead.facts == {"trucks": 3}


def test_a_known_source_is_found_by_key_or_name():
    Source.objects.create(key="paid_search", name="Search ads")

    assert captured(replace(NOOR, source="Paid search")).lead.source.name == "Search ads"
    assert (
        captured(replace(NOOR, contact=CapturedContact("Jan"), source="SEARCH ADS")).lead.source.key
        == "paid_search"
    )
    assert Campaign.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (CapturedLead(), "contact"),
        (CapturedLead(contact=CapturedContact(email="noor")), "contact.email"),
        (CapturedLead(contact=CapturedContact(first_name="x" * 101)), "contact.first_name"),
        (CapturedLead(contact=CapturedContact("N"), company=CapturedCompany("K", size=-1)), "company.size"),
        (
            CapturedLead(contact=CapturedContact("N"), company=CapturedCompany("K", size="many")),
            "company.size",
        ),
        (
            CapturedLead(contact=CapturedContact("N"), company=CapturedCompany("K", size=10**12)),
            "company.size",
        ),
        (
            CapturedLead(contact=CapturedContact("N"), captured_at=TUESDAY_NOON + timedelta(days=1)),
            "captured_at",
        ),
        (CapturedLead(contact=CapturedContact("N"), facts={"x" * 81: 1}), "facts"),
        (CapturedLead(contact=CapturedContact("N"), external_id="x" * 201), "external_id"),
    ],
)
def test_what_cannot_be_a_lead_is_refused_by_field(wrong, field):
    with pytest.raises(CannotCapture) as refused:
        captured(wrong)

    assert list(refused.value.errors) == [field]
    assert not Contact.objects.exists()


def everywhere(text):
    return CapturedLead(
        contact=CapturedContact(text, text, "", text, text, text, text),
        company=CapturedCompany(text, text, None, text, text, text),
        source=text,
        campaign=text,
        external_id=text,
        message=text,
        title=text,
        facts={"words": text[:500]},
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<b>x</b>\"'", "<b>x</b>\"'"),
        ("\u202eשלום עולם", "\u202eשלום עולם"),
        ("🙂👩\u200d👧", "🙂👩\u200d👧"),
        ("a\x00b", "ab"),
        ("a\ud800b", "ab"),
        ("'; DROP TABLE leads_lead; --", "'; DROP TABLE leads_lead; --"),
        ("=1+1", "=1+1"),
        ("网络", "网络"),
    ],
)
def test_a_hostile_text_in_every_field_is_kept_as_text(text, kept):
    lead = Lead.objects.get(pk=captured(everywhere(text)).lead.pk)

    assert {lead.contact.last_name, lead.company.name, lead.campaign.name, lead.external_id} == {kept}
    assert lead.facts == {"words": kept}


def test_a_text_of_ten_thousand_signs_is_refused_per_field():
    with pytest.raises(CannotCapture) as refused:
        captured(everywhere("x" * 10_000))

    assert {"contact.first_name", "company.name", "source", "external_id"} <= set(refused.value.errors)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "contact",
    [NOOR.contact, CapturedContact(phone="+31205550134"), CapturedContact(email="new@kaai.example")],
)
def test_simultaneous_captures_of_one_person_give_one_open_lead(contact):
    def once(_):
        try:
            return captured(replace(NOOR, contact=contact)).is_new
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as crowd:
        outcomes = list(crowd.map(once, range(16)))

    assert outcomes.count(True) == 1
    assert (Contact.objects.count(), Lead.objects.count(), Company.objects.count()) == (1, 1, 1)
    assert StageChange.objects.count() == 1
    assert Activity.objects.filter(kind=ActivityKind.FORM).count() == 16
