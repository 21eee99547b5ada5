"""A version as a contract to print: numbered articles, both signatures, and on each sheet which text it is."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from sla import access, rules_in_words
from sla.models import Agreement, TermSide
from smarketing.accounts.models import Organisation, Side
from smarketing.requests import AuthenticatedRequest

FINGERPRINT = 12  # letters of it that a person can compare


def contract(request: AuthenticatedRequest, agreement_id: int) -> HttpResponse:
    shown = access.get_agreement_to_read(request.user, agreement_id)
    signed = {signature.side: signature for signature in shown.signatures.all()}
    context = {
        "agreement": shown,
        "company": Organisation.objects.first(),
        "articles": articles(shown),
        "signatures": [(side.label, signed.get(side)) for side in Side],
    }
    return render(request, "sla/contract.html", context)


def contract_style(request: AuthenticatedRequest, agreement_id: int) -> HttpResponse:
    """The foot of every sheet: a style sheet of its own, since only a style sheet reaches the margins."""
    shown = access.get_agreement_to_read(request.user, agreement_id)
    mark = shown.content_hash[:FINGERPRINT] or _("draft")
    foot = _("Agreement v%(version)s, %(mark)s") % {"version": shown.version, "mark": mark}
    # What stands in the text is ours: a number, a word and hexadecimal digits; still nothing may end the string.
    text = "".join(letter for letter in foot if letter.isalnum() or letter in " ,.()-")
    rules = (
        "@page { margin: 18mm 16mm 20mm; "
        f'@bottom-left {{ content: "{text}"; font: 8pt sans-serif; }} '
        '@bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }'
    )
    return HttpResponse(rules, content_type="text/css; charset=utf-8")


def articles(shown: Agreement) -> list[dict[str, Any]]:
    """Promises keep the numbers that they have everywhere; what follows is numbered within its article."""
    titles = {
        TermSide.MARKETING: _("What marketing promises"),
        TermSide.SALES: _("What sales promises"),
        TermSide.JOINT: _("What both promise"),
    }
    numbered = list(enumerate(shown.terms_in_order(), start=1))
    found: list[dict[str, Any]] = [
        {"title": title, "promises": promises}
        for side, title in titles.items()
        if (promises := [(number, term) for number, term in numbered if term.side == side])
    ]
    ways = [(what, text) for what, text in rules_in_words.statements(shown).values() if text]
    return [*found, {"title": _("How it is measured"), "ways": ways}]
