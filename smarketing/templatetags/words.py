"""The words of smarketing.words in templates. Nothing is computed here."""

from collections.abc import Callable
from datetime import datetime
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from smarketing import words
from smarketing.voice import Voice, voice

register = template.Library()

FORMS: dict[str, Callable[[Voice, datetime], str]] = {
    "due": Voice.due_time,
    "ago": Voice.ago,
    "date": Voice.short_date,
    "full": Voice.full_moment,
}

register.filter("due_time", lambda moment: words.due_time(moment))
register.filter("ago", lambda moment: words.ago(moment))
register.filter("full_moment", words.full_moment)
register.filter("short_date", words.short_date)
register.filter("spoken_duration", words.spoken_duration)


@register.filter
def working_duration(seconds: Any, day: int = words.WORKING_DAY) -> str:
    """{{ seconds|working_duration }} or, where the team's day is not eight hours, {{ seconds|working_duration:day }}."""
    if hasattr(seconds, "total_seconds"):
        seconds = seconds.total_seconds()
    return words.working_duration(seconds, day)


@register.filter
def number(value: Any, digits: int = 0) -> str:
    return words.number(value, digits)


@register.filter
def percent(share: Any, digits: int = 0) -> str:
    return words.percent(share, digits)


@register.filter
def money(amount: Any, currency: str = "EUR") -> str:
    return words.money(amount, currency)


@register.filter
def round_money(amount: Any, currency: str = "EUR") -> str:
    return words.money(amount, currency, cents=False)


@register.filter
def short_money(amount: Any, currency: str = "EUR") -> str:
    return words.short_money(amount, currency)


@register.simple_tag
def moment(at: datetime | None, form: str = "due", css: str = "") -> SafeString | str:
    """{% moment lead.captured_at "ago" %}: a time element; form is due, ago, date or full. The whole moment is its title."""
    if at is None:
        return words.NOTHING
    to = voice()
    title, text = escape(to.full_moment(at)), escape(FORMS[form](to, at))
    return mark_safe(
        f'<time datetime="{to.wall_time(at).isoformat(timespec="seconds")}" title="{title}" class="{escape(css)}">{text}</time>'
    )
