"""The lines of the checklist, written in one go, as `written_waiting.py` does for the list: through a template they were a quarter of the page.

Everything that people wrote goes through `escape` or is a field that draws itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from leads.criteria.checklist import Row
from leads.criteria.evidence import Evidence
from smarketing.templatetags.words import moment


def written(rows: Iterable[Row], *, may_judge: bool) -> SafeString:
    """Each question with its answer, what it rests on and, for who may judge, the fields to answer it anew."""
    return mark_safe("".join(_line(row, may_judge) for row in rows))


def _line(row: Row, may_judge: bool) -> str:
    line, points = row.line, row.line.criterion.points
    worth = f' <span class="meta">+{points}</span>' if points else ""
    answer = (
        f'<div class="segmented checklist__answer" id="{row.answer.auto_id}">{row.answer}</div>'
        if may_judge
        else f'<span class="checklist__answer strong">{escape(line.answer.label)}</span>'
    )
    return (
        f'<fieldset class="checklist__row" data-row id="criterion-{escape(line.key)}"{" data-error" if row.errors else ""}>'
        f'<legend dir="auto">{escape(line.label)}{worth}</legend>{answer}'
        f'<div class="checklist__why">{"".join(_why(row))}{_say(row) if may_judge else ""}</div></fieldset>'
    )


def _why(row: Row) -> Iterator[str]:
    """What is wrong with the answer, where it comes from, and its evidence."""
    for error in row.errors:
        yield f'<div class="field__error">{escape(error)}</div>'
    line = row.line
    if line.automatic:
        corrected = _("the rule says %(answer)s, a person corrected it") % {"answer": line.automatic.label}
        said = corrected if line.is_overridden else _("auto")
        yield f'<span class="meta">{escape(said)} · {escape(line.rule_in_words)}</span>'
    elif line.criterion.hint:
        yield f'<span class="meta">{escape(line.criterion.hint)}</span>'
    for piece in line.evidence:
        yield (
            f'<span class="checklist__evidence"><q dir="auto">{escape(piece.text)}</q> '
            f'<span class="meta">{_learned(piece)}</span></span>'
        )


def _learned(piece: Evidence) -> str:
    """From where, when and by whom."""
    told = [
        escape(piece.origin),
        moment(piece.known_at, "date") if piece.known_at else "",
        escape(str(piece.known_by)) if piece.known_by else "",
    ]
    return " · ".join(filter(None, told))


def _say(row: Row) -> str:
    """Where somebody says why: open when something stands in it or is wrong with it."""
    summary = _("Say why it is different") if row.line.automatic else _("Add evidence")
    label = _("Evidence for %(label)s") % {"label": row.line.label}
    is_open = " open" if row.evidence.value() or row.errors else ""
    return (
        f'<details class="checklist__say"{is_open}><summary>{escape(summary)}</summary>'
        f'<label class="visually-hidden" for="{row.evidence.id_for_label}">{escape(label)}</label>{row.evidence}</details>'
    )
