"""The lines of "Are we on plan?" as HTML, written in one go: through templates they were a tenth of the page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dashboard.plan import Line
from smarketing import words
from smarketing.templatetags.charts import bullet
from smarketing.written_parts import chip, definition


def written(lines: Iterable[Line]) -> SafeString:
    """Each figure with how it is counted, a link to exactly its leads, and what stands beside it: the target, or the month before."""
    return mark_safe("".join(map(_row, lines)))


def _row(line: Line) -> str:
    return (
        f'<tr>\n<th scope="row">{escape(line.label)} {definition(line.label, line.definition)}</th>\n'
        f'<td class="num"><a class="figures__number" href="{escape(line.url)}">{escape(_said(line, line.value))}</a></td>\n'
        f"<td>{_beside(line)}</td>\n</tr>\n"
    )


def _beside(line: Line) -> str:
    if not line.target:
        before = _("%(before)s in the month before") % {"before": _said(line, line.before)}
        return f'<span class="meta">{escape(before)}</span>'
    target = _("of %(target)s") % {"target": words.number(line.target)}
    drawn = bullet(line.label, line.value, line.target, line.expected)
    return f'{drawn}<span class="cluster"><span class="meta">{escape(target)}</span>{chip(line.state, line.words)}</span>'


def _said(line: Line, value: words.Number | None) -> str:
    return words.money(value, cents=False) if line.is_money else words.number(value)
