"""What somebody typed into a brief and did not send yet: kept in the session, for the last few leads, until it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from leads.models import Lead

KEPT = "brief_drafts"
MOST, LONGEST = 5, 4_000


def keep(request: HttpRequest, lead: Lead, names: list[str]) -> None:
    """The newest text of these fields; an empty one is no draft."""
    texts = {name: request.POST[name][:LONGEST] for name in names if request.POST.get(name)}
    others = {key: draft for key, draft in request.session.get(KEPT, {}).items() if key != str(lead.pk)}
    newest = {**others, str(lead.pk): texts} if texts else others
    request.session[KEPT] = dict(list(newest.items())[-MOST:])


def of(request: HttpRequest, lead: Lead) -> dict[str, str]:
    draft: dict[str, str] = request.session.get(KEPT, {}).get(str(lead.pk), {})
    return draft


def drop(request: HttpRequest, lead: Lead) -> None:
    """It was sent."""
    if str(lead.pk) in request.session.get(KEPT, {}):
        del request.session[KEPT][str(lead.pk)]
        request.session.modified = True
