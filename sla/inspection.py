"""One clock laid open: start, each counted block, holidays, pauses, due; who had it, when it warns, and how it moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from sla.business_time import NoOpenTime
from sla.explanation import Explanation, explain, in_words
from sla.explanation import moment as in_zone
from sla.models import Clock, ClockEvent, Segment


def explain_clock(clock: Clock, now: datetime) -> Explanation | None:
    """The arithmetic behind its due moment; of a paused clock, if its pauses run out by themselves. None without open time."""
    pauses = [
        (pause.from_at, pause.ends_at or max(now, pause.from_at), str(pause.get_reason_display()))
        for pause in clock.all_pauses()
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


def laid_open(clock: Clock, now: datetime) -> dict[str, Any]:
    """What the page shows below the state."""
    explanation = explain_clock(clock, now)
    return {
        "arithmetic": in_words(explanation, gettext=gettext).splitlines() if explanation else [],
        "warnings": warning_points(clock),
        "pauses": clock.pauses.select_related("made_by").order_by("from_at", "id"),
        "events": clock.events.select_related("actor").order_by("id"),
        "segments": clock.segments.select_related("holder").order_by("from_at", "id"),
    }


def as_data(clock: Clock, now: datetime) -> dict[str, Any]:
    """The API's answer: `{start, due, target_seconds, blocks, holidays, pauses, text, ...}`."""
    explanation = explain_clock(clock, now)
    if explanation is None:
        data: dict[str, Any] = {
            "start": clock.started_at.isoformat(),
            "due": None,
            "zone": clock.calendar.zone,
            "target_seconds": clock.target_seconds,
            "blocks": [],
            "holidays": [],
            "closed_days": [],
            "pauses": [],
            "text": gettext("These working hours have no open time in the coming 366 days."),
        }
    else:
        data = explanation.as_data(gettext=gettext)
    return data | {
        "calendar": str(clock.calendar_version),
        "warnings": [at.isoformat() for at in warning_points(clock)],
        "segments": [_segment(segment) for segment in clock.segments.order_by("from_at", "id")],
        "class_changes": [_moved(event) for event in _moves(clock) if event.kind == "RECLASSED"],
        "moves": [_moved(event) for event in _moves(clock)],
    }


def in_full(clock: Clock, now: datetime) -> str:
    """All of it as lines of plain text, for the command line."""
    return "\n".join(_lines(clock, now))


def warning_points(clock: Clock) -> list[datetime]:
    """When it is announced that it is due soon, the first first."""
    return [at for at in [clock.warn_at, *clock.warn_later_at] if at]


# Mechanics


def _lines(clock: Clock, now: datetime) -> Iterator[str]:
    explanation = explain_clock(clock, now)
    if explanation is None:
        yield gettext("These working hours have no open time in the coming 366 days.")
        return
    yield in_words(explanation, gettext=gettext)
    local = clock.calendar.local_time
    for at in warning_points(clock):
        yield gettext("Warns: %(moment)s") % {"moment": in_zone(local(at), gettext)}
    for segment in clock.segments.select_related("holder").order_by("from_at", "id"):
        yield gettext("Held from %(moment)s by %(who)s") % {
            "moment": in_zone(local(segment.from_at), gettext),
            "who": segment.holder or gettext("the pool"),
        }
    for event in _moves(clock):
        yield gettext("%(what)s: due %(before)s became %(after)s") % {
            "what": event.get_kind_display(),
            "before": _said(clock, event.due_before),
            "after": _said(clock, event.due_after),
        } + (f" ({event.reason})" if event.reason else "")


def _said(clock: Clock, at: datetime | None) -> str:
    return in_zone(clock.calendar.local_time(at), gettext) if at else "–"


def _moves(clock: Clock) -> list[ClockEvent]:
    return [event for event in clock.events.select_related("actor").order_by("id") if event.moved_due]


def _moved(event: ClockEvent) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "at": event.happened_at.isoformat(),
        "by": event.actor_id,
        "reason": event.reason,
        "due_before": event.due_before and event.due_before.isoformat(),
        "due_after": event.due_after and event.due_after.isoformat(),
    }


def _segment(segment: Segment) -> dict[str, Any]:
    return {
        "holder": segment.holder_id,
        "from": segment.from_at.isoformat(),
        "to": segment.to_at and segment.to_at.isoformat(),
        "answers_for_breach": segment.answers_for_breach,
    }
