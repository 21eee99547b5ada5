"""The scorecard as a file: one line per promise, the twelve months at the end."""

from __future__ import annotations

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from leads.exporting import csv_response
from sla.scorecard.history import Frozen, Line, Scorecard


def scorecard(card: Scorecard) -> StreamingHttpResponse:
    months = [f"{point.month.first:%Y-%m}" for point in card.lines[0].points] if card.lines else []
    header = [
        _("Promise"), _("Owed by"), _("Unit"), _("Target"), _("So far"), _("Cases"), _("Misses"), _("Misses left"),
        _("Expected by today"), _("After corrections"), *months,
    ]  # fmt: skip
    return csv_response(f"scorecard-{card.month.first:%Y-%m}", header, (_row(line) for line in card.lines))


def _row(line: Line) -> list[object]:
    figure = line.figure
    latest = figure.latest if isinstance(figure, Frozen) else None
    return [
        line.term.sentence, line.term.get_side_display(), figure.unit, figure.target, figure.actual, figure.cases, figure.misses,
        figure.misses_left, figure.pace, latest, *line.values,
    ]  # fmt: skip
