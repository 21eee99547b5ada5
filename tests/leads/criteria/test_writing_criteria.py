"""Team leads write the criteria in the browser; both sides approve; everybody reads."""

import pytest

from leads.criteria import drafting, versions
from leads.models import CriteriaSet, CriteriaState, Criterion, Qualification
from tests.conftest import TUESDAY_NOON
from tests.factories import CriteriaSetFactory, LeadFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(mara):
    CriteriaSetFactory(version=1)
    return versions.draft_from(CriteriaSet.objects.in_force(), by=mara, at=TUESDAY_NOON)


def line(draft, key):
    return draft.criteria.get(key=key)


def a_line(**given):
    return {"label": "Country", "required": "yes", "by_rule": "yes", "rule-combine": "all", **given}


def one_test(fact, op, value="", high="", n=0):
    return {f"rule-fact_{n}": fact, f"rule-op_{n}": op, f"rule-value_{n}": value, f"rule-high_{n}": high}


# Starting


@pytest.mark.parametrize("start", ["services", "software", "manufacturing"])
def test_the_first_draft_starts_from_an_example(signed_in, mara, start):
    client = signed_in(mara)
    assert "Agree on what sales-ready means" in client.get("/criteria/").content.decode()

    response = client.post("/criteria/draft/", {"start": start}, follow=True)

    draft = CriteriaSet.objects.get()
    assert (draft.version, draft.state) == (1, CriteriaState.DRAFT)
    assert draft.criteria.filter(required=True).count() >= 3
    assert "Company size is at least" in response.content.decode()
    versions.propose(draft, by=mara, at=TUESDAY_NOON)  # none of the examples contradicts itself


def test_an_example_is_written_in_the_language_of_who_starts(signed_in, mara):
    mara.language = "nl"
    mara.save()

    signed_in(mara).post("/criteria/draft/", {"start": "software"})

    assert CriteriaSet.objects.get().criteria.filter(key="budget").exists()


def test_a_change_starts_from_what_is_in_force(signed_in, mara):
    CriteriaSetFactory(version=1)

    response = signed_in(mara).post("/criteria/draft/")

    assert response.url == "/criteria/2/"
    assert CriteriaSet.objects.get(version=2).criteria.count() == 5


def test_the_second_draft_is_refused_with_the_way_to_the_first(draft, signed_in, mara):
    response = signed_in(mara).post("/criteria/draft/")

    assert response.status_code == 409
    assert "/criteria/2/" in response.content.decode()


# Lines


def test_a_must_have_with_a_rule_is_added_and_reads_as_a_sentence(draft, signed_in, mara):
    given = a_line(label="Big enough") | one_test("Company size", "between", "50", "2000")

    response = signed_in(mara).post("/criteria/2/lines/add/", given, follow=True)

    added = line(draft, "big_enough")
    assert added.rule == {"fact": "company_size", "op": "between", "value": [50, 2000]}
    assert (added.required, added.points, added.is_hard) == (True, 0, True)
    assert "Company size is between 50 and 2,000" in response.content.decode()


