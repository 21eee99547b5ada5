"""How often sales confirms what marketing claimed: confirmed / (confirmed + denied). What did not come up counts for neither.

Counted are the claims of hand-offs that were sent in the period and spoken with, each by its newest finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from handoff.models import ClaimCheck, ClaimKind, Finding, Handoff
from leads.models import Source
from smarketing.accounts.models import User
from smarketing.periods import Period
from smarketing.rates import Rate

FILTERS = ("kind", "key", "source", "marketer", "finding")


@dataclass(frozen=True)
class Line:
    label: str
    confirmed: int
    denied: int
    unknown: int
    asked: Mapping[str, Any] = field(default_factory=dict)  # what opens its claims

    @property
    def rate(self) -> Rate:
        return Rate(self.confirmed, self.confirmed + self.denied)


@dataclass(frozen=True)
class Precision:
    """The whole, and its parts by criterion, item of the brief, source and marketer; each group adds up to its whole."""

    all: Line
    spoken: int  # hand-offs with a conversation
    checked: int  # of which a claim was checked
    criteria: list[Line]
    brief: list[Line]
    sources: list[Line]
    marketers: list[Line]


def measure(period: Period) -> Precision:
    newest = newest_checks(period)
    spoken = _sent_in(Handoff.objects.filter(first_conversation_at__isnull=False), period, "")
    by_claim = _grouped(newest, "kind", "key", label=Max("label"))
    return Precision(
        all=_line(_("All claims"), _counts(newest), {}),
        spoken=spoken.count(),
        checked=newest.values("handoff").distinct().count(),
        criteria=[_claim_line(row) for row in by_claim if row["kind"] == ClaimKind.CRITERION],
        brief=[_claim_line(row) for row in by_claim if row["kind"] == ClaimKind.BRIEF],
        sources=_named(newest, "source", F("handoff__lead__source"), Source, _("No source")),
        marketers=_named(newest, "marketer", F("handoff__sender"), User, _("The system")),
    )


def newest_checks(period: Period) -> QuerySet[ClaimCheck]:
    spoken = ClaimCheck.objects.filter(handoff__first_conversation_at__isnull=False)
    newest = _sent_in(spoken, period, "handoff__")
    newest = newest.order_by("handoff_id", "kind", "key", "-id").distinct("handoff_id", "kind", "key")
    return ClaimCheck.objects.filter(pk__in=newest.values("pk"))


def cases(period: Period, asked: Mapping[str, str]) -> QuerySet[ClaimCheck]:
    """The very claims behind a figure."""
    rows = newest_checks(period)
    columns = {
        "kind": "kind",
        "key": "key",
        "finding": "finding",
        "source": "handoff__lead__source",
        "marketer": "handoff__sender",
    }
    for name, column in columns.items():
        value = asked.get(name)
        if not value:
            continue
        is_number = name in ("source", "marketer")
        if value == "none":
            rows = rows.filter(**{f"{column}__isnull": True})
        elif is_number and not (value.isdecimal() and len(value) < 19):
            rows = rows.none()
        else:
            rows = rows.filter(**{column: value})
    return rows.select_related(
        "handoff__lead__contact", "handoff__lead__company", "handoff__sender", "checked_by"
    ).order_by("-checked_at", "-id")


def address(period: Period, asked: Mapping[str, Any], finding: str = "") -> str:
    """Opens the claims behind a figure."""
    query = {name: value for name, value in {**asked, "finding": finding}.items() if value}
    days = {"from": period.first, "to": period.end}
    query |= {name: day.isoformat() for name, day in days.items() if day}
    return f"{reverse('handoff:claim_cases')}?{urlencode(query)}"


# Mechanics

COUNTED = {
    "confirmed": Count("pk", filter=Q(finding=Finding.CONFIRMED)),
    "denied": Count("pk", filter=Q(finding=Finding.DENIED)),
    "unknown": Count("pk", filter=Q(finding=Finding.UNKNOWN)),
}


def _sent_in(rows: Any, period: Period, prefix: str) -> Any:
    bounds: dict[str, datetime | None] = {
        f"{prefix}sent_at__gte": period.starts_at,
        f"{prefix}sent_at__lt": period.ends_at,
    }
    return rows.filter(**{name: at for name, at in bounds.items() if at})


def _counts(rows: QuerySet[ClaimCheck]) -> Mapping[str, int]:
    return rows.aggregate(**COUNTED)


def _grouped(rows: QuerySet[ClaimCheck], *by: str, **more: Any) -> list[Mapping[str, Any]]:
    return list(rows.values(*by).annotate(**COUNTED, **more).order_by(*by))


def _line(label: str, row: Mapping[str, Any], asked: Mapping[str, Any]) -> Line:
    return Line(label, row["confirmed"], row["denied"], row["unknown"], asked)


def _claim_line(row: Mapping[str, Any]) -> Line:
    return _line(row["label"], row, {"kind": row["kind"], "key": row["key"]})


def _named(rows: QuerySet[ClaimCheck], name: str, column: F, model: Any, nobody: str) -> list[Line]:
    counted = list(rows.annotate(group=column).values("group").annotate(**COUNTED).order_by("group"))
    called = {
        thing.pk: str(thing) for thing in model.objects.filter(pk__in=[row["group"] for row in counted])
    }
    lines = [_line(called.get(row["group"], nobody), row, {name: row["group"] or "none"}) for row in counted]
    return sorted(lines, key=lambda line: line.label.lower())
