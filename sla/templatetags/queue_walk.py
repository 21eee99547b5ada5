"""Where a lead stands in the reader's queue: `{% neighbours_in_queue lead as walk %}` gives previous, next, place and total."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from leads.models import Lead
from sla.queue import worklist

register = template.Library()


@register.simple_tag(takes_context=True)
def neighbours_in_queue(context: template.Context, lead: Lead) -> dict[str, Any] | None:
    """None when it does not stand there. In the order of the queue's first view."""
    lines = worklist.lines(worklist.VIEWS[0], context["request"].user, at=timezone.now())
    ids = [line.lead_id for line in lines]
    if lead.pk not in ids:
        return None
    place = ids.index(lead.pk)
    return {
        "previous": ids[place - 1] if place else None,
        "next": ids[place + 1] if place + 1 < len(ids) else None,
        "place": place + 1,
        "total": len(ids),
    }
