"""Small components as HTML for lines that are written in one go, as templates/components draws them; a test compares the two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from smarketing.templatetags.look import icon
from smarketing.words import number


def chip(state: str, words: str) -> SafeString:
    """A state in a word: components/_chip.html without an address."""
    return mark_safe(
        f'<span class="chip" data-state="{escape(state)}"><svg class="state-icon" width="14" height="14" aria-hidden="true">'
        f'<use href="#state-{escape(state or "calm")}"/></svg>{escape(words)}</span>'
    )


def definition(name: str, text: str) -> SafeString:
    """ "How this is counted", on a click: components/_definition.html."""
    label = _("How %(name)s is counted") % {"name": name}
    return mark_safe(
        f'<details class="definition"><summary aria-label="{escape(label)}">{icon("info", 14)}</summary>'
        f'<p class="definition__text">{escape(text)}</p></details>'
    )


def step_lines(steps: Sequence[Any]) -> SafeString:
    """The lines of components/_stepper.html, of things or dicts with label and, where known, url, state, note and side."""
    return mark_safe("".join(_step(step, place, len(steps)) for place, step in enumerate(steps, 1)))


def _step(step: Any, place: int, total: int) -> str:
    told = step if isinstance(step, dict) else vars(step)
    state, side, note, label = (told.get(name) or "" for name in ("state", "side", "note", "label"))
    is_done = state == "done"
    name, url = str(escape(label)), told.get("url")
    if is_done and url:
        name = f'<a href="{escape(url)}">{name}</a>'
    where = _("Step %(n)s of %(total)s:") % {"n": place, "total": total}
    team = f' data-team="{escape(side)}"' if side else ""
    current = ' aria-current="step"' if state == "current" else ""
    noted = f' <span class="stepper__note">{escape(note)}</span>' if note else ""
    return (
        f'<li class="stepper__step" data-state="{escape(state)}"{team}{current}>'
        f'<span class="stepper__mark" aria-hidden="true">{icon("check", 14) if is_done else place}</span>'
        f'<span><span class="stepper__where">{escape(where)} </span>'
        f"{name}{noted}</span></li>"
    )


def tab_lines(tabs: Iterable[Mapping[str, Any]]) -> SafeString:
    """The links of components/_tabs.html, of dicts with label, url and, where known, is_current, count, warns and key."""
    return mark_safe("".join(_tab(tab, place) for place, tab in enumerate(tabs, 1)))


def _tab(tab: Mapping[str, Any], place: int) -> str:
    count, key = tab.get("count"), tab.get("key")
    current = ' aria-current="page"' if tab.get("is_current") else ""
    hotkey = f' data-hotkey="{place}"' if place < 10 else ""
    counted = ""
    if count is not None:
        named = f' id="tab-{escape(key)}"' if key else ""
        warns = ' data-state="soon"' if tab.get("warns") else ""
        counted = f'<span{named} class="tabs__count"{warns}>{number(count)}</span>'
    return f'<a class="tabs__tab" href="{conditional_escape(tab["url"])}"{current}{hotkey}>{conditional_escape(tab["label"])}{counted}</a>'
