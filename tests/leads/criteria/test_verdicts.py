"""What the criteria say about a lead, and that lists and single leads say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.criteria.evidence import written
from leads.criteria.judging import judge
from leads.criteria.readiness import missing_count, sales_ready_condition
from leads.criteria.verdicts import verdict, verdicts
from leads.models import Answer, CriteriaSet, Lead, LeadFact
from tests.conftest import TUESDAY_NOON
from tests.factories import CriteriaSetFactory, LeadFactory
from tests.leads.criteria import strategies
from tests.leads.criteria.test_rules_agree import in_the_database, kept, rolled_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def criteria():
    CriteriaSetFactory()
    return CriteriaSet.objects.in_force()


def test_a_fact_that_nobody_knows_is_unknown_and_not_a_no(criteria):
    said = verdict(LeadFactory(), criteria, at=TUESDAY_NOON)

    assert said.line("vehicles").answer == Answer.UNKNOWN
    assert said.line("benelux").answer == Answer.YES
    assert not said.sales_ready
    assert said.missing_keys == ["vehicles", "decider"]
    assert said.reasons == ["50+ vehicles is unknown", "Decider reachable is unknown"]


def test_with_everything_answered_it_is_sales_ready(criteria, mia):
    lead = LeadFactory(facts={"vehicles": "60"})
    judge(lead, "decider", Answer.YES, "She signs herself", by=mia, at=TUESDAY_NOON)

    said = verdict(lead, criteria, at=TUESDAY_NOON)

    assert said.sales_ready
    assert (said.points, said.points_needed) == (15, 15)


def test_too_few_points_are_missing_too(criteria, mia):
    lead = LeadFactory(facts={"vehicles": 60}, source=None)
    judge(lead, "decider", Answer.YES, by=mia, at=TUESDAY_NOON)

    said = verdict(lead, criteria, at=TUESDAY_NOON)

    assert said.missing_keys == ["points"]
    assert said.reasons == ["0 of 15 points"]


def test_each_answer_shows_where_it_comes_from(criteria, mia):
    lead = LeadFactory(facts={"vehicles": 60})
    LeadFact.objects.create(
        lead=lead, key="vehicles", value=60, origin="form", known_at=TUESDAY_NOON, known_by=mia
    )
    judge(lead, "decider", Answer.NO, "Only the driver", by=mia, at=TUESDAY_NOON)

    said = verdict(lead, criteria, at=TUESDAY_NOON)

    vehicles, decider = said.line("vehicles").evidence[0], said.line("decider").evidence[0]
    assert (vehicles.text, vehicles.origin, vehicles.known_by) == ("Vehicles: 60", "form", mia)
    assert (decider.text, decider.known_at, decider.known_by) == ("Only the driver", TUESDAY_NOON, mia)
    assert said.line("benelux").evidence[0].text == "Country: NL"


def test_without_criteria_nothing_is_missing():
    said = verdict(LeadFactory(), None, at=TUESDAY_NOON)

    assert said.sales_ready
    assert said.as_json() == {
        "criteria_version": None, "sales_ready": True, "points": 0, "points_needed": 0, "criteria": [], "missing": [],
    }  # fmt: skip


def test_the_verdict_for_other_programs_has_the_agreed_names(criteria):
    said = verdict(LeadFactory(), criteria, at=TUESDAY_NOON).as_json()

    assert said["missing"] == ["vehicles", "decider"]
    line = said["criteria"][1]
    assert {key: line[key] for key in ("key", "kind", "required", "answer", "evidence")} == {
        "key": "benelux", "kind": "hard", "required": True, "answer": "yes", "evidence": "Country: NL",
    }  # fmt: skip


def test_fifty_leads_ask_as_little_as_one(criteria, django_assert_num_queries):
    for _ in range(12):
        LeadFactory(facts={"vehicles": 60})
    leads = list(Lead.objects.for_list())

    with django_assert_num_queries(0):
        verdicts(leads, criteria, at=TUESDAY_NOON)


@pytest.mark.parametrize(("with_origins", "queries"), [(False, 1), (True, 2)])
def test_evidence_costs_a_query_and_its_origins_another(
    criteria, django_assert_num_queries, with_origins, queries
):
    LeadFactory(facts={"vehicles": 60})
    lead = Lead.objects.for_list().get()

    with django_assert_num_queries(queries):
        said = verdict(lead, criteria, at=TUESDAY_NOON, with_origins=with_origins)

    assert said.line("vehicles").evidence[0].text == "Vehicles: 60"


lines = st.lists(
    st.fixed_dictionaries(
        {
            "required": st.booleans(),
            "points": st.sampled_from([0, 5, 20]),
            "rule": st.none() | strategies.rules,
        }
    ),
    max_size=6,
).map(lambda lines: [{"key": f"c{n}", "label": f"C{n}", **line} for n, line in enumerate(lines)])
answers = st.dictionaries(st.sampled_from([f"c{n}" for n in range(6)]), st.sampled_from(Answer.values))


@in_the_database
@given(
    lines=lines,
    needed=st.sampled_from([0, 5, 25]),
    some_leads=st.lists(strategies.leads(), min_size=1, max_size=15),
    some_answers=st.lists(answers, min_size=15, max_size=15),
)
def test_lists_and_single_leads_say_the_same(lines, needed, some_leads, some_answers):
    with rolled_back():
        kept(some_leads)
        for lead, given_answers in zip(Lead.objects.order_by("id"), some_answers, strict=False):
            Lead.objects.filter(pk=lead.pk).update(answers=given_answers)
        CriteriaSetFactory(lines=lines, points_needed=needed)
        criteria = CriteriaSet.objects.in_force()
        leads = Lead.objects.for_list().annotate(
            ready=sales_ready_condition(criteria, at=TUESDAY_NOON),
            lacking=missing_count(criteria, at=TUESDAY_NOON),
        )
        for lead, said in zip(leads, verdicts(leads, criteria, at=TUESDAY_NOON), strict=True):
            assert (lead.ready, lead.lacking) == (said.sales_ready, len(said.missing_keys)), (
                lines,
                lead.facts,
            )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2026-11-20T23:30:00Z", "21 Nov 2026"),
        ("2026-11-20T10:00", "20 Nov 2026"),
        ("2026-99-99T99:99", "2026-99-99T99:99"),
        (["quote", None, "demo"], "quote, demo"),
        (True, "yes"),
        ("x" * 500, "x" * 200),
    ],
)
def test_a_value_is_written_as_people_read_it(value, words):
    assert written(value) == words
