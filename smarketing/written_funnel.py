"""The funnel as HTML, written in one go: a template for each of its steps was the dearest piece of the dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from smarketing import charts, words

DAY = 86_400  # the median is time on the wall clock


def written(steps: Sequence[Any], label: str, compared: str, line_words: str) -> SafeString:
    """Each step with its owner's strip, bar, count, share of the step before and median; a line where the side changes."""
    highest = max((step.count for step in steps), default=0)
    side, lines = None, []
    for place, step in enumerate(steps):
        if side and side != step.side:
            lines.append(f'<li class="funnel__line">{conditional_escape(line_words)}</li>')
        lines.append(_step(step, highest, is_first=not place))
        side = step.side
    head = "".join(
        f"<span>{conditional_escape(word)}</span>" for word in (_("of before"), _("median"), compared)
    )
    return mark_safe(
        f'<ol class="funnel" aria-label="{conditional_escape(label)}">\n'
        f'<li class="funnel__step funnel__head" aria-hidden="true"><span class="funnel__first">{escape(_("leads"))}</span>{head}</li>\n'
        f"{''.join(lines)}</ol>"
    )


def _step(step: Any, highest: int, *, is_first: bool) -> str:
    url, seconds, note = (getattr(step, name, None) for name in ("url", "seconds", "note"))
    count = words.number(step.count)
    counted = f'<a href="{escape(url)}">{count}</a>' if url else count
    share = "" if is_first else _said(_("of the step before:"), words.percent(step.share))
    median = (
        ""
        if is_first or seconds is None
        else _said(_("median time since capture:"), words.working_duration(seconds, DAY))
    )
    change = _said(_("compared:"), step.change) if getattr(step, "change", "") else ""
    noted = f' <span class="meta">{escape(note)}</span>' if note else ""
    return (
        f'<li class="funnel__step">\n<span class="funnel__strip" data-team="{escape(step.side)}"></span>\n'
        f'<span class="funnel__label">{escape(step.label)}</span>\n'
        '<svg class="chart chart--fluid funnel__bar" width="100%" height="16" aria-hidden="true">'
        f'<rect class="chart__bar" width="{charts.part_of(step.count, highest)}%" height="16" rx="2"/></svg>\n'
        f'<span class="funnel__count">{counted}</span>\n<span class="funnel__share">{share}</span>\n'
        f'<span class="funnel__time">{median}</span>\n<span class="funnel__change">{change}{noted}</span>\n</li>\n'
    )


def _said(heard: str, seen: str) -> str:
    """Who sees it has the head of the column; who hears it is told what it is."""
    return f'<span class="visually-hidden">{escape(heard)}</span>{escape(seen)}'
