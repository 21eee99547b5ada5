"""The orders in which a list of leads can stand. Each has an index (leads/models), which these expressions must match."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Func, IntegerField, OrderBy, Value
from django.db.models.functions import Lower, NullIf

STAGES = (
    "NEW",
    "MQL",
    "SQL",
    "ACCEPTED",
    "CONTACTED",
    "OPPORTUNITY",
    "CUSTOMER",
    "DISQUALIFIED",
    "LOST",
    "RECYCLED",
)


class StageRank(Func):
    """How far along: the place of the stage in the order of `Stage`."""

    output_field = IntegerField()
    template = f"array_position(ARRAY{list(STAGES)}::text[], (%(expressions)s)::text)"


def words(name: str) -> Any:
    """A text in alphabetical order whatever its capitals; who has none comes last."""
    return NullIf(Lower(name), Value(""))


def up(*expressions: Any) -> tuple[OrderBy, ...]:
    return tuple(OrderBy(expression) for expression in expressions)


NAME = up(words("contact__last_name"), words("contact__first_name"), F("id"))
COMPANY = up(words("contact__company_name"), F("id"))
STAGE = up(StageRank("stage"), F("captured_at"), F("id"))
