"""How long a clock may stand still for a reason, said before somebody pauses it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from sla import pausing, promises
from sla.models import Clock, PauseReason
from smarketing import words


def allowed(clock: Clock, reasons: Iterable[PauseReason], *, at: datetime) -> list[str]:
    """A sentence per reason: how much working time the agreement allows on this clock, and until which moment that is from `at` on."""
    return [_allowed(clock, reason, at) for reason in reasons]


def _allowed(clock: Clock, reason: PauseReason, at: datetime) -> str:
    told = {
        "reason": reason.label,
        "limit": promises.span(pausing.limit_seconds(clock, reason)),
        "whose": _whose(clock, reason),
    }
    ends = pausing.latest_end(clock, reason, at=at)
    if ends is None:
        return _("%(reason)s: the %(limit)s of working time are used up (%(whose)s).") % told
    told["until"] = words.due_time(ends, at)
    return _("%(reason)s: at most %(limit)s of working time in all, so until %(until)s (%(whose)s).") % told


def _whose(clock: Clock, reason: PauseReason) -> str:
    if reason in clock.agreement.pause_limits:
        return _("agreement v%(version)s") % {"version": clock.agreement.version}
    return _("the usual limit")
