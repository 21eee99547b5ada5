"""A chip as HTML for long lists, as components/_clock_chip.html draws it: fifty of them through a template cost more than the rest of a page."""

from __future__ import annotations

from html import escape

from django.utils.safestring import SafeString, mark_safe

from sla.chips import Chip
from smarketing import words


def with_moment(chip: Chip, *, size: str = "") -> SafeString:
    """One by itself, which brings its own hours and says its moment in full. `size`: "head" is large, "inline" is one line."""
    ticking = moment = ""
    if chip.due is not None:
        ticking = f' due="{chip.due}" now="{chip.now}" segments="{escape(chip.segments)}" warn="{chip.warn}" day="{chip.day}"'
    if chip.due_at:
        exact = words.wall_time(chip.due_at).isoformat()
        moment = f' datetime="{exact}" title="{escape(words.full_moment(chip.due_at))}"'
    under = f'<time class="clock-chip__due"{moment}>{escape(chip.due_words)}</time>' if chip.due_words else ""
    sized = f" clock-chip--{escape(size)}" if size else ""
    return mark_safe(
        f'<due-in class="clock-chip{sized}" role="timer" aria-label="{escape(chip.label)}" data-state="{chip.state}"{ticking}>'
        f'<span class="chip" data-state="{chip.state}">{_icon(chip.state)}<span class="clock-chip__words">{escape(chip.words)}</span></span>'
        f"{under}</due-in>"
    )


def drawn(chip: Chip, *, hours: str = "", whose: str = "") -> SafeString:
    """The countdown. `hours` names where the page keeps the working hours by which it ticks; with `whose` the reader's own promise announces itself."""
    ticking = ""
    if chip.due is not None:
        by = f'hours="{escape(hours)}"' if hours else f'segments="{escape(chip.segments)}"'
        mine = f' data-mine="{escape(whose)}"' if whose else ""
        ticking = f' due="{chip.due}" now="{chip.now}" {by} warn="{chip.warn}" day="{chip.day}"{mine}'
    return mark_safe(
        f'<due-in class="clock-chip" role="timer" aria-label="{escape(chip.label)}" data-state="{chip.state}"{ticking}>'
        f'<span class="chip" data-state="{chip.state}">{_icon(chip.state)}'
        f'<span class="clock-chip__words">{escape(chip.words)}</span></span><span class="clock-chip__due">{escape(chip.due_words)}</span></due-in>'
    )


def _icon(state: str) -> str:
    return f'<svg class="state-icon" width="14" height="14" aria-hidden="true"><use href="#state-{state}"/></svg>'
