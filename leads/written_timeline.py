"""The entries of a timeline, written in one go: twenty through a template each cost more than everything else on the page of a lead.

What somebody typed passes through `escape`, and nothing else puts words into an entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django.template.defaultfilters import time
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from leads.storytelling import Day, Fold
from leads.templatetags.leads import field_names
from leads.timeline import Actor, Entry
from smarketing import words
from smarketing.templatetags.look import icon


def written(days: Iterable[Day]) -> SafeString:
    """The lines of the list: each day and what happened on it."""
    return mark_safe("".join(line for day in days for line in _day(day)))


def _day(day: Day) -> Iterable[str]:
    yield f'<li class="timeline__day">{escape(words.short_date(day.on))}</li>\n'
    for fold in day.folds:
        yield _run(fold) if fold.is_run else _one(fold.first)


def _one(entry: Entry) -> str:
    state = entry.details.get("state")
    attributes = f' data-state="{_text(state)}"' if state else ""
    body = f'<div class="timeline__body" dir="auto">{_text(entry.body)}</div>' if entry.body else ""
    return (
        f'<li id="{entry.key}" class="timeline__entry"{attributes}><span class="timeline__mark">{icon(entry.icon or "dot")}</span>\n'
        f'<span class="timeline__what">{_what(entry)}{_who(entry.actor)}{_system(entry)}</span>\n'
        f'<a class="timeline__when" href="#{entry.key}">{_clock(entry)}</a>{body}</li>\n'
    )


def _what(entry: Entry) -> str:
    if entry.is_edit:
        return _text(_("Changed: %(fields)s") % {"fields": field_names(entry.details.get("fields", []))})
    title = f"<bdi>{_text(entry.title)}</bdi>"
    return f'<a href="{_text(entry.url)}">{title}</a>' if entry.url else title


def _run(fold: Fold) -> str:
    """Several edits by one person, folded."""
    first = fold.first
    head = _text(_("%(n)s changes") % {"n": len(fold.entries)})
    lines = "".join(
        f'<li id="{entry.key}">{_clock(entry)} {_text(field_names(entry.details.get("fields", [])))}</li>'
        for entry in fold.entries
    )
    return (
        f'<li id="{first.key}-run" class="timeline__entry"><span class="timeline__mark">{icon("pencil")}</span>\n'
        f'<details class="timeline__what"><summary>{head}{_who(first.actor)}</summary><ul>{lines}</ul></details>\n'
        f'<span class="timeline__when">{_clock(first)}</span></li>\n'
    )


def _who(actor: Actor | None) -> str:
    if actor is None:
        return ""
    chip = f" {_team_chip(actor.side, get_language() or '')}" if actor.side else ""
    return f' <span class="meta">{_text(actor.name)}</span>{chip}'


def _system(entry: Entry) -> str:
    """The program that told us."""
    source = entry.details.get("source")
    return f' <span class="meta">{_text(_("by"))} <bdi>{_text(source)}</bdi></span>' if source else ""


def _clock(entry: Entry) -> str:
    return _text(time(timezone.localtime(entry.occurred_at), "H:i"))


@lru_cache(maxsize=16)
def _team_chip(side: str, _language: str) -> SafeString:
    return render_to_string("components/_team_chip.html", {"side": side})


def _text(value: object) -> str:
    return escape(str(value))
