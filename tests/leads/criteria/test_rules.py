"""What a rule means, by example; that both executors agree on it is in test_rules_agree.py."""

from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import given

from leads.criteria.rule_form import RuleForm, is_simple
from leads.criteria.rules import RuleNotUnderstood, evaluate, facts_in, parse, sentence
from leads.models import Answer
from tests.conftest import TUESDAY_NOON
from tests.leads.criteria import strategies

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def said(op, value, fact):
    rule = {"fact": "x", "op": op} | ({} if value is None else {"value": value})
    return evaluate(rule, {"x": fact}, at=TUESDAY_NOON)


@pytest.mark.parametrize(
    ("op", "value", "fact", "answer"),
    [
        ("at_least", 50, " 50 ", YES),
        ("at_least", 50, "12a", UNKNOWN),
        ("at_least", 1.5, "1,5", YES),
        ("at_least", 2, "1.500", UNKNOWN),
        ("at_least", 50, None, UNKNOWN),
        ("at_least", 50, True, UNKNOWN),
        ("at_least", 50, [60], YES),
        ("at_least", 50, [60, 70], UNKNOWN),
        ("at_most", 10, 10**40, NO),
        ("equals", "nl", " NL ", YES),
        ("equals", "BELGIË", "belgië", YES),
        ("equals", "belgië", "Belgie\u0308", YES),
        ("equals", 50, "50.0", YES),
        ("equals", True, "Ja", YES),
        ("equals", "", None, None),
        ("is_one_of", ["NL", "BE"], "be", YES),
        ("is_one_of", ["NL", "BE"], "", UNKNOWN),
        ("is_not_one_of", ["NL"], "DE", YES),
        ("is_not_one_of", ["NL"], None, UNKNOWN),
        ("between", [1, 5], "5", YES),
        ("between", ["2026-11-01", "2026-11-30"], "2026-11-30T22:30:00Z", YES),
        ("between", ["2026-11-01", "2026-11-30"], "2026-11-30T23:30:00Z", NO),
        ("before", "2026-11-20", "2026-11-19", YES),
        ("before", "2026-11-20", "20-11-2026", NO),
        ("after", "2026-11-20", "2026-02-30", UNKNOWN),
        ("within_last_days", 1, "2026-11-23", YES),
        ("within_last_days", 1, "2026-11-25", NO),
        ("includes_any", ["quote", "demo"], "Demo; brochure", YES),
        ("includes_all", ["quote", "demo"], ["quote", "DEMO", "x"], YES),
        ("includes_all", ["quote", "demo"], ["quote"], NO),
        ("contains", "director", "Operations Director", YES),
        ("is_known", None, "x", YES),
        ("is_known", None, " ", NO),
        ("is_true", None, "nee", NO),
        ("is_true", None, "perhaps", UNKNOWN),
    ],
)
def test_what_each_comparison_says(op, value, fact, answer):
    if answer is None:
        with pytest.raises(RuleNotUnderstood):
            said(op, value, fact)
    else:
        assert said(op, value, fact) == answer


@pytest.mark.parametrize(
    ("combinator", "facts", "answer"),
    [
        ("all", {"a": 1, "b": 0}, NO),
        ("all", {"a": 0}, NO),
        ("all", {"a": 1}, UNKNOWN),
        ("any", {"a": 1}, YES),
        ("any", {"a": 0}, UNKNOWN),
        ("any", {"a": 0, "b": 0}, NO),
    ],
)
def test_what_is_unknown_decides_nothing(combinator, facts, answer):
    parts = [{"fact": key, "op": "at_least", "value": 1} for key in ("a", "b")]

    assert evaluate({combinator: parts}, facts, at=TUESDAY_NOON) == answer


def test_days_are_those_of_the_company():
    just_before_midnight_in_amsterdam = TUESDAY_NOON.replace(hour=23, minute=59)
    rule = {"fact": "x", "op": "within_last_days", "value": 0}

    assert evaluate(rule, {"x": "2026-11-24"}, at=just_before_midnight_in_amsterdam) == YES
    assert (
        evaluate(rule, {"x": "2026-11-24"}, at=just_before_midnight_in_amsterdam + timedelta(minutes=2)) == NO
    )


