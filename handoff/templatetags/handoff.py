"""Pieces of the hand-off on other rooms' pages: `{% load handoff %}{% handoff_panel lead %}`, `{% holder_of lead %}`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from handoff import access, holding, inbox, inbox_rows, latest
from handoff.models import Handoff
from leads.access import WITH_SALES
from leads.models import Lead, Stage

register = template.Library()


@register.simple_tag
def inbox_lines(
    page: inbox.Page, clocks: Any, query: str, chosen: Handoff | None, now: datetime
) -> SafeString:
    """The rows of a tab, with the chips that the room of clocks has drawn (`drawn_clocks`)."""
    return inbox_rows.written(page, clocks.chips, query=query, chosen=chosen.pk if chosen else None, now=now)


@register.simple_tag
def holder_of(lead: Lead) -> SafeString | str:
    """The chip of the team that has the lead now, and who of it; nothing once it has ended. No query beside that of the panel."""
    holder = holding.of(lead)
    if holder is None:
        return ""
    return render_to_string("components/_team_chip.html", {"side": holder.side, "words": str(holder)})


@register.inclusion_tag("handoff/_panel.html", takes_context=True)
def handoff_panel(context: template.Context, lead: Lead) -> dict[str, Any]:
    """Who has the lead, and what this person can do with it now. At most one query when the lead comes with its opportunity."""
    user = context["request"].user
    handoff = latest.standing_of(lead)
    standing = handoff if handoff and handoff.is_open else None
    works = access.may_work(user, lead, standing)
    is_known = lead.contact.erased_at is None  # of the others nothing is written any more
    return {
        "request": context["request"],
        "lead": lead,
        "handoff": handoff,
        "standing": standing,
        "may_hand_over": is_known and lead.stage == Stage.SQL and not standing and access.may_hand_over(user),
        "may_answer": bool(standing and standing.is_unanswered and access.may_answer(user, standing)),
        "may_reply": bool(is_known and standing and standing.waits_for_marketing and access.may_reply(user)),
        "may_reassign": bool(standing and access.may_reassign(user)),
        "deal": getattr(lead, "opportunity", None),
        "may_check": is_known and works and handoff is not None and handoff.first_conversation_at is not None,
        "may_work": is_known and works and (lead.stage in WITH_SALES or standing is not None),
        "may_open": works and lead.can_become(Stage.OPPORTUNITY),
        "may_win": works and (lead.can_become(Stage.CUSTOMER) or lead.can_become(Stage.OPPORTUNITY)),
        "may_lose": works and lead.can_become(Stage.LOST),
        "may_close": lead.can_become(Stage.DISQUALIFIED)
        and (works if standing else access.may_close(user, lead, standing)),
        "may_recycle": lead.can_become(Stage.RECYCLED) and access.may_close(user, lead, standing),
        "back": reverse("leads:detail", args=[lead.pk]),
    }
