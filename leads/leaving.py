"""What a lead looks like in a file: one row, columns with the names that an import understands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from leads.querysets import LeadQuerySet

CHUNK = 2000
HEADER = (
    "id",
    "external_id",
    "first_name",
    "last_name",
    "email",
    "phone",
    "job_title",
    "language",
    "company",
    "company_domain",
    "company_size",
    "industry",
    "country",
    "city",
    "source",
    "campaign",
    "stage",
    "captured_at",
    "mql_at",
    "sql_at",
    "accepted_at",
    "contacted_at",
    "opportunity_at",
    "customer_at",
    "closed_at",
    "reason",
    "marketer",
    "rep",
    "hot_at",
    "next_step",
    "next_step_at",
)
COLUMNS = (
    "pk",
    "external_id",
    "contact__first_name",
    "contact__last_name",
    "contact__email",
    "contact__phone",
    "contact__job_title",
    "contact__language",
    "company__name",
    "company__domain",
    "company__size",
    "company__industry",
    "company__country",
    "company__city",
    "source__key",
    "campaign__name",
    "stage",
    "captured_at",
    "mql_at",
    "sql_at",
    "accepted_at",
    "contacted_at",
    "opportunity_at",
    "customer_at",
    "closed_at",
    "reason",
    "marketer__email",
    "owner__email",
    "hot_at",
    "next_step",
    "next_step_at",
)


def rows(leads: LeadQuerySet) -> Iterator[tuple[Any, ...]]:
    """Newest first, fetched in chunks by what was last seen: neither a long transaction nor much memory."""
    seen: tuple[Any, ...] | None = None
    in_order = leads.order_by("-captured_at", "-id").values_list(*COLUMNS)
    captured_at, pk = COLUMNS.index("captured_at"), COLUMNS.index("pk")
    while True:
        chunk = list((in_order if seen is None else _after(in_order, seen[captured_at], seen[pk]))[:CHUNK])
        yield from chunk
        if len(chunk) < CHUNK:
            return
        seen = chunk[-1]


def _after(in_order: Any, captured_at: Any, pk: int) -> Any:
    return in_order.filter(captured_at__lte=captured_at).exclude(captured_at=captured_at, pk__gte=pk)
