"""Small tags for the look: icons and a piece of a page kept for use in two places."""

from functools import lru_cache
from typing import Any

import lucide
from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from smarketing import assets

register = template.Library()


@lru_cache(maxsize=256)
def _drawn(name: str, size: int, label: str) -> SafeString:
    hidden = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    # lucide escapes its attributes by writing them through ElementTree; the drawing comes from a pinned package.
    return mark_safe(lucide._render_icon(name, size, **{"class": "icon", **hidden}))


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """An icon of Lucide, inline. Without a label it is decoration and hidden from screen readers."""
    return _drawn(str(name), size, str(label))


@register.simple_tag
def fixed(name: str) -> SafeString:
    """{% fixed "_palette.html" %}: a piece that is the same for everybody who reads this language, drawn once."""
    if settings.DEBUG:
        return render_to_string(name)
    return _fixed(name, get_language() or "")


@lru_cache(maxsize=64)
def _fixed(name: str, _language: str) -> SafeString:
    return render_to_string(name)


@register.simple_tag
def asset(name: str) -> str:
    """The address of css/app.css or js/app.js with everything they import."""
    return assets.url(name)


class Capture(template.Node):
    def __init__(self, nodelist: template.NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: template.Context) -> str:
        # What a template rendered is escaped already; stripping would forget that.
        context[self.name] = mark_safe(self.nodelist.render(context).strip())
        return ""


@register.tag
def capture(parser: Any, token: Any) -> Capture:
    """{% capture as heading %}…{% endcapture %}: rendered once, used where it is needed, nothing shown here."""
    words = token.split_contents()
    if len(words) != 3 or words[1] != "as":
        raise template.TemplateSyntaxError("Write {% capture as name %}.")
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return Capture(nodelist, words[2])
