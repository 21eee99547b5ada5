"""The clocks of a lead as HTML, written in one go: through templates two of them were a tenth of the page of a lead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sla import drawn_chips
from sla.chips import chip
from sla.models import Clock

NO_CHIP = mark_safe('<span class="meta">–</span>')


def countdown(clock: Clock | None, now: datetime, *, size: str = "") -> SafeString:
    """Of one clock, by itself; a dash where there is none or it was cancelled."""
    made = clock and chip(clock, now)
    return drawn_chips.with_moment(made, size=size) if made else NO_CHIP


def written(clocks: Iterable[Clock], now: datetime, csrf_token: Any) -> SafeString:
    """Each with what it measures, who owes it, its countdown, the way to its arithmetic, and who has it in hand or the button for it."""
    return mark_safe("".join(_line(clock, now, csrf_token) for clock in clocks))


def _line(clock: Clock, now: datetime, csrf_token: Any) -> str:
    measure = escape(clock.get_measure_display())
    holder = f" · {escape(clock.holder)}" if clock.holder else ""
    return (
        f'<dt>{measure} <span class="meta">{escape(clock.get_side_display())}{holder}</span></dt>\n'
        f'<dd>{countdown(clock, now)} <a class="meta" href="{reverse("sla:clock", args=[clock.pk])}">'
        f'{escape(_("How this is counted"))}<span class="visually-hidden">: {measure}</span></a>'
        f"{_in_hand(clock, csrf_token)}</dd>\n"
    )


def _in_hand(clock: Clock, csrf_token: Any) -> str:
    """Only a late one is taken up."""
    taken, may_take_up = getattr(clock, "in_hand", None), getattr(clock, "may_take_up", False)
    if not taken and not may_take_up:
        return ""
    context = {"clock": clock, "in_hand": taken, "may_take_up": may_take_up, "csrf_token": csrf_token}
    return render_to_string("sla/_take_up.html", context)
