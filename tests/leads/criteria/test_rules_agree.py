"""The key claim of the room: a rule says the same about a lead in Python and in SQL, whatever the rule and whatever the lead."""

from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.criteria.coercion import CAPITALS, SMALL
from leads.criteria.evaluating import ANSWERS
from leads.criteria.known_facts import facts_of
from leads.criteria.rules import condition, evaluate, parse
from leads.models import Company, Contact, Lead, Source
from tests.conftest import TUESDAY_NOON
from tests.leads.criteria import strategies

pytestmark = pytest.mark.django_db
in_the_database = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@contextmanager
def rolled_back():
    """Each example finds the tables as they were."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def kept(leads):
    """These leads as rows; three statements, however many."""
    sources = {
        key: Source.objects.get_or_create(key=key, defaults={"name": key.title()})[0]
        for key in ("webinar", "paid_search")
    }
    companies = [
        Company(name=f"C{n}", **lead["company"]) if lead["company"] else None for n, lead in enumerate(leads)
    ]
    Company.objects.bulk_create([company for company in companies if company])
    contacts = Contact.objects.bulk_create([Contact(**lead["contact"]) for lead in leads])
    Lead.objects.bulk_create(
        Lead(contact=contact, company=company, facts=lead["facts"], captured_at=lead["captured_at"], source=sources.get(lead["source"]))
        for lead, company, contact in zip(leads, companies, contacts, strict=True)
    )  # fmt: skip


@in_the_database
@given(
    some_rules=st.lists(strategies.rules, min_size=1, max_size=25),
    some_leads=st.lists(strategies.leads(), min_size=1, max_size=25),
)
def test_python_and_sql_say_the_same(some_rules, some_leads):
    with rolled_back():
        kept(some_leads)
        said_by_sql = {f"rule_{n}": condition(rule, at=TUESDAY_NOON) for n, rule in enumerate(some_rules)}
        for lead in Lead.objects.for_list().annotate(**said_by_sql):
            for n, rule in enumerate(some_rules):
                in_python = evaluate(rule, facts_of(lead), at=TUESDAY_NOON)
                assert in_python == ANSWERS[getattr(lead, f"rule_{n}")], (rule, lead.facts)


@pytest.mark.parametrize(
    "rule",
    [
        {"fact": "x", "op": "equals", "value": 50},
        {"fact": "x", "op": "equals", "value": "nl"},
        {"fact": "x", "op": "at_least", "value": 1.5},
        {"fact": "x", "op": "before", "value": "2026-11-24"},
        {"fact": "x", "op": "within_last_days", "value": 1},
        {"fact": "x", "op": "is_true"},
        {"fact": "x", "op": "is_known"},
        {"fact": "x", "op": "is_not_one_of", "value": ["demo", "belgië", "straße"]},
        {"fact": "x", "op": "includes_all", "value": ["demo", "quote"]},
        {"fact": "x", "op": "contains", "value": "LGI"},
    ],
)
def test_they_agree_on_every_awkward_text(rule):
    leads = [
        {"facts": {"x": value}, "company": None, "contact": {}, "source": None, "captured_at": TUESDAY_NOON}
        for text in strategies.AWKWARD_TEXTS
        for value in (text, [text], [text, "demo"])
    ]
    kept(leads)

    for lead in Lead.objects.for_list().annotate(said=condition(rule, at=TUESDAY_NOON)):
        assert evaluate(rule, facts_of(lead), at=TUESDAY_NOON) == ANSWERS[lead.said], lead.facts


def test_they_agree_on_capitals_of_every_alphabet():
    kept(
        [
            {
                "facts": {"x": letter},
                "company": None,
                "contact": {},
                "source": None,
                "captured_at": TUESDAY_NOON,
            }
            for letter in CAPITALS
        ]
    )
    small = {"fact": "x", "op": "is_one_of", "value": list(SMALL)[:100]}

    found = Lead.objects.alias(fits=condition(small, at=TUESDAY_NOON)).filter(fits=True)

    assert {lead.facts["x"] for lead in found} == {c for c in CAPITALS if c.lower() in SMALL[:100]}


def test_a_condition_can_start_from_another_table():
    kept(
        [
            {
                "facts": {"vehicles": 60},
                "company": None,
                "contact": {},
                "source": None,
                "captured_at": TUESDAY_NOON,
            }
        ]
    )
    rule = parse(
        {
            "all": [
                {"fact": "vehicles", "op": "at_least", "value": 50},
                {"not": {"fact": "country", "op": "is_known"}},
            ]
        }
    )

    found = Contact.objects.alias(fits=condition(rule, at=TUESDAY_NOON, prefix="leads__")).filter(fits=True)

    assert found.count() == 1
