"""The door to rules. One definition (`parse`), two executors that agree (`evaluate` in Python, `condition` in SQL), one wording (`sentence`)."""

from leads.criteria.conditions import condition
from leads.criteria.definition import (
    All,
    AnyOf,
    Not,
    Op,
    Rule,
    RuleNotUnderstood,
    Test,
    facts_in,
    parse,
)
from leads.criteria.evaluating import evaluate
from leads.criteria.sentences import sentence

__all__ = [
    "All",
    "AnyOf",
    "Not",
    "Op",
    "Rule",
    "RuleNotUnderstood",
    "Test",
    "condition",
    "evaluate",
    "facts_in",
    "parse",
    "sentence",
]
