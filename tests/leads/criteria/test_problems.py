"""A draft that contradicts itself is not proposed, and is told where."""

import pytest

from leads.criteria import drafting
from leads.criteria.problems import contradiction, problems
from leads.criteria.rules import parse
from tests.factories import CriteriaSetFactory

pytestmark = pytest.mark.django_db


def rule(fact, op, value=None):
    return {"fact": fact, "op": op} | ({} if value is None else {"value": value})


def must(key, rule):
    return {"key": key, "label": key.title(), "required": True, "rule": rule}


def found(*lines, points_needed=0):
    return [
        (problem.key, problem.text)
        for problem in problems(
            CriteriaSetFactory(lines=list(lines), points_needed=points_needed, in_force=False)
        )
    ]


@pytest.mark.parametrize(
    "parts",
    [
        [rule("vehicles", "at_least", 50), rule("vehicles", "at_most", 30)],
        [rule("vehicles", "between", [60, 50])],
        [rule("vehicles", "equals", 5), rule("vehicles", "at_least", 6)],
        [rule("trial_on", "after", "2026-11-20"), rule("trial_on", "before", "2026-11-20")],
        [rule("country", "equals", "NL"), rule("country", "is_one_of", ["be", "LU"])],
        [rule("requested", "is_one_of", ["quote"]), rule("requested", "is_not_one_of", ["Quote", "demo"])],
    ],
)
def test_rules_that_cannot_hold_together_are_found(parts):
    assert contradiction([parse({"all": parts})] if len(parts) > 1 else [parse(parts[0])])


@pytest.mark.parametrize(
    "parts",
    [
        [rule("vehicles", "at_least", 50), rule("vehicles", "at_most", 50)],
        [rule("country", "equals", "NL"), rule("country", "is_one_of", [" nl ", "BE"])],
        [rule("requested", "equals", "quote"), rule("requested", "equals", "demo")],
        [rule("trial_on", "after", "2026-11-20"), rule("trial_on", "before", "2026-11-22")],
        [
            {"any": [rule("country", "equals", "NL"), rule("country", "equals", "BE")]},
            rule("country", "equals", "BE"),
        ],
    ],
)
def test_rules_that_can_hold_together_are_left_alone(parts):
    assert contradiction([parse({"all": parts})]) is None


def test_a_line_that_contradicts_itself_is_named():
    both = {"all": [rule("vehicles", "at_least", 50), rule("vehicles", "at_most", 30)]}

    assert found(must("fleet", both)) == [
        ("fleet", "No lead can meet “Fleet”: it contradicts itself on Vehicles.")
    ]


def test_must_haves_that_contradict_each_other_are_named_at_the_second():
    key, text = found(
        must("large", rule("vehicles", "at_least", 50)), must("small", rule("vehicles", "at_most", 30))
    )[0]

    assert key == "small"
    assert "contradict each other on Vehicles" in text


def test_points_that_a_must_have_makes_unreachable_do_not_count():
    nice = {"key": "tiny", "label": "Tiny", "points": 20, "rule": rule("vehicles", "at_most", 5)}

    assert found(must("large", rule("vehicles", "at_least", 50)), nice, points_needed=10) == [
        ("", "10 points are needed, but a lead can get at most 0.")
    ]


def test_an_empty_set_and_a_line_without_effect_are_named():
    empty = CriteriaSetFactory(lines=[], in_force=False)
    assert problems(empty)[0].text == "There is no criterion yet."

    drafting.add(empty, label="X")
    assert "gives no points" in problems(empty)[0].text


def test_a_sound_set_has_no_problems():
    assert problems(CriteriaSetFactory(in_force=False)) == []
