"""What one field said over time: values where they are kept, else only who changed it and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from leads import editing
from leads.models import Activity, ActivityKind, Lead, LeadFact

if TYPE_CHECKING:
    from smarketing.accounts.models import User

SHOWN = 100


@dataclass(frozen=True)
class Change:
    at: datetime
    who: User | None
    origin: str
    value: object
    has_value: bool


def of_field(lead: Lead, name: str) -> list[Change]:
    """Newest first. Personal fields have no values here: those stand in the contact, and only there."""
    if name.startswith(editing.FACT) or name in editing.REMEMBERED:
        known = lead.fact_history.filter(key=name.removeprefix(editing.FACT)).select_related("known_by")
        return [_learned(fact) for fact in known.order_by("-known_at", "-id")[:SHOWN]]
    edits = lead.activities.filter(kind=ActivityKind.EDIT, details__fields__contains=[name])
    return [_edited(edit) for edit in edits.select_related("actor").order_by("-occurred_at", "-id")[:SHOWN]]


def _learned(fact: LeadFact) -> Change:
    return Change(fact.known_at, fact.known_by, fact.origin, fact.value, has_value=True)


def _edited(edit: Activity) -> Change:
    return Change(edit.occurred_at, edit.actor, "", None, has_value=False)
