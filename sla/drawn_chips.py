"""A chip as HTML for long lists, as components/_clock_chip.html draws it: fifty of them through a template cost more than the rest of a page."""

from __future__ import annotations

from html import escape

from django.utils.safestring import SafeString, mark_safe

from sla.chips import Chip


def drawn(chip: Chip, *, hours: str = "", whose: str = "") -> SafeString:
    """The countdown. `hours` names where the page keeps the working hours by which it ticks; with `whose` the reader's own promise announces itself."""
    ticking = ""
    if chip.due is not None:
        by = f'hours="{escape(hours)}"' if hours else f'segments="{escape(chip.segments)}"'
        mine = f' data-mine="{escape(whose)}"' if whose else ""
        ticking = f' due="{chip.due}" now="{chip.now}" {by} warn="{chip.warn}" day="{chip.day}"{mine}'
    return mark_safe(
        f'<due-in class="clock-chip" role="timer" aria-label="{escape(chip.label)}" data-state="{chip.state}"{ticking}>'
        f'<span class="chip" data-state="{chip.state}"><svg class="state-icon" width="14" height="14" aria-hidden="true"><use href="#state-{chip.state}"/></svg>'
        f'<span class="clock-chip__words">{escape(chip.words)}</span></span><span class="clock-chip__due">{escape(chip.due_words)}</span></due-in>'
    )
