"""The page on which a person is erased: what goes and what stays is said first, and the name is typed to confirm it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from leads import access, erasing
from leads.models import Contact, ErasureReason
from smarketing.requests import AuthenticatedRequest


class EraseForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"), choices=ErasureReason.choices, widget=forms.RadioSelect
    )
    typed = forms.CharField(label=gettext_lazy("Type the name to confirm"), max_length=254)

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = str(contact)
        self.fields["typed"].help_text = self.name
        self.fields["typed"].widget.attrs |= {"autocomplete": "off", "dir": "auto"}

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if " ".join(typed.casefold().split()) != " ".join(self.name.casefold().split()):
            raise forms.ValidationError(_("This is not the name of this person."))
        return typed


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    lead = access.get_lead_to_erase(request.user, lead_id)
    contact = lead.contact
    if contact.erased_at:
        return redirect("leads:detail", lead.pk)
    form = EraseForm(request.POST if request.method == "POST" else None, contact=contact)
    if form.is_valid():
        erasing.erase_contact(contact, by=request.user, reason=form.cleaned_data["reason"], at=timezone.now())
        messages.success(request, _("Erased. The figures stay as they are."))
        return redirect("leads:detail", lead.pk)
    context = {"lead": lead, "form": form, "extent": erasing.extent(contact)}
    return render(request, "leads/erase.html", context, status=422 if form.is_bound else 200)
