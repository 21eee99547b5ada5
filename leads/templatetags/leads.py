"""Words about leads in templates."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from leads.editing import FACT, LABELS
from leads.forms import fact_label
from leads.models import MAIN_LINE, Stage
from smarketing import words

register = template.Library()


@register.filter
def field_names(names: Iterable[str]) -> str:
    """The fields of an edit as people call them."""
    return ", ".join(str(LABELS.get(name) or fact_label(name.removeprefix(FACT))) for name in names or ())


@register.filter
def stage_badge(stage: str) -> SafeString:
    """The component of that name, drawn once per stage and language: a list shows it fifty times."""
    return _badge(stage, get_language() or "")


@register.filter
def day(moment: datetime) -> SafeString:
    """The day of a moment; days recur in a list, so their words are kept."""
    return _day(timezone.localtime(moment).date(), get_language() or "")


@lru_cache(maxsize=2048)
def _day(date: date, language: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', date.isoformat(), words.short_date(date))


@lru_cache(maxsize=64)
def _badge(stage: str, language: str) -> SafeString:
    step = MAIN_LINE.index(Stage(stage)) + 1 if stage in MAIN_LINE else None
    return render_to_string("components/_stage_badge.html", {"label": Stage(stage).label, "step": step})
