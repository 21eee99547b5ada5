"""From the calculator into a draft of the agreement: leads delivered, capacity and revenue become its promises."""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import Any

from django.db import transaction

from sla.models import Agreement, TermKind, TermPeriod
from sla.promises import KINDS


@transaction.atomic
def put_into_a_draft(draft: Agreement, *, sales_ready: float, accepted: float, revenue: float) -> list[str]:
    """The promises are there with these numbers, rounded up to whole leads; which they are. Nothing is proposed."""
    wanted: dict[str, dict[str, Any]] = {
        TermKind.SQLS_DELIVERED: {"target_count": ceil(round(sales_ready, 6))},
        TermKind.CAPACITY: {"target_count": ceil(round(accepted, 6))},
        TermKind.REVENUE: {"target_amount": Decimal(str(round(revenue, 2)))},
    }
    last = max((term.position for term in draft.terms.all()), default=0)
    for position, (kind, targets) in enumerate(wanted.items(), start=last + 1):
        changed = draft.terms.filter(kind=kind).update(**targets, period=TermPeriod.MONTH)
        if not changed:
            draft.terms.create(
                kind=kind, key=kind.lower(), side=KINDS[kind].side, position=position, **targets
            )
    return list(wanted)
