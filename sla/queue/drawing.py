"""The cells of a row of the queue as HTML. Fifty rows are a page, and as a template they took two thirds of its time.

Everything that people wrote goes through `escape`; what is written here is words of ours, numbers and addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sla import drawn_chips
from sla.queue.rows import Row
from smarketing.requests import AuthenticatedRequest


@dataclass(frozen=True)
class Pen:
    """What is the same in every row: our words in the reader's language, the addresses, what this person may do."""

    place: Mapping[str, str]
    may_work: bool
    may_reassign: bool
    csrf: str  # the hidden field of a form
    said: Mapping[str, str]

    @classmethod
    def of(cls, request: AuthenticatedRequest, *, may_work: bool, may_reassign: bool) -> Pen:
        csrf = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
        said = {
            "select": _("Select"),
            "planned": _("Planned"),
            "overdue": _("Overdue"),
            "undue": _("No due time"),
            "next": _("Next"),
            "accept": _("Accept"),
            "brief": _("Brief"),
            "call": _("Call"),
            "refused": _("Do not call"),
            "log": _("Log"),
            "step": _("Next step"),
            "sheet": _("Sheet"),
            "move": _("Reassign"),
            "claims": _("Check the claims"),
            "look": _("Look at the lead"),
        }
        escaped = {name: escape(words) for name, words in said.items()}
        return cls(place_of(request), may_work, may_reassign, csrf, escaped)

    def line(self, row: Row) -> SafeString:
        """The whole row, as it stands in the list."""
        return mark_safe(
            f'<li id="lead-{row.id}" class="queue__row" data-row tabindex="-1">{self.cells(row)}</li>'
        )

    def cells(self, row: Row, *, done: str = "", claims_url: str = "", conflict: object = None) -> SafeString:
        """In the order in which a voice reads them: who, role and company, due when, why, score."""
        offered = self._onward(claims_url) if done else self._acts(row, conflict)
        acts = f'<div class="queue__acts">{offered}</div>' if offered or not done else ""
        return mark_safe(
            f'<label class="check-cell"><input type="checkbox" name="lead" value="{row.id}" form="bulk" '
            f'aria-label="{self.said["select"]} {escape(row.name)}"></label>'
            f'<div class="queue__who"><a class="table__name" href="{self.place["leads"]}{row.id}/" data-open '
            f'id="open-{row.id}" dir="auto">{escape(row.name)}</a>{_meta(row.role)}</div>'
            f'<div class="queue__due">{self._due(row, done, conflict)}{_meta(row.local)}</div>'
            f'<div class="queue__why"><p class="clamp" dir="auto">{escape(row.why)}</p>'
            f'<p class="meta">{escape(row.about)}</p></div>{acts}'
        )

    # Mechanics

    def _due(self, row: Row, done: str, conflict: object) -> str:
        if done:
            onward = f" {self.said['next']}: {escape(row.next_words)}" if row.next_words else ""
            return f'<span class="queue__done" data-say="{escape(done)}">✓ {escape(done)}{onward}</span>'
        if conflict:
            words = escape(str(conflict))
            return f'<span class="queue__done" role="alert" tabindex="-1" data-say="{words}">{words}</span>'
        if row.chip:
            return drawn_chips.drawn(row.chip, hours=row.hours or "", whose=row.name)
        return f"{self._plan(row)}{_meta(row.due_words or self.said['undue'])}"

    def _plan(self, row: Row) -> str:
        """What the rep planned himself: no clock of the agreement, yet the lead waits."""
        if not row.is_promised:
            return ""
        state, word = ("late", "overdue") if row.is_overdue else ("info", "planned")
        return f'<span class="chip" data-state="{state}">{self.said[word]}</span>'

    def _acts(self, row: Row, conflict: object) -> str:
        queue, lead = f"{self.place['queue']}{row.id}/", f"{self.place['leads']}{row.id}/"
        back = self.place["back"]
        if conflict:
            return f'<a class="btn btn--small" href="{lead}">{self.said["look"]}</a>'
        if row.is_in_pool:
            return (
                f'<form method="post" action="{queue}accept/?{back}" hx-post="{queue}accept/">{self.csrf}'
                f'<button type="submit" class="btn btn--row btn--small" data-hotkey="a" id="accept-{row.id}">{self.said["accept"]}</button></form>'
                f'<a class="btn btn--quiet btn--small" href="{self.place["handoffs"]}{row.handoff_id}/?tab=pool">{self.said["brief"]}</a>'
            )
        if not self.may_work:
            return ""
        return (
            self._call(row)
            + (
                f'<a class="btn btn--small" id="log-{row.id}" href="{lead}contact/?{back}" hx-get="{queue}contact/" data-hotkey="l">{self.said["log"]}</a>'
                f'<a class="btn btn--quiet btn--small" id="next-{row.id}" href="{lead}next-step/?{back}" hx-get="{queue}next-step/" data-hotkey="s">{self.said["step"]}</a>'
                f'<a class="btn btn--quiet btn--small" id="sheet-{row.id}" href="{lead}call-sheet/" data-hotkey="p">{self.said["sheet"]}</a>'
            )
            + self._move(row)
        )

    def _onward(self, claims_url: str) -> str:
        """After the first conversation. Its key stands in the toast, because the focus has moved on."""
        if not claims_url:
            return ""
        return f'<a class="btn btn--small" href="{escape(claims_url)}">{self.said["claims"]}</a>'

    def _call(self, row: Row) -> str:
        if row.may_call:
            return f'<a class="btn btn--row btn--small" href="tel:{escape(row.phone)}" id="call-{row.id}" data-hotkey="t">{self.said["call"]}</a>'
        return f'<span class="meta">{self.said["refused"]}</span>' if row.phone else ""

    def _move(self, row: Row) -> str:
        if not (self.may_reassign and row.handoff_id):
            return ""
        address = f"{self.place['handoffs']}{row.handoff_id}/reassign/?{self.place['back']}"
        return f'<a class="btn btn--quiet btn--small" id="move-{row.id}" href="{address}" data-hotkey="m">{self.said["move"]}</a>'


def place_of(request: AuthenticatedRequest) -> dict[str, str]:
    """The addresses with which those of every row begin, and the way back to this view."""
    here = reverse("sla:queue")
    query = request.GET.urlencode() if request.path == here else ""
    back = urlencode({"next": f"{here}?{query}" if query else here})
    return {"queue": here, "leads": reverse("leads:list"), "handoffs": reverse("handoff:list"), "back": back}


def _meta(words: str) -> str:
    return f'<span class="meta">{escape(words)}</span>' if words else ""
