"""The brief as a form: the items that the rules in force demand, a reason for what cannot be given, and to whom it goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from handoff import drafting
from handoff.drafting import Beginning, Completeness, Origin
from handoff.models import LONGEST_WAIVER, BriefTemplate, HandoffRules
from handoff.routing import candidates
from handoff.sending import POOL, ROUTE
from leads.fields import QuickSelect, QuickText, QuickTextarea
from leads.models import Lead
from smarketing.accounts.models import Team, User
from smarketing.form_fields import choice_field


@dataclass(frozen=True)
class Row:
    """One item: where to write it, where to say why it is missing, and where its text came from."""

    field: BoundField
    waive: BoundField | None
    origin: str  # in words; empty once somebody edited it

    @property
    def is_waived(self) -> bool:
        return bool(self.waive and self.waive.value())


class BriefForm(forms.Form):
    """Field names are `brief_<key>` and `waive_<key>`; what is demanded and not there is told by the rules."""

    template_name = "handoff/_brief_fields.html"
    to = forms.ChoiceField(label=_("To whom"), widget=QuickSelect)

    def __init__(
        self,
        *args: Any,
        rules: HandoffRules,
        team: Team | None,
        at: datetime,
        lead: Lead | None = None,
        begun: Beginning | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rules, self.lead, self.begun = rules, lead, begun or Beginning()
        for item in rules.brief_items:
            self.fields[f"brief_{item['key']}"] = self._field_for(item)
            if item.get("required"):
                self.fields[f"waive_{item['key']}"] = forms.CharField(
                    label=_("Why it is sent without"),
                    required=False,
                    max_length=LONGEST_WAIVER,
                    widget=QuickText(attrs={"dir": "auto", "autocomplete": "off"}),
                )
        choice_field(self, "to").choices = self._receivers(team, at=at)
        self.order_fields([*(f"brief_{item['key']}" for item in rules.brief_items), "to"])
        self.initial.update({f"brief_{key}": text for key, text in self.begun.texts.items()})
        self.initial.update({f"waive_{key}": why for key, why in self.begun.waived.items()})
        if self.begun.to:
            self.initial["to"] = self.begun.to

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for key, words in self.rules.refusals(self.brief, self.waived)[0].items():
            if f"brief_{key}" not in self.errors:
                self.add_error(f"brief_{key}", words)
        return cleaned

    @property
    def brief(self) -> dict[str, str]:
        return self._told("brief_")

    @property
    def waived(self) -> dict[str, str]:
        """Reasons count only where the text is missing."""
        return {
            key: why for key, why in self._told("waive_").items() if not self.cleaned_data.get(f"brief_{key}")
        }

    @property
    def receiver(self) -> User | str:
        to = self.cleaned_data["to"]
        return User.objects.get(pk=to) if to.isdigit() else to

    @property
    def rows(self) -> Iterator[Row]:
        for item in self.rules.brief_items:
            key = item["key"]
            field = self[f"brief_{key}"]
            waive = self[f"waive_{key}"] if f"waive_{key}" in self.fields else None
            yield Row(field, waive, self._origin(key, field))

    @cached_property
    def completeness(self) -> Completeness:
        texts = {item["key"]: self[f"brief_{item['key']}"].value() or "" for item in self.rules.brief_items}
        waived = {key: self[f"waive_{key}"].value() or "" for key in texts if f"waive_{key}" in self.fields}
        return drafting.completeness(self.rules, texts, waived)

    @property
    def templates(self) -> Sequence[BriefTemplate]:
        return self.begun.offered

    # Mechanics

    def _field_for(self, item: dict[str, Any]) -> forms.CharField:
        longest = item.get("max_length") or 2000
        rows = 3 if longest > 300 else 1
        return forms.CharField(
            label=item["label"],
            help_text=item.get("hint", ""),
            required=False,
            max_length=longest,
            widget=QuickTextarea(attrs={"rows": rows, "dir": "auto"}),
        )

    def _receivers(self, team: Team | None, *, at: datetime) -> list[tuple[Any, Any]]:
        automatic: list[tuple[Any, Any]] = [
            (ROUTE, _("Whoever has the fewest open hand-offs")),
            (POOL, _("The pool: the first to claim it")),
        ]
        if team is None:
            return automatic
        people = [(str(number), f"{name} ({load})") for number, name, load in candidates(team, at=at)]
        return [*automatic, (_("A colleague, with open hand-offs"), people)] if people else automatic

    def _told(self, prefix: str) -> dict[str, str]:
        return {
            name.removeprefix(prefix): text
            for name, text in self.cleaned_data.items()
            if name.startswith(prefix) and text
        }

    def _origin(self, key: str, field: BoundField) -> str:
        known: Mapping[str, str] | None = self.begun.prefilled.get(key)
        is_untouched = known is not None and (field.value() or "").strip() == known["text"].strip()
        return str(Origin(known["from"]).label) if known and is_untouched else ""
