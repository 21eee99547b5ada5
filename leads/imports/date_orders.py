"""Whether the dates of a file are written day first or month first, a column at a time."""

from __future__ import annotations

from leads.imports import reading
from leads.imports.columns import MOMENTS
from leads.imports.values import moments
from leads.models import ImportBatch

ROWS_AT_A_TIME = 5_000


def of(batch: ImportBatch, chosen: dict[str, str]) -> dict[str, str]:
    """For each column of moments: day first ("DMY"), month first ("MDY"), not to be told (""), or never asked ("ISO")."""
    headers = batch.layout["headers"]
    wanted = {column: headers.index(column) for column, field in chosen.items() if field in MOMENTS}
    seen: dict[str, set[str]] = {column: set() for column in wanted}
    for rows in reading.rows(batch.text, batch.layout, size=ROWS_AT_A_TIME):
        for column, place in wanted.items():
            seen[column].update(cells[place][:40] for _number, cells in rows if len(cells) > place)
        if all(moments.date_order(cells) == "ISO" for cells in seen.values()):
            break  # a column that starts in one notation goes on in it
    return {column: moments.date_order(cells) for column, cells in seen.items()}
