"""Form fields for what an address may say: a moment, or one thing by its key or number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from html import escape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
Choices = Iterable[tuple[str, Any]]


class QuickText(forms.TextInput):
    """One line, written in one go: a template for each field is most of a page that asks much."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        text = self.format_value(value)
        given = "" if text is None else format_html(' value="{}"', text)
        taste = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<input type="{}" name="{}"{}{}>', self.input_type, name, given, taste)


class QuickTextarea(forms.Textarea):
    """Several lines, likewise."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        text, taste = self.format_value(value) or "", flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<textarea name="{}"{}>\n{}</textarea>', name, taste, text)


class QuickSelect(forms.Select):
    """A select written in one go: a template per option would cost more than the rest of the page. Never required."""

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # asking the first option, as Django does, would read the list twice

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {str(one) for one in self.format_value(value)}
        taste = self.build_attrs(self.attrs, attrs)
        options = mark_safe(_options(self.choices, chosen))
        return format_html('<select name="{}"{}>{}</select>', name, flatatt(taste), options)


def _options(choices: Any, chosen: set[str]) -> str:
    """One option each; a label with choices of its own is a group of them."""
    return "".join(
        f'<optgroup label="{escape(str(key))}">{_options(label, chosen)}</optgroup>'
        if isinstance(label, list | tuple)
        else f'<option value="{escape(str(key))}"{" selected" if str(key) in chosen else ""}>{escape(str(label))}</option>'
        for key, label in choices
    )


class QuickChecks(forms.CheckboxSelectMultiple):
    """A few checkboxes, written in one go for the same reason."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(map(str, value or ()))
        boxes = (
            (
                f"{(attrs or {}).get('id', name)}_{place}",
                name,
                key,
                mark_safe(" checked") if key in chosen else "",
                label,
            )
            for place, (key, label) in enumerate(self.choices)
        )
        box = '<div><label for="{0}"><input type="checkbox" name="{1}" value="{2}" id="{0}"{3}> {4}</label></div>'
        return format_html("<div>{}</div>", format_html_join("", box, boxes))


class DayInput(forms.DateInput):
    """A date picker, unless the value is a moment within a day: a picker would lose its time."""

    input_type = "date"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if value and not A_DAY.match(str(value)):
            context["widget"]["type"] = "text"
        return context


class MomentField(forms.CharField):
    """A day (its midnight in the company's time zone) or an ISO moment, as an aware datetime."""

    widget = DayInput

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        moment = self._understood(text.strip())
        if moment is None or not 1900 <= moment.year <= 2200:
            raise ValidationError(
                _("“%(value)s” is not a day such as 2026-11-23."), params={"value": text[:40]}
            )
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)

    def _understood(self, text: str) -> datetime | None:
        """A plus in an address arrives as a space: 09:00 01:00 means 09:00+01:00."""
        text = re.sub(r"(:\d{2}(?:\.\d+)?) (\d{2}:?\d{2})\Z", r"\1+\2", text)
        try:
            day: date | None = parse_date(text) if A_DAY.match(text) else None
            return datetime.combine(day, time.min) if day else parse_datetime(text)
        except ValueError:
            return None


class OneOfField(forms.CharField):
    """One row of `model` by its `key`, or a `special` word, which is kept as it is."""

    widget = QuickSelect

    def __init__(
        self,
        *,
        model: type[Model],
        key: str = "pk",
        special: Choices = (),
        **kwargs: Any,
    ) -> None:
        self.model, self.key, self.special = model, key, dict(special)
        super().__init__(**kwargs)
        self.offer(list)

    def offer(self, options: Callable[[], Choices]) -> None:
        """What a select lets choose from, read when it is drawn."""
        if isinstance(self.widget, forms.Select):
            self.widget.choices = lambda: [("", _("All")), *self.special.items(), *options()]

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text or text in self.special:
            return text
        name = row_number(text) if self.key == "pk" else text
        found = self.model._default_manager.filter(**{self.key: name}).first() if name is not None else None
        if found is None:
            raise ValidationError(_("“%(value)s” is not known."), params={"value": text[:40]})
        return found

    def words(self, cleaned: Any) -> str:
        """How a chip names what was chosen."""
        return str(self.special.get(cleaned, cleaned)) if isinstance(cleaned, str) else str(cleaned)


def row_number(text: str) -> int | None:
    """A row's number as an address gives it; None when no row can have it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
