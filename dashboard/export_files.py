"""The panels of the dashboard as files."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from dashboard.funnel import Funnel, Step
from dashboard.promises import Kept
from dashboard.revenue import Row
from leads.exporting import csv_response


def funnel(counted: Funnel) -> StreamingHttpResponse:
    header = [
        _("Group"),
        _("Stage"),
        _("Leads"),
        _("Share of all"),
        _("Share of the stage before"),
        _("Median seconds since capture"),
    ]
    return csv_response(f"funnel-{counted.by}", header, _funnel_rows(counted))


def promises(kept: list[Kept]) -> StreamingHttpResponse:
    header = [
        _("Promise"),
        _("Owed by"),
        _("Target"),
        _("So far"),
        _("Cases"),
        _("Misses"),
        _("Misses left"),
        _("Expected by today"),
    ]
    rows = (
        [k.sentence, k.term.get_side_display(), k.target, k.actual, k.cases, k.misses, k.misses_left, k.pace]
        for k in kept
    )
    return csv_response("promises", header, rows)


def revenue(rows: list[Row]) -> StreamingHttpResponse:
    header = [_("Name"), _("Leads"), _("Accepted"), _("Customers"), _("Conversion"), _("Amount won")]
    return csv_response(
        "revenue", header, ([r.label, r.leads, r.accepted, r.customers, r.conversion, r.amount] for r in rows)
    )


def _funnel_rows(counted: Funnel) -> Iterator[list[object]]:
    yield from (_funnel_row(_("All"), step) for step in counted.steps)
    for group in counted.groups:
        yield from (_funnel_row(group.label, step) for step in group.steps)


def _funnel_row(group: str, step: Step) -> list[object]:
    return [group, step.label, step.count, step.share_of_all, step.share, step.seconds]
