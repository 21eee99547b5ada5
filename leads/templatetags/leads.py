"""Words about leads in templates."""

from collections.abc import Iterable

from django import template

from leads.editing import FACT, LABELS
from leads.forms import fact_label

register = template.Library()


@register.filter
def field_names(names: Iterable[str]) -> str:
    """The fields of an edit as people call them."""
    return ", ".join(str(LABELS.get(name) or fact_label(name.removeprefix(FACT))) for name in names or ())
