"""What brings revenue: per source or campaign of the lead (its first one; that is the rule), of the leads captured in the period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from dashboard import counting
from dashboard.funnel import group_names, share_of
from dashboard.models import OF_COHORT
from leads.filters import address
from smarketing.periods import Period, months_back

MONTHS = 12


@dataclass(frozen=True)
class Row:
    """`trend`: leads captured in each of twelve months, oldest first."""

    key: str
    label: str
    leads: int
    accepted: int
    customers: int
    amount: Decimal
    conversion: float | None
    trend: list[int]
    leads_url: str
    accepted_url: str
    customers_url: str


class Counted(NamedTuple):
    """The period in its groups, and what was captured in each of twelve months, the last of which is that of the period."""

    rows: list[counting.Row]
    months: list[dict[Any, int]]


def counted(group: str, period: Period, *, source: str = "", columns: Sequence[str] = OF_COHORT) -> Counted:
    """What `by_group` is made of."""
    months = months_back(period, MONTHS)
    chosen = counting.source_id(source)
    return Counted(*counting.with_months(group, period, months, source=chosen, columns=columns))


def by_group(group: str, period: Period, *, source: str = "", of: Counted | None = None) -> list[Row]:
    """Largest amount first. Leads without a source (or campaign) are a line of their own, so that the parts are the whole.

    Who has counted the period in these groups gives it.
    """
    rows, months = of or counted(group, period, source=source)
    names = group_names(group, [row.key for row in rows if row.key is not None])
    trends = _trends(months)
    made = [_row(group, row, names, trends, period, source) for row in rows if row.counts["cohort_captured"]]
    return sorted(made, key=lambda row: (-row.amount, -row.customers, -row.leads, row.label))


def _row(group: str, row: counting.Row, names: dict, trends: dict, period: Period, source: str) -> Row:
    key, label = names[row.key]
    counts = row.counts
    url = address({**period.as_parameters(), "source": source, group: key})  # the group is always in it
    return Row(
        key=key,
        label=label,
        leads=counts["cohort_captured"],
        accepted=counts["cohort_accepted"],
        customers=counts["cohort_customer"],
        amount=counts["cohort_amount"],
        conversion=share_of(counts["cohort_customer"], counts["cohort_captured"]),
        trend=trends.get(row.key, [0] * MONTHS),
        leads_url=url,
        accepted_url=f"{url}&reached=ACCEPTED",
        customers_url=f"{url}&reached=CUSTOMER",
    )


def _trends(months: Sequence[dict[Any, int]]) -> dict[Any, list[int]]:
    trends: dict[Any, list[int]] = {}
    for place, month in enumerate(months):
        for key, leads in month.items():
            trends.setdefault(key, [0] * MONTHS)[place] = leads
    return trends
