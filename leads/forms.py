"""What people fill in about leads. Forms read and check; they change nothing."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from leads import editing, facts, tidying
from leads.captured import CapturedCompany, CapturedContact, CapturedLead
from leads.models import ActivityKind, Campaign, Company, Contact, Lead, Source, Stage
from smarketing.form_fields import choice_field

A_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?\Z")
MOST_FACTS = 40


def _text(model: Any, name: str, *, label: Any, **more: Any) -> forms.CharField:
    attrs = more.pop("attrs", {})
    longest = model._meta.get_field(name).max_length
    return forms.CharField(
        label=label, max_length=longest, required=False, widget=forms.TextInput(attrs=attrs), **more
    )


class PersonFields(forms.Form):
    """Who it is and where they work."""

    first_name = _text(Contact, "first_name", label=_("First name"), attrs={"autocomplete": "off"})
    last_name = _text(Contact, "last_name", label=_("Last name"), attrs={"autocomplete": "off"})
    email = _text(
        Contact, "email", label=_("E-mail"), attrs={"inputmode": "email", "autocomplete": "off", "dir": "ltr"}
    )
    phone = _text(
        Contact, "phone", label=_("Phone"), attrs={"inputmode": "tel", "autocomplete": "off", "dir": "ltr"}
    )
    job_title = _text(Contact, "job_title", label=_("Job title"))
    language = _text(Contact, "language", label=_("Language"), attrs={"size": 8})
    consent = _text(
        Contact,
        "consent",
        label=_("Permission to contact"),
        help_text=_("In words, such as: yes (form, 20 Nov)."),
    )
    company = _text(Company, "name", label=_("Company"), attrs={"autocomplete": "off"})
    company_domain = _text(Company, "domain", label=_("Web site"), attrs={"inputmode": "url", "dir": "ltr"})
    company_size = forms.IntegerField(
        label=_("Number of staff"), required=False, min_value=0, max_value=2_147_483_647
    )
    industry = _text(Company, "industry", label=_("Industry"))
    country = _text(
        Company, "country", label=_("Country"), help_text=_("Two letters, such as NL."), attrs={"size": 8}
    )
    city = _text(Company, "city", label=_("City"))
    source = forms.ModelChoiceField(
        Source.objects.order_by("name"), label=_("Source"), required=False, empty_label=_("Not known")
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.order_by("name"), label=_("Campaign"), required=False, empty_label=_("None")
    )

    def clean_email(self) -> str:
        try:
            return tidying.email(self.cleaned_data["email"])
        except tidying.NotAnAddress:
            raise ValidationError(
                _("This is not an e-mail address. It looks like name@company.example.")
            ) from None

    def clean_phone(self) -> str:
        return tidying.phone(self.cleaned_data["phone"])


class NewLeadForm(PersonFields):
    """A lead entered by hand."""

    message = forms.CharField(
        label=_("What they want"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        said = ("first_name", "last_name", "email", "phone", "company")
        if not any(cleaned.get(name) for name in said) and not any(name in self.errors for name in said):
            raise ValidationError(_("Give at least a name, an e-mail address, a phone number or a company."))
        return cleaned

    def captured(self) -> CapturedLead:
        given = self.cleaned_data
        source, campaign = given["source"], given["campaign"]
        return CapturedLead(
            contact=CapturedContact(
                **{
                    name: given[name]
                    for name in (
                        "first_name",
                        "last_name",
                        "email",
                        "phone",
                        "job_title",
                        "language",
                        "consent",
                    )
                }
            ),
            company=CapturedCompany(
                name=given["company"],
                domain=given["company_domain"],
                size=given["company_size"],
                industry=given["industry"],
                country=given["country"],
                city=given["city"],
            ),
            source=source.key if source else "",
            campaign=campaign.name if campaign else "",
            message=given["message"],
            title=str(_("Entered by hand")),
            kind=ActivityKind.NOTE,
            origin="person",
        )


class EditLeadForm(PersonFields):
    """What is known of a lead. Each field brings what it said when the form was opened, so that only what was touched is changed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    do_not_contact = forms.BooleanField(label=_("Asked not to be contacted"), required=False)
    field_order = [*PersonFields.base_fields]
    field_order.insert(field_order.index("consent") + 1, "do_not_contact")

    def __init__(self, data: Any = None, *, lead: Lead, only: str = "") -> None:
        self.lead = lead
        initial = {name: editing.current(lead, name) for name in PersonFields.base_fields}
        initial |= {"version": lead.version, "do_not_contact": lead.contact.do_not_contact_at is not None}
        super().__init__(data, initial=initial)
        self._add_facts(lead)
        if only in self.fields:
            for name in set(self.fields) - {only, "version"}:
                del self.fields[name]
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "version"

    def changes(self, *, at: datetime) -> dict[str, Any]:
        """What was touched, as `editing.edit` takes it."""
        touched = {name: self.cleaned_data[name] for name in self.changed_data if name != "version"}
        if "do_not_contact" in touched:
            touched["do_not_contact_at"] = at if touched.pop("do_not_contact") else None
        for name in [name for name in touched if name.startswith(editing.FACT)]:
            touched[name] = fact_value(touched[name])
        if (new := touched.pop("fact_name", "")) and (value := touched.pop("fact_value", "")):
            touched[editing.FACT + new] = fact_value(value)
        touched.pop("fact_value", None)
        return touched

    def clean_fact_name(self) -> str:
        name = tidying.folded(self.cleaned_data["fact_name"]).replace(" ", "_")
        if len(name) > facts.LONGEST_KEY:
            raise ValidationError(_("The name of a fact has 1 to 80 characters."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("fact_name")) != bool(cleaned.get("fact_value")):
            self.add_error("fact_value", _("A further fact needs a name and a value."))
        return cleaned

    def _add_facts(self, lead: Lead) -> None:
        for key in sorted(lead.facts)[:MOST_FACTS]:
            name = editing.FACT + key
            self.fields[name] = forms.CharField(
                label=fact_label(key), required=False, max_length=facts.LONGEST_VALUE
            )
            self.initial[name] = fact_text(lead.facts[key])
        self.fields["fact_name"] = forms.CharField(label=_("Further fact"), required=False, max_length=80)
        self.fields["fact_value"] = forms.CharField(
            label=_("Its value"), required=False, max_length=facts.LONGEST_VALUE
        )


def fact_label(key: str) -> str:
    return key.replace("_", " ").capitalize()


def fact_text(value: Any) -> str:
    """A fact as a person types it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def fact_value(text: str) -> Any:
    """What was typed, as a number or yes/no where it is one."""
    if text in ("true", "false"):
        return text == "true"
    if A_NUMBER.match(text):
        return float(text) if "." in text else int(text)
    if text[:1] in ("[", "{"):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text or None


class LogForm(forms.Form):
    """One thing that happened. Calls to a lead that sales must answer are logged on its hand-off, where the promise counts them."""

    KINDS = (
        ActivityKind.NOTE,
        ActivityKind.CALL,
        ActivityKind.EMAIL,
        ActivityKind.MEETING,
        ActivityKind.VISIT,
        ActivityKind.DOWNLOAD,
    )
    COUNTED_ELSEWHERE = (ActivityKind.CALL, ActivityKind.EMAIL, ActivityKind.MEETING)

    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect(attrs={"class": "segmented"}))
    body = forms.CharField(
        label=_("What happened"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2, "data-hotkey": "n", "dir": "auto"}),
        error_messages={"required": _("Write what happened.")},
    )
    occurred_at = forms.DateTimeField(
        label=_("When"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        help_text=_("Empty: now."),
    )

    def __init__(self, data: Any = None, *, lead: Lead) -> None:
        super().__init__(data, initial={"kind": ActivityKind.NOTE})
        self.calls_count_elsewhere = lead.stage in (Stage.SQL, Stage.ACCEPTED)
        kinds = [
            kind for kind in self.KINDS if not (self.calls_count_elsewhere and kind in self.COUNTED_ELSEWHERE)
        ]
        choice_field(self, "kind").choices = [(kind.value, kind.label) for kind in kinds]

    @property
    def drawn_empty(self) -> SafeString:
        """Its fields before anybody typed: the same on every page, and drawing them costs as much as the timeline."""
        key = f"empty-log-form:{get_language()}:{self.calls_count_elsewhere}"
        return caches["process"].get_or_set(key, self._draw) or SafeString()

    def _draw(self) -> SafeString:
        return render_to_string("leads/_composer_fields.html", {"log_form": self})

    def clean_occurred_at(self) -> datetime | None:
        moment = self.cleaned_data["occurred_at"]
        if moment and moment > timezone.now():
            raise ValidationError(_("This lies in the future: give a moment that has passed."))
        return moment
