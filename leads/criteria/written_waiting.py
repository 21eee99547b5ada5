"""The rows of the list of leads to judge, written in one go, as `leads/written_rows.py` does for the long list.

What a person typed passes through `_text`, and nothing else puts words into a row.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from leads.criteria.verdicts import Verdict
from leads.criteria.waiting import Row
from leads.models import Answer, Stage
from smarketing.templatetags.words import moment


def written(rows: Iterable[Row]) -> SafeString:
    """Who it is, whether sales-ready or what is missing, points, source, stage and when it came."""
    page = reverse("leads:qualify_list")
    words = [_text(word) for word in (_("Points"), _("Source"), _("Stage"), _("Captured"))]
    return mark_safe("".join(_row(row, page, *words) for row in rows))


def _row(row: Row, page: str, points: str, source: str, stage: str, captured: str) -> str:
    lead, said = row.lead, row.verdict
    about = " · ".join(filter(None, [lead.contact.job_title, lead.company.name if lead.company else ""]))
    return (
        f'<tr data-row id="lead-{lead.pk}">\n'
        f'<th scope="row"><a class="table__name" data-open href="{page}{lead.pk}/" dir="auto">{_text(lead)}</a>'
        f' <span class="meta" dir="auto">{_text(about)}</span></th>\n'
        f"<td>{_ready(get_language() or '') if said.sales_ready else _missing(said)}</td>\n"
        f'<td class="num nowrap" data-label="{points}">{_points(said)}</td>\n'
        f'<td class="col-2" data-label="{source}">{_text(lead.source.name) if lead.source else ""}</td>\n'
        f'<td class="col-3" data-label="{stage}">{_text(Stage(lead.stage).label)}</td>\n'
        f'<td class="nowrap" data-label="{captured}">{moment(lead.captured_at, "ago")}</td>\n'
        "</tr>\n"
    )


def _missing(said: Verdict) -> str:
    """What is not a yes, and by how many points it falls short."""
    lines = [
        f'<span dir="auto">{_text(line.label)}</span>'
        + (f" ({_text(_('no'))})" if line.answer == Answer.NO else "")
        for line in said.missing
    ]
    if short := said.points_short:
        lines.append(_text(ngettext("%(n)s point", "%(n)s points", short) % {"n": short}))
    return f'<span class="muted">{_text(_("Missing:"))}</span> {", ".join(lines)}'


def _points(said: Verdict) -> str:
    if not said.points_needed:
        return str(said.points)
    return _text(_("%(points)s of %(needed)s") % {"points": said.points, "needed": said.points_needed})


@lru_cache(maxsize=8)
def _ready(_language: str) -> SafeString:
    return render_to_string("components/_chip.html", {"state": "met", "words": _("Ready")})


def _text(value: Any) -> str:
    return escape(str(value))
