"""Rows that were imported before exactly as they stand: they tell nothing new, so they change nothing.

That makes a file safe to import twice, whatever it holds: rows that name one person in contradicting ways, too, which would be
matched differently once the first import has filled in what it knows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import connection

from leads.models import ImportBatch
from smarketing import planned
from smarketing.planned import Given

Told = tuple[int, str | None]  # the lead that the row was about, and the warnings it got then, as JSON


class Fingerprints:
    """One short name per row for everything that it tells: its filled cells by field, and how the file is read."""

    def __init__(self, batch: ImportBatch, month_first: Sequence[str]) -> None:
        self.reading = "\x1e".join(
            [batch.default_source, batch.default_stage, batch.date_format, ",".join(month_first)]
        )

    def of(self, cells: dict[str, list[str]], count: int) -> list[str]:
        """For each row of these columns: 32 hexadecimal digits. Empty cells and the order of the columns do not matter."""
        told = [[f"{field}={cell}" if cell else "" for cell in cells[field]] for field in sorted(cells)]
        rows = zip(*told, strict=True) if told else [()] * count
        return [
            hashlib.md5(
                "\x1f".join([self.reading, *filter(None, row)]).encode("utf-8", "replace"),
                usedforsecurity=False,
            ).hexdigest()
            for row in rows
        ]


def told_before(fingerprints: Sequence[str]) -> dict[int, Told]:
    """Place -> lead and warnings, of the rows that an earlier import has loaded and whose lead is still there."""
    with connection.cursor() as cursor:
        # Planned once, for few fingerprints and not for these five thousand: else PostgreSQL, as long as it has not counted the
        # rows of the last import, reads all rows and all leads for each lot.
        planned.execute(
            cursor,
            """
            SELECT DISTINCT ON (r.fingerprint) r.fingerprint, r.lead_id, r.warnings
            FROM leads_importrow r JOIN leads_lead l ON l.id = r.lead_id
            WHERE r.fingerprint = ANY(%s::text[]) ORDER BY r.fingerprint, r.batch_id, r.row_no
            """,
            [Given(f"{{{','.join(fingerprints)}}}", str)],
        )
        found = {name: (lead_id, warned) for name, lead_id, warned in cursor.fetchall()}
    if not found:
        return {}
    return {place: found[name] for place, name in enumerate(fingerprints) if name in found}
