"""What differs between two versions of the agreement, in the words that people sign."""

from __future__ import annotations

from dataclasses import dataclass

from sla import promises, rules_in_words
from sla.models import Agreement, Term
from smarketing import words


@dataclass(frozen=True)
class Change:
    """`was` is empty for what is new, `becomes` for what is dropped."""

    what: str
    was: str
    becomes: str


def differences(former: Agreement | None, later: Agreement) -> list[Change]:
    """Every promise and every way of measuring that is not the same in both; of a first version, everything."""
    before = statements(former) if former else {}
    after = statements(later)
    keys = [*after, *(key for key in before if key not in after)]
    return [
        Change(
            after.get(key, before.get(key, ("", "")))[0],
            before.get(key, ("", ""))[1],
            after.get(key, ("", ""))[1],
        )
        for key in keys
        if before.get(key) != after.get(key)
    ]


def statements(agreement: Agreement) -> dict[str, tuple[str, str]]:
    """Everything that is agreed, as (what, in words) under a key that stays the same through the versions."""
    told = {f"term {term.key}": (_owner(term), _promise(term)) for term in agreement.terms_in_order()}
    told |= {key: (str(what), text) for key, (what, text) in rules_in_words.statements(agreement).items()}
    return {
        key: statement for key, statement in told.items() if statement[1] and statement[1] != words.NOTHING
    }


def hot_sentence(agreement: Agreement) -> str:
    return rules_in_words.hot(agreement)


def _owner(term: Term) -> str:
    return term.get_side_display()


def _promise(term: Term) -> str:
    """What it says and what it leaves out."""
    told = [term.sentence]
    if term.excluded_sources:
        told.append(f"({promises.left_out(term)})")
    if term.exceptions:
        told.append(f"({term.exceptions})")
    return " ".join(told)
