"""What is known of a lead as lines of a list, written in one go. What somebody typed passes through `escape`."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from leads.known import Known
from leads.models import Lead
from smarketing.templatetags.look import icon


def written(lead: Lead, facts: Iterable[Known], *, may_edit: bool) -> SafeString:
    """A name and a value each; the name opens the history, and a pencil the field."""
    page, history, edit = reverse("leads:detail", args=[lead.pk]), _("History"), _("Edit")
    lines = []
    for fact in facts:
        label, value = escape(str(fact.label)), f"<bdi>{escape(fact.words)}</bdi>"
        if fact.link:
            value = f'<a href="{escape(fact.link)}">{value}</a>'
        name = quote(fact.name, safe="")
        pencil = _pencil(fact, f"{page}edit/?field={name}", f"{escape(edit)}: {label}") if may_edit else ""
        lines.append(
            f'<dt><a href="{page}history/{name}/" aria-label="{label}: {escape(history)}">{label}</a></dt>\n'
            f"<dd>{value}{pencil}</dd>\n"
        )
    return mark_safe("".join(lines))


def _pencil(fact: Known, address: str, label: str) -> str:
    return (
        f'<a id="edit-{escape(fact.id)}" class="facts__act" href="{address}" hx-get="{address}" hx-target="#facts" hx-swap="outerHTML"'
        f' aria-label="{label}">{icon("pencil", 14)}</a>'
    )