@pytest.mark.parametrize(
    "data",
    [
        None, [], "x", {}, {"all": []}, {"any": "x"}, {"not": None}, {"fact": "x"}, {"fact": "", "op": "is_known"},
        {"fact": "x", "op": "drop table", "value": 1}, {"fact": "x", "op": ["equals"], "value": 1}, {"fact": "x\x00", "op": "is_known"},
        {"fact": "x", "op": "equals", "value": "\x00"}, {"fact": "x", "op": "equals", "value": "\ud800"}, {"fact": "x", "op": "equals", "value": {}},
        {"fact": "x", "op": "at_least", "value": True}, {"fact": "x", "op": "at_least", "value": float("nan")},
        {"fact": "x", "op": "at_least", "value": 10**15}, {"fact": "x", "op": "between", "value": [1]}, {"fact": "x", "op": "between", "value": [1, "2026-11-20"]},
        {"fact": "x", "op": "before", "value": "20-11-2026"}, {"fact": "x", "op": "within_last_days", "value": 1.5}, {"fact": "x", "op": "is_one_of", "value": []},
        {"fact": "x", "op": "is_one_of", "value": ["a"] * 101}, {"fact": "x", "op": "is_known", "value": 1}, {"fact": "x", "op": "is_known", "more": 1},
        {"all": [{"fact": "x", "op": "is_known"}] * 51}, {"not": {"not": {"not": {"not": {"not": {"not": {"fact": "x", "op": "is_known"}}}}}}},
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused_in_words(data):
    with pytest.raises(RuleNotUnderstood) as told:
        parse(data)

    assert str(told.value)


@pytest.mark.parametrize(
    ("rule", "english", "dutch"),
    [
        ({"fact": "vehicles", "op": "at_least", "value": 1500}, "Vehicles is at least 1,500", None),
        ({"fact": "country", "op": "is_one_of", "value": ["NL", "BE"]}, "Country is one of NL, BE", None),
        ({"fact": "captured_at", "op": "within_last_days", "value": 1}, "Captured is within the last 1 day", None),
        ({"not": {"fact": "phone", "op": "is_known"}}, "not (Phone is known)", None),
        ({"any": [{"fact": "a", "op": "is_true"}, {"all": [{"fact": "b", "op": "is_known"}, {"fact": "c", "op": "before", "value": "2026-11-03"}]}]}, "A is yes or (B is known and C is before 3 Nov 2026)", None),
    ],
)  # fmt: skip
def test_a_rule_reads_as_a_sentence(rule, english, dutch):
    assert sentence(rule) == english
    if dutch:
        with translation.override("nl"):
            assert sentence(rule) == dutch


def test_a_rule_names_its_facts_once():
    rule = parse(
        {
            "all": [
                {"fact": "b", "op": "is_known"},
                {"not": {"fact": "a", "op": "is_known"}},
                {"fact": "b", "op": "is_true"},
            ]
        }
    )

    assert facts_in(rule) == ["b", "a"]


@given(rule=strategies.rules)
def test_every_rule_has_a_sentence(rule):
    assert sentence(rule)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "rule",
    [
        {"fact": "vehicles", "op": "at_least", "value": 50},
        {"fact": "country", "op": "equals", "value": "50"},
        {"fact": "vehicles", "op": "between", "value": [1.5, 7]},
        {"fact": "captured_at", "op": "between", "value": ["2026-01-01", "2026-12-31"]},
        {"any": [{"fact": "requested", "op": "includes_any", "value": ["quote", "demo"]}, {"fact": "phone", "op": "is_known"}]},
        {"all": [{"fact": "captured_at", "op": "within_last_days", "value": 30}, {"fact": "job_title", "op": "contains", "value": "director"}]},
    ],
)  # fmt: skip
def test_what_the_form_shows_it_reads_back(rule):
    shown = RuleForm(rule=rule)
    typed = {f"{name}": shown.initial.get(name, "") for name in shown.fields}

    again = RuleForm(typed, rule=rule)

    assert is_simple(rule)
    assert again.is_valid(), again.errors
    assert again.cleaned_data["rule"] == rule


@pytest.mark.parametrize(
    ("rule", "dutch"),
    [
        ({"fact": "vehicles", "op": "at_least", "value": 1500}, "Vehicles is minstens 1.500"),
        ({"fact": "country", "op": "is_one_of", "value": ["NL", "BE"]}, "Land is een van NL, BE"),
        ({"fact": "vehicles", "op": "between", "value": [1.5, 7]}, "Vehicles ligt tussen 1,5 en 7"),
    ],
)
def test_a_rule_reads_as_a_sentence_in_dutch(rule, dutch):
    with translation.override("nl"):
        assert sentence(rule) == dutch
