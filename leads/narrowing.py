"""A list that the address narrows: what is asked, and the chips that take it away again. Each list says what it asks by and what that means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from smarketing.form_fields import choice_field

LONGEST = 120
OF_THE_PLACE = ("page", "after")  # where one was in the list that is now another


@dataclass(frozen=True)
class Chip:
    words: str
    query: str  # the address without it


@dataclass(frozen=True)
class Narrowing:
    """What the address asks for; what it asks in vain shows nothing, so that nobody thinks he sees all."""

    parameters: QueryDict
    names: ClassVar[tuple[str, ...]] = ("q",)

    @property
    def asked(self) -> dict[str, str]:
        given = {name: self.parameters.get(name, "").strip()[:LONGEST] for name in self.names}
        return {name: value for name, value in given.items() if value}

    def __bool__(self) -> bool:
        return bool(self.asked)

    def offer(self, form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """The field offers all of it, each of these, and what the address asks for though it is none of them."""
        chosen = self.asked.get(name, "")
        strays = [(chosen, chosen)] if chosen and chosen not in dict(choices) else []
        choice_field(form, name).choices = [("", _("All")), *choices, *strays]

    def chips(self, form: forms.Form) -> list[Chip]:
        return [
            Chip(f"{form.fields[name].label}: {_words(form, name, value)}", self._without(name))
            for name, value in self.asked.items()
        ]

    def _without(self, name: str) -> str:
        rest = self.parameters.copy()
        for gone in (name, *OF_THE_PLACE):
            rest.pop(gone, None)
        return f"?{rest.urlencode()}"


def _words(form: forms.Form, name: str, value: str) -> str:
    return str(dict(getattr(form.fields[name], "choices", [])).get(value, value))
