"""What differs between two versions of the agreement, in the words that people sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from leads.criteria import rules
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
    field = Agreement._meta.get_field
    for name in ("contact_counts", "warn_share", "late_logging_hours", "minimum_left_minutes"):
        told[name] = (_name(field(name)), _shown(agreement, name))
    for name in ("marketing_calendar", "sales_calendar", "criteria_set", "review_on"):
        value = getattr(agreement, name)
        shown = words.short_date(value) if name == "review_on" else str(value or "")
        told[name] = (gettext("criteria") if name == "criteria_set" else _name(field(name)), shown)
    told["brief"] = (gettext("Brief"), "; ".join(_item(item) for item in agreement.brief_items))
    told["hot"] = (gettext("A lead is hot when"), hot_sentence(agreement))
    return {
        key: statement for key, statement in told.items() if statement[1] and statement[1] != words.NOTHING
    }


def hot_sentence(agreement: Agreement) -> str:
    return rules.sentence(agreement.hot_rule) if agreement.hot_rule else ""


def _owner(term: Term) -> str:
    return term.get_side_display()


def _promise(term: Term) -> str:
    return f"{term.sentence} ({term.exceptions})" if term.exceptions else term.sentence


def _name(field: Any) -> str:
    name = str(field.verbose_name)
    return name[:1].upper() + name[1:]


def _shown(agreement: Agreement, name: str) -> str:
    display = getattr(agreement, f"get_{name}_display", None)
    return str(display() if display else getattr(agreement, name))


def _item(item: dict[str, Any]) -> str:
    return item["label"] + (f" ({gettext('demanded')})" if item.get("required") else "")
