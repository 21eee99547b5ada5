"""Whichever way leads are found, they are those of whom each word begins a word. The ways differ in speed only."""

from itertools import product

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Func, TextField
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads import common_words, finding, longer_words
from leads.finding import Plan, plan_for
from leads.models import Contact, Lead
from tests.factories import ContactFactory, LeadFactory

pytestmark = pytest.mark.django_db

NAMES = ["Jan", "Jansen", "Noor", "Benali"]
BEGINNINGS = ["ja", "jan", "jansen", "jansens", "no", "b", "x"]
SOUGHT = [[word] for word in BEGINNINGS] + [list(pair) for pair in product(BEGINNINGS, BEGINNINGS)]


@pytest.fixture
def everybody(db):
    """Number of a lead -> the two names of its person, in every combination."""
    return {
        LeadFactory(contact__first_name=first, contact__last_name=last, contact__company_name="", contact__email="",
                    contact__phone="").pk: (first, last)
        for first, last in product(NAMES, NAMES)
    }  # fmt: skip


def with_all(words, everybody):
    return {
        number
        for number, names in everybody.items()
        if all(any(name.lower().startswith(word) for name in names) for word in words)
    }


def found(leads):
    return set(leads.values_list("pk", flat=True))


def test_a_lead_is_found_by_the_beginnings_of_its_words(everybody):
    for words in SOUGHT:
        assert found(Lead.objects.matching(" ".join(words))) == with_all(words, everybody), words


def test_whatever_is_looked_up_the_rest_is_tested(everybody):
    for words in SOUGHT:
        for looked_up in (words[:1], words[-1:]):
            plan = Plan(words, walk=False, looked_up=looked_up)
            leads = Lead.objects.filter(finding.AnyOf("contact_id", plan.contacts()))
            assert found(leads) == with_all(words, everybody), (words, looked_up)


def test_walking_finds_the_same(everybody, monkeypatch):
    monkeypatch.setattr(finding, "COMMON", 0)
    walked = 0
    for words in SOUGHT:
        leads = Lead.objects.matching(" ".join(words))
        walked += leads.matches_many
        assert found(leads) == with_all(words, everybody), words
    assert walked > 20


def test_a_word_that_everybody_has_is_tested_and_not_looked_up():
    ContactFactory.create_batch(30, company_name="Kaai Logistics", email="")
    ContactFactory(first_name="Xenia", company_name="Kaai Logistics", email="")

    plan = plan_for("kaai xenia")

    assert plan == Plan(["kaai", "xenia"], walk=False, looked_up=["xenia"])
    assert plan.tested == ["kaai"]


def test_words_alike_in_number_are_all_looked_up():
    ContactFactory.create_batch(5, first_name="Noor", company_name="Kaai")

    plan = plan_for("noor kaai")

    assert plan.looked_up == ["noor", "kaai"]


def test_a_word_twice_is_one_word_and_no_word_is_no_plan():
    assert plan_for("noor, NOOR").words == ["noor"]
    assert plan_for("&|!") is None


def test_few_contacts_are_never_walked():
    ContactFactory.create_batch(9, first_name="Noor")

    assert not plan_for("noor").walk


def test_common_words_are_sought_whole_unless_many_have_longer_ones(monkeypatch):
    monkeypatch.setattr(finding, "FEW", 3)
    ContactFactory.create_batch(60, first_name="Noor", last_name="Benali", email="")

    assert plan_for("noor benali").as_whole_words
    assert not plan_for("noor").as_whole_words
    assert not plan_for("noo benali").as_whole_words
    assert not plan_for("noor benali 1").as_whole_words


def test_one_look_serves_every_search_for_a_while(settings, monkeypatch, django_assert_num_queries):
    settings.WORDS_SECONDS = 60
    monkeypatch.setattr(common_words, "_kept", None)
    ContactFactory.create_batch(2, first_name="Noor")
    ContactFactory(first_name="Noortje", last_name="Noordijk")

    assert common_words.look().who_has("noor") == {0, 1, 2}
    assert len(common_words.look().who_has_all(["noord", "noort"])) == 1
    with django_assert_num_queries(0):
        plan_for("zzyzx")


def test_a_page_and_its_count_are_one_statement(signed_in, mia, django_assert_num_queries):
    LeadFactory.create_batch(3)
    browser = signed_in(mia)
    browser.get("/leads/?q=noor")

    with django_assert_num_queries(
        8
    ):  # session, person, team, kept views, two looks at the word, page with its count, rows
        assert "3 leads" in browser.get("/leads/?q=noor", headers={"HX-Request": "true"}).text


def test_a_page_beyond_what_is_found_still_says_how_many(signed_in, mia):
    LeadFactory.create_batch(3)

    assert "3 leads" in signed_in(mia).get("/leads/?q=noor&page=2").text


BEGINNING = st.text("ab", min_size=1, max_size=2)
REST = st.text("ab9~ é߀ćΩиı-.'\u0301Ａ", max_size=3) | st.text(max_size=3).filter(
    lambda text: "\0" not in text
)
NAME = st.builds("".join, st.tuples(BEGINNING, REST))


@settings(
    max_examples=150,
    derandomize=True,  # the same examples in every run: a failure in CI is a failure here
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    people=st.lists(st.tuples(NAME, NAME, NAME), min_size=1, max_size=8),
    sought=st.lists(st.lists(BEGINNING, min_size=1, max_size=3, unique=True), min_size=1, max_size=5),
)
def test_whole_words_and_longer_ones_are_all_that_begins_so(db, people, sought):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # the indexes answer, as they do for a million
    Contact.objects.all().delete()
    Contact.objects.bulk_create(
        Contact(first_name=first, last_name=last, company_name=company) for first, last, company in people
    )

    for words in sought:
        plain, whole = (Plan(words, walk=False, looked_up=words, as_whole_words=way) for way in (False, True))
        assert set(whole.contacts()) == set(plain.contacts()), words


def test_nothing_but_these_letters_of_ascii_goes_on_within_a_word():
    """Else a person could be missed whose words go on otherwise: `longer_words.NEXT`."""
    Contact.objects.bulk_create(
        Contact(
            first_name=f"ab{letter}cd",
            last_name=f"ab{letter}",
            company_name=f"x {letter}ab 12{letter}3",
            email=f"{number}@x{letter}ab",
        )
        for number, letter in enumerate(map(chr, range(1, 128)))
    )

    kept = Contact.objects.annotate(
        kept=Func("search", function="tsvector_to_array", output_field=ArrayField(TextField()))
    ).values_list("kept", flat=True)
    assert {letter for words in kept for word in words for letter in word} <= set(longer_words.NEXT)
