"""{% first_steps %}: the list of first steps on the page where this person begins, until it is done or hidden."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from dashboard.welcome import steps

register = template.Library()


@register.inclusion_tag("dashboard/welcome/_first_steps.html", takes_context=True)
def first_steps(context: Context, page: str) -> dict[str, Any]:
    """`page` is where it stands; shown where this person begins. Asks nothing of the database once the list is hidden."""
    user = context["request"].user
    if user.first_steps_hidden_at or page != user.first_page or context["request"].GET:
        return {"steps": []}
    standing = steps.of(user)
    done = sum(each.is_done for each in standing)
    return {
        "steps": standing,
        "done": done,
        "number": len(standing),
        "all_done": done == len(standing),
        "csrf_token": context.get("csrf_token"),
    }
