"""{% first_steps %}: the list of first steps on the page where this person begins, until it is done or hidden."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.middleware.csrf import get_token
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from dashboard.welcome import steps

register = template.Library()

TOKEN = "the-token-of-this-page"  # where it stands in the drawn list


@register.simple_tag(takes_context=True)
def first_steps(context: Context, page: str) -> SafeString | str:
    """`page` is where it stands; shown where this person begins. Asks nothing of the database once the list is hidden."""
    request = context["request"]
    user = request.user
    if user.first_steps_hidden_at or page != user.first_page or request.GET:
        return ""
    drawn = _drawn(steps.kind_of(user), steps.done_by(user), get_language() or "")
    return mark_safe(drawn.replace(TOKEN, escape(get_token(request))))


@lru_cache(maxsize=256)
def _drawn(kind: str, done: tuple[bool, ...], _language: str) -> str:
    """The same for everybody of this role who has come so far and reads this language: drawn once, but for the token of its forms."""
    listed = {"done": sum(done), "number": len(done), "all_done": all(done)}
    return render_to_string(
        "dashboard/welcome/_first_steps.html",
        listed | {"steps": steps.standing(kind, done), "csrf_token": TOKEN},
    )
