"""The rows of the inbox as HTML. Fifty rows are a page; as a template, with a countdown in each, they took most of its time.

Everything that people wrote goes through `escape`; the chips are drawn by the room that keeps the clocks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from handoff.inbox import InboxRow, Page, Waived
from smarketing import words


def written(
    page: Page, chips: Mapping[int, SafeString], *, query: str, chosen: int | None, now: datetime
) -> SafeString:
    """A line for each; `chosen` is the hand-off that stands beside the list, `query` the list that it is opened from, as in an address."""
    query = escape(query)
    inbox, hot, pool = reverse("handoff:list"), escape(_("hot")), escape(_("pool"))
    return mark_safe(
        "".join(
            f'<li id="handoff-{row.pk}" class="inbox__row" data-row tabindex="-1"{current(row, chosen)} '
            f'hx-get="{inbox}{row.pk}/?{query}" hx-trigger="focusin" hx-sync="closest ul:replace">'
            f'<a class="table__name" href="{inbox}{row.pk}/?{query}" data-open dir="auto">{escape(row.name)}</a>'
            f'<span class="push">{chips.get(row.pk) or moment(row, now)}</span>'
            f'<span class="meta inbox__facts">{facts(row, hot, pool)}</span>{without(page.waived.get(row.pk, ()))}</li>'
            for row in page.rows
        )
    )


def current(row: InboxRow, chosen: int | None) -> str:
    return ' aria-current="true"' if row.pk == chosen else ""


def moment(row: InboxRow, now: datetime) -> str:
    """When it was sent, where no clock asks for anything."""
    return f'<time class="meta" datetime="{row.sent_at:%Y-%m-%dT%H:%M:%SZ}" title="{escape(words.full_moment(row.sent_at))}">{words.due_time(row.sent_at, now)}</time>'


def facts(row: InboxRow, hot: str, pool: str) -> str:
    """Company, hot, who has it, why it came back."""
    who = escape(row.receiver) if row.receiver_id else pool if row.is_unanswered else ""
    told = [escape(row.company or ""), hot if row.hot else "", who, escape(row.reason)]
    return " · ".join(filter(None, told))


def without(items: Sequence[Waived]) -> str:
    """What the brief was sent without, each with its reason."""
    if not items:
        return ""
    said = _("Without “%(item)s”: %(why)s")
    told = (said % {"item": item.label, "why": Truncator(item.why).chars(120)} for item in items)
    return "".join(f'<span class="meta inbox__facts" dir="auto">{escape(words)}</span>' for words in told)
