"""A field of a form as what it is: Django says only that it is some Field, and choices and querysets are set when the form is made."""

from __future__ import annotations

from typing import Any, cast

from django import forms


def choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    return cast(forms.ChoiceField, form.fields[name])


def needed_at_times(field: forms.Field) -> None:
    """Not required as such, but the form says when it is: "(optional)" beside it would mislead (components/_field.html)."""
    vars(field)["is_needed_at_times"] = True


def rows_field(form: forms.BaseForm, name: str) -> forms.ModelChoiceField[Any]:
    """One, or several, of the rows of its queryset."""
    return cast("forms.ModelChoiceField[Any]", form.fields[name])
