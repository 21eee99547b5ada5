"""What people fill in on the way from a file to leads. Forms read and check; they change nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from leads.imports import columns, date_orders, reading
from leads.imports.columns import FACT, LABELS
from leads.models import ImportBatch, Stage
from smarketing import words
from smarketing.form_fields import choice_field

EXTENSIONS = ["csv", "txt", "tsv", "xlsx"]
GROUPS = [
    (
        _("Person"),
        ["full_name", "first_name", "last_name", "email", "phone", "job_title", "language", "consent"],
    ),
    (_("Company"), ["company", "company_domain", "company_size", "industry", "country", "city"]),
    (_("Origin"), ["external_id", "source", "campaign", "captured_at", "message", "note"]),
    (
        _("How far it came"),
        [
            "stage",
            "mql_at",
            "sql_at",
            "accepted_at",
            "contacted_at",
            "opportunity_at",
            "customer_at",
            "lost_at",
            "disqualified_at",
            "reason",
            "marketer",
            "rep",
            "amount",
            "currency",
        ],
    ),
]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the reader says it better
        widget=forms.FileInput(attrs={"accept": ",".join(f".{name}" for name in EXTENSIONS)}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = _(
            "CSV or Excel (.xlsx), at most %(size)s MB and %(rows)s rows. Commas or semicolons, any encoding."
        )
        limits = {"size": reading.MAX_BYTES >> 20, "rows": words.number(reading.MAX_ROWS)}
        self.fields["file"].help_text = said % limits

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.name.rpartition(".")[2].lower() not in EXTENSIONS:
            raise ValidationError(_("This is not a table. Upload a CSV or Excel (.xlsx) file."))
        if file.size > reading.MAX_BYTES:
            raise ValidationError(
                _("The file is larger than %(limit)s MB. Split it.") % {"limit": reading.MAX_BYTES >> 20}
            )
        return file


class ColumnsForm(forms.Form):
    """One choice per column, and what holds for all rows."""

    date_format = forms.ChoiceField(
        label=_("Dates like 03/04/2026"),
        required=False,
        choices=[
            ("", _("As the other dates of the column show")),
            ("DMY", _("Day first: 3 April")),
            ("MDY", _("Month first: 4 March")),
        ],
    )
    default_source = forms.CharField(label=_("Source of rows that name none"), max_length=80, required=False)
    default_stage = forms.ChoiceField(label=_("Stage of rows that name none"), required=False)

    def __init__(
        self, *args: Any, batch: ImportBatch, guesses: dict[str, columns.Guess], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        self.headers: list[str] = batch.layout["headers"]
        stages = [(stage.value, stage.label) for stage in Stage]
        choice_field(self, "default_stage").choices = [("", _("New")), *stages[1:]]
        examples = reading.examples(batch.text, batch.layout)
        self.lines = []
        for place, header in enumerate(self.headers):
            guess = batch_choice(batch, header) or guesses[header]
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=_("Field for “%(column)s”") % {"column": header},
                required=False,
                choices=_choices(header, guess.field),
                initial=guess.field,
            )
            self.lines.append((self[f"column_{place}"], header, examples[place], guess))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = {header: cleaned.get(f"column_{place}", "") for place, header in enumerate(self.headers)}
        if not any(chosen.values()):
            raise ValidationError(_("Choose a field for at least one column."))
        try:
            cleaned["columns"] = columns.check(chosen, self.headers)
        except columns.UnknownField as error:
            raise ValidationError(str(error)) from error
        if not cleaned.get("date_format"):
            unclear = [
                name for name, order in date_orders.of(self.batch, cleaned["columns"]).items() if not order
            ]
            if unclear:
                words = _(
                    "In “%(column)s” it cannot be told whether the day or the month comes first: choose."
                )
                self.add_error("date_format", words % {"column": unclear[0]})
        return cleaned


def batch_choice(batch: ImportBatch, header: str) -> columns.Guess | None:
    """What was chosen for this column when the page was here before."""
    return columns.Guess(batch.columns[header], True) if header in batch.columns else None


def _choices(header: str, chosen: str) -> list[Any]:
    name = columns.fact_name(header if header.lower().startswith(FACT) else FACT + header) or "column"
    facts = {FACT + name, chosen} if chosen.startswith(FACT) else {FACT + name}
    words = _("Keep as the fact “%(name)s”")
    return [
        ("", _("Do not import")),
        *((label, [(field, LABELS[field]) for field in fields]) for label, fields in GROUPS),
        (_("Other"), [(fact, words % {"name": fact.removeprefix(FACT)}) for fact in sorted(facts)]),
    ]
