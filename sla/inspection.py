"""One clock laid open: start, each counted block, holidays, pauses, due. For the inspector page and the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from sla.business_time import NoOpenTime
from sla.explanation import Explanation, explain
from sla.models import Clock


def explain_clock(clock: Clock, now: datetime) -> Explanation | None:
    """The arithmetic behind its due moment; of a paused clock, if its pauses run out by themselves. None without open time."""
    pauses = [
        (pause.from_at, pause.ends_at or max(now, pause.from_at), str(pause.get_reason_display()))
        for pause in clock.pauses.all()
    ]
    try:
        return explain(
            clock.calendar,
            clock.started_at,
            clock.target_seconds,
            pauses=pauses,
            day_names=clock.calendar_version.day_names(),
        )
    except NoOpenTime:
        return None


def as_data(clock: Clock, now: datetime) -> dict[str, Any]:
    """The API's answer: `{start, due, target_seconds, blocks, holidays, pauses, text, ...}`."""
    explanation = explain_clock(clock, now)
    if explanation is None:
        text = gettext("These working hours have no open time in the coming 366 days.")
        return {
            "start": clock.started_at.isoformat(),
            "due": None,
            "zone": clock.calendar.zone,
            "target_seconds": clock.target_seconds,
            "blocks": [],
            "holidays": [],
            "closed_days": [],
            "pauses": [],
            "text": text,
        }
    return explanation.as_data(gettext=gettext)