def test_a_question_for_people_is_a_nice_to_have_with_points(draft, signed_in, mara):
    signed_in(mara).post(
        "/criteria/2/lines/add/",
        {"label": "Knows us", "required": "no", "points": "5", "by_rule": "no", "hint": "Ask"},
    )

    added = line(draft, "knows_us")
    assert (added.required, added.points, added.rule, added.hint) == (False, 5, None, "Ask")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (a_line(label="") | one_test("Country", "is_known"), "This field is required."),
        (a_line(), "Name the fact that the rule tests."),
        (a_line() | one_test("Vehicles", "at_least", "12a"), "Enter a number."),
        (a_line() | one_test("Captured", "after", "yesterday"), "Enter a date as year-month-day."),
        (a_line() | one_test("Captured", "within_last_days", "-3"), "Enter a whole number of days."),
        (a_line() | one_test("Country", "is_one_of", " , "), "Enter one to 100 values."),
        (a_line() | one_test("", "is", "NL"), "Name the fact that the rule tests."),
        (a_line(required="no", points="") | one_test("Country", "is_known"), "A nice-to-have gives at least one point."),
        (a_line(required="no", points="-5") | one_test("Country", "is_known"), "greater than or equal to 0"),
        (a_line(label="x" * 121) | one_test("Country", "is_known"), "at most 120 characters"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(draft, signed_in, mara, given, words):
    response = signed_in(mara).post("/criteria/2/lines/add/", given)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert draft.criteria.count() == 5
    if given.get("rule-value_0", "").strip():
        assert given["rule-value_0"] in response.content.decode()


def test_a_changed_line_keeps_its_key_so_that_old_answers_count(draft, signed_in, mara):
    given = (
        a_line(label="100+ vehicles")
        | one_test("vehicles", "at_least", "100")
        | one_test("Country", "is_known", n=1)
    )

    signed_in(mara).post("/criteria/2/lines/vehicles/", given)

    changed = line(draft, "vehicles")
    assert changed.label == "100+ vehicles"
    assert changed.rule == {
        "all": [{"fact": "vehicles", "op": "at_least", "value": 100}, {"fact": "country", "op": "is_known"}]
    }


def test_the_form_shows_the_rule_that_is_there(draft, signed_in, mara):
    page = signed_in(mara).get("/criteria/2/lines/benelux/").content.decode()

    assert 'value="NL, BE, LU"' in page
    assert 'value="is_one_of" selected' in page


def test_a_rule_with_rules_inside_is_kept_as_it_is(draft, signed_in, mara):
    nested = {
        "not": {
            "any": [
                {"fact": "country", "op": "equals", "value": "DE"},
                {"fact": "vehicles", "op": "at_most", "value": 5},
            ]
        }
    }
    drafting.change(line(draft, "vehicles"), label="V", required=True, points=0, rule=nested, hint="")

    client = signed_in(mara)
    assert "stays as it is" in client.get("/criteria/2/lines/vehicles/").content.decode()
    client.post("/criteria/2/lines/vehicles/", {"label": "Vans", "required": "yes", "by_rule": "yes"})

    assert (line(draft, "vehicles").label, line(draft, "vehicles").rule) == ("Vans", nested)


def test_lines_move_up_and_down_among_their_own_kind(draft, signed_in, mara):
    client = signed_in(mara)
    client.post("/criteria/2/lines/decider/up/")
    client.post("/criteria/2/lines/vehicles/up/")
    client.post("/criteria/2/lines/budget/down/")

    shown = CriteriaSet.objects.with_criteria().get(version=2)
    assert [c.key for c in shown.must_haves] == ["vehicles", "decider", "benelux"]
    assert [c.key for c in shown.nice_to_haves] == ["webinar", "budget"]


def test_a_line_is_removed(draft, signed_in, mara):
    signed_in(mara).post("/criteria/2/lines/budget/remove/")

    assert not draft.criteria.filter(key="budget").exists()


# From draft to in force


def test_the_whole_way_in_the_browser(draft, signed_in, mara, sven, sam):
    client = signed_in(mara)
    client.post("/criteria/2/describe/", {"points_needed": "20", "note": "Fewer, better"})
    client.post("/criteria/2/propose/")
    client.post("/criteria/2/approve/", {"side": "MARKETING", "read": "on"})

    response = signed_in(sven).post("/criteria/2/approve/", {"side": "SALES", "read": "on"}, follow=True)

    assert CriteriaSet.objects.in_force().version == 2
    assert "Criteria v2 are in force." in response.content.decode()
    assert "v2 in force" in signed_in(sam).get("/criteria/").content.decode()


def test_points_that_nobody_can_reach_stop_the_proposal(draft, signed_in, mara):
    client = signed_in(mara)
    client.post("/criteria/2/describe/", {"points_needed": "99", "note": ""})

    response = client.post("/criteria/2/propose/")

    assert response.status_code == 422
    assert "99 points are needed, but a lead can get at most 35." in response.content.decode()
    draft.refresh_from_db()
    assert draft.is_draft


def test_approving_asks_whether_you_have_read_it(draft, signed_in, mara):
    versions.propose(draft, by=mara, at=TUESDAY_NOON)

    response = signed_in(mara).post("/criteria/2/approve/", {"side": "MARKETING"})

    assert response.status_code == 422
    assert not draft.approvals.exists()


def test_a_team_lead_does_not_approve_for_the_other_side(draft, signed_in, mara):
    versions.propose(draft, by=mara, at=TUESDAY_NOON)

    response = signed_in(mara).post("/criteria/2/approve/", {"side": "SALES", "read": "on"})

    assert response.status_code == 422
    assert not draft.approvals.exists()


def test_one_manager_does_not_approve_for_both(draft, signed_in, max):
    versions.propose(draft, by=max, at=TUESDAY_NOON)
    client = signed_in(max)
    client.post("/criteria/2/approve/", {"side": "SALES", "read": "on"})

    assert "Approve for Marketing" not in client.get("/criteria/2/").content.decode()
    assert client.post("/criteria/2/approve/", {"side": "MARKETING", "read": "on"}).status_code == 422
    assert CriteriaSet.objects.in_force().version == 1


def test_a_late_change_is_told_that_it_was_proposed(draft, signed_in, mara):
    versions.propose(draft, by=mara, at=TUESDAY_NOON)

    response = signed_in(mara).post("/criteria/2/lines/add/", a_line() | one_test("Country", "is_known"))

    assert response.status_code == 409
    assert Criterion.objects.filter(criteria_set=draft).count() == 5


@pytest.mark.parametrize("verb", ["withdraw", "discard"])
def test_a_version_can_be_taken_back(draft, signed_in, mara, verb):
    if verb == "withdraw":
        versions.propose(draft, by=mara, at=TUESDAY_NOON)

    assert signed_in(mara).post(f"/criteria/2/{verb}/", follow=True).status_code == 200
    assert not CriteriaSet.objects.filter(state__in=["DRAFT", "PROPOSED"]).exists()


def test_what_changes_stands_in_words(draft, signed_in, mara, sam):
    rule = {"fact": "vehicles", "op": "at_least", "value": 100}
    drafting.change(
        line(draft, "vehicles"), label="50+ vehicles", required=True, points=0, rule=rule, hint=""
    )
    drafting.remove(line(draft, "budget"))
    drafting.add(draft, label="Signed before", points=5)

    page = signed_in(sam).get("/criteria/2/").content.decode()

    for words in (
        "Vehicles is at least 50",
        "Vehicles is at least 100",
        "nice to have, 20 points, answered by a person",
        "Signed before",
    ):
        assert words in page


@pytest.mark.parametrize("query", ["against=1", "against=99", "against=x", "against=²", "against="])
def test_any_two_versions_can_be_compared(draft, signed_in, sam, query):
    assert signed_in(sam).get(f"/criteria/2/?{query}").status_code == 200


def test_overrides_are_visible_to_both_teams(draft, signed_in, sam, mara):
    lead = LeadFactory()
    Qualification.objects.create(
        lead=lead, sales_ready=False, points=0, points_needed=15, verdict={}, override_reason="Director called", marked_by=mara, marked_at=TUESDAY_NOON,
    )  # fmt: skip

    page = signed_in(sam).get("/criteria/").content.decode()

    assert "1 of the last 1 leads marked sales-ready." in page
    assert "Director called" in page


@pytest.mark.parametrize("name", ["mia", "sam", "fin", "ada"])
@pytest.mark.parametrize(
    "address",
    ["draft/", "2/describe/", "2/propose/", "2/withdraw/", "2/discard/", "2/approve/", "2/lines/add/", "2/lines/budget/", "2/lines/budget/remove/", "2/lines/budget/up/", "2/lines/budget/down/"],
)  # fmt: skip
def test_who_leads_no_team_reads_and_changes_nothing(draft, signed_in, name, address, request):
    client = signed_in(request.getfixturevalue(name))

    assert client.post(f"/criteria/{address}", a_line()).status_code == 403
    assert client.get("/criteria/2/").status_code == 200
    assert "Propose" not in client.get("/criteria/2/").content.decode()
    assert draft.criteria.count() == 5


@pytest.mark.parametrize("address", ["9/", "99999999999999/", "2/lines/nothing/"])
def test_what_is_not_there_is_not_found(draft, signed_in, mara, address):
    assert signed_in(mara).get(f"/criteria/{address}").status_code == 404
