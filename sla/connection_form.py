"""Adding a connection: validation only."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sla import posts
from sla.models import Connection, ConnectionKind, Topic
from smarketing import outgoing, sealing

if TYPE_CHECKING:
    from smarketing.accounts.models import User

OFFERED = [topic for topic in Topic if topic != Topic.NIGHTLY]


class ConnectionForm(forms.ModelForm):
    address = forms.CharField(
        label=_("Address"),
        max_length=1000,
        help_text=_(
            "Begins with https://. It is kept sealed and not shown again: whoever knows it may post there."
        ),
    )
    topics = forms.MultipleChoiceField(
        label=_("What is told there"),
        choices=[(topic.value, topic.label) for topic in OFFERED],
        widget=forms.CheckboxSelectMultiple,
        initial=[Topic.PROMISES],
    )

    class Meta:
        model = Connection
        fields = ["name", "kind", "address", "topics", "team", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].help_text = _("Empty: of every team.")

    def clean_address(self) -> str:
        address = self.cleaned_data["address"].strip()
        try:
            outgoing.check(address)
        except outgoing.Refused as problem:
            raise forms.ValidationError(
                REFUSALS.get(str(problem), _("This address cannot be called."))
            ) from problem
        return address

    def connection(self, *, by: User, at: datetime) -> tuple[Connection, str]:
        """Not yet saved, with the secret that signs what a webhook gets: to be shown this once."""
        found: Connection = self.save(commit=False)
        secret = posts.new_secret() if found.kind == ConnectionKind.WEBHOOK else ""
        found.sealed_address = sealing.seal(self.cleaned_data["address"])
        found.sealed_secret = sealing.seal(secret) if secret else ""
        found.host = outgoing.host_of(self.cleaned_data["address"])
        found.topics = self.cleaned_data["topics"]
        found.created_by, found.created_at = by, at
        return found, secret


REFUSALS = {
    "This is not an address.": _("This is not an address."),
    "The address must begin with https://.": _("The address must begin with https://."),
    "A name or password in the address is not sent.": _("A name or password in the address is not sent."),
    "Only the usual port of https is called.": _("Only the usual port of https is called."),
}
