"""What colleagues say about a hand-off: `{% load conversation %}{% conversation handoff %}`, or of a lead's latest one."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from handoff import access, latest
from handoff.conversation import coffee, inviting, talking
from handoff.conversation.forms import AgreeForm, MessageForm
from handoff.conversation.zones import local as in_zone_of
from handoff.models import Handoff
from leads.models import Lead

register = template.Library()


@register.inclusion_tag("handoff/conversation/_panel.html", takes_context=True)
def conversation(context: template.Context, handoff: Handoff) -> dict[str, Any]:
    """The messages, what is agreed about a coffee, and what this person can do."""
    form = MessageForm(handoff=handoff, writer=context["request"].user)
    return _panel(context, handoff, level=3) | {"form": form}


@register.inclusion_tag("handoff/conversation/_panel.html", takes_context=True)
def conversation_of(context: template.Context, lead: Lead) -> dict[str, Any]:
    """Of the lead's latest hand-off; nothing before there is one. The form comes when it is asked for: it knows all colleagues."""
    handoff = latest.of(lead)
    if handoff is None:
        return {"handoff": None}
    return _panel(context, handoff, level=2, is_silent=not handoff.is_talked_about)  # type: ignore[attr-defined]


def _panel(
    context: template.Context, handoff: Handoff, *, level: int, is_silent: bool = False
) -> dict[str, Any]:
    request, now = context["request"], timezone.now()
    user = request.user
    messages = [] if is_silent else talking.of(handoff)
    standing = None if is_silent else coffee.standing(handoff, at=now)
    may_talk = access.may_talk(user) and handoff.lead.contact.erased_at is None
    is_asked = bool(standing and standing.is_proposed and standing.invitee_id == user.pk)
    return {
        "request": request,
        "handoff": handoff,
        "messages": [(message, talking.may_take_back(message, user, at=now)) for message in messages],
        "coffee": standing,
        "unsent": list(inviting.set_aside().filter(coffee=standing))
        if standing and standing.is_agreed
        else [],
        "starts_at": in_zone_of(standing.starts_at, user) if standing and standing.starts_at else None,
        "may_talk": may_talk,
        "meets": bool(standing and user.pk in (standing.proposer_id, standing.invitee_id)),
        "is_asked": is_asked,
        "agree": AgreeForm(proposed=standing, person=user, now=now) if standing and is_asked else None,
        "other": coffee.other_side(handoff, user) if may_talk and not standing else None,
        "here": f"{context.get('here') or request.path}#conversation",
        "level": level,
    }


@register.filter
def in_zone(moment: Any, person: Any) -> Any:
    return in_zone_of(moment, person)
