"""New rows written by one statement stand there as if each had been saved, and are refused as each would have been."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict

from leads.models import Activity, Company, Contact, Lead, LeadFact, StageChange
from smarketing.inserting import insert_together
from tests.factories import CompanyFactory
from tests.handoff.moments import TUESDAY_NOON

pytestmark = pytest.mark.django_db

HARD = 'a "quote", a back\\slash, 100%s, ‘é’ and 😀'
TO_THE_MICROSECOND = TUESDAY_NOON + timedelta(microseconds=123_456)


def new_rows(facts, *, email="noor@kaai.example", company=None):
    company = company or Company(name="Kaai", domain=f"{email.partition('@')[0]}.example")
    contact = Contact(first_name="Noor", email=email, company=company, company_name=company.name)
    lead = Lead(contact=contact, company=company, captured_at=TO_THE_MICROSECOND, facts={"said": HARD})
    change = StageChange(lead=lead, from_stage="", to_stage="NEW", changed_at=TO_THE_MICROSECOND)
    known = [LeadFact(lead=lead, key=key, value=value, known_at=TO_THE_MICROSECOND) for key, value in facts]
    return company, contact, lead, change, known


def statements_planned():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return cursor.fetchone()[0]


def test_rows_that_lead_to_each_other_are_there_after_one_query(django_assert_num_queries):
    company, contact, lead, change, known = new_rows([("vehicles", 40), ("requested", ["price", HARD])])

    with django_assert_num_queries(1):
        insert_together(company, contact, lead, change, known)

    there = Lead.objects.get()
    assert (there, there.contact, there.company) == (lead, contact, company)
    assert (lead.contact_id, lead.company_id, change.lead_id) == (contact.pk, company.pk, lead.pk)
    assert model_to_dict(there) == model_to_dict(lead)
    assert there.captured_at == TO_THE_MICROSECOND
    assert (there.stage_changes.get(), there.stage_changes.get().recorded_at) == (change, change.recorded_at)
    assert list(there.fact_history.order_by("id").values_list("key", "value", "known_at")) == [
        ("vehicles", 40, TO_THE_MICROSECOND),
        ("requested", ["price", HARD], TO_THE_MICROSECOND),
    ]
    assert there.contact.search  # what the database works out is worked out


@pytest.mark.parametrize("value", [None, True, 0, 1.5, "", HARD, "null", [], {"a": {"b": None}}])
def test_a_value_of_a_list_comes_back_as_it_does_when_it_is_saved(value):
    *rows, known = new_rows([("said", value)])
    insert_together(*rows, known)
    saved = LeadFact.objects.create(lead=rows[2], key="said", value=value, known_at=TO_THE_MICROSECOND)

    together = LeadFact.objects.exclude(pk=saved.pk).get()
    assert together.value == LeadFact.objects.get(pk=saved.pk).value == value
    assert LeadFact.objects.filter(value__isnull=True).count() in (0, 2)


def test_nothing_new_to_lead_to_and_an_empty_list_are_fine():
    company = CompanyFactory()

    insert_together(*new_rows([], company=company)[1:])

    assert Lead.objects.get().company == Contact.objects.get().company == company
    assert LeadFact.objects.count() == 0


def test_however_many_facts_there_are_the_statement_is_the_same():
    insert_together(*new_rows([("a", 1)]))
    planned_after_the_first = statements_planned()

    insert_together(*new_rows([("a", 1), ("b", 2)], email="jan@kaai.example"))
    insert_together(*new_rows([(f"{number}", number) for number in range(90)], email="bo@kaai.example"))

    assert statements_planned() == planned_after_the_first > 0
    assert LeadFact.objects.count() == 93


def test_what_the_tables_refuse_is_refused_and_leaves_nothing():
    insert_together(*new_rows([]))

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_together(*new_rows([("a", 1)], company=Company(name="Another")))

    assert (Company.objects.count(), Lead.objects.count(), LeadFact.objects.count()) == (1, 1, 0)


def test_a_moment_that_the_database_takes_cannot_be_given():
    *rows, _none = new_rows([])
    activity = Activity(lead=rows[2], kind="NOTE", occurred_at=TUESDAY_NOON, recorded_at=TUESDAY_NOON)

    with pytest.raises(ValueError, match="left to the database"):
        insert_together(*rows, activity)
