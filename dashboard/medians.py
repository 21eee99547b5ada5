"""How long leads take from capture to each stage: the median, in seconds on the wall clock of the company's zone.

Percentiles cannot be added up from daily counts, so they are read from the leads. Up to 20,000 leads they are counted anew whenever the
counts of these leads change, or after a minute (a correction may move a date and no count); for more, kept for ten minutes. The page says so.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from dashboard.counting import NO_SOURCE
from leads.models import MAIN_LINE, MOMENT_OF, Stage
from smarketing.periods import Period
from smarketing.remembering import remembered

FEW = 20_000
FEW_KEPT_SECONDS, MANY_KEPT_SECONDS = 60, 600

_STAGES = MAIN_LINE[1:]
_LOCAL = "(({moment} AT TIME ZONE dashboard_zone()) - (captured_at AT TIME ZONE dashboard_zone()))"
_MEDIANS = ", ".join(
    f"extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY {_LOCAL.format(moment=MOMENT_OF[stage])}) FILTER (WHERE {MOMENT_OF[stage]} IS NOT NULL))"
    for stage in _STAGES
)


def by_stage(period: Period, *, source: int | None, counts: dict[str, Any]) -> dict[str, int | None]:
    """Stage -> median seconds from capture to first reaching it, over the leads captured in the period that reached it; None without any."""
    many = counts["cohort_captured"] > FEW
    state = "kept" if many else hash(tuple(sorted((key, str(value)) for key, value in counts.items())))
    key = f"medians:{period.first}:{period.end}:{source}:{state}"
    seconds = MANY_KEPT_SECONDS if many else FEW_KEPT_SECONDS
    return remembered(key, lambda: _measure(period, source), seconds=seconds)


def _measure(period: Period, source: int | None) -> dict[str, int | None]:
    conditions = ["true"]
    values: list[Any] = []
    for comparison, moment in (("captured_at >= %s", period.starts_at), ("captured_at < %s", period.ends_at)):
        if moment:
            conditions.append(comparison)
            values.append(moment)
    if source is not None:
        conditions.append("source_id IS NULL" if source == NO_SOURCE else "source_id = %s")
        values += [] if source == NO_SOURCE else [source]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_MEDIANS} FROM leads_lead WHERE {' AND '.join(conditions)}", values)
        row = cursor.fetchone()
    medians: dict[str, int | None] = {Stage.NEW: None}
    return medians | {
        stage: None if value is None else round(value) for stage, value in zip(_STAGES, row, strict=True)
    }
