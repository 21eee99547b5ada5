"""The inside of components that are written in one go."""

from django import template

from smarketing import written_parts

register = template.Library()

register.simple_tag(written_parts.step_lines)
register.simple_tag(written_parts.tab_lines)
