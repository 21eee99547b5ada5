"""Small components as HTML for lines that are written in one go, as templates/components draws them; a test compares the two."""

from __future__ import annotations

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from smarketing.templatetags.look import icon


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
