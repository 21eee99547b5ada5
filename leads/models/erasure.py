"""That a person was erased: by whom, when and why. It holds nothing of who it was."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.append_only import Fact
from leads.models.contact import Contact


class ErasureReason(models.TextChoices):
    """A choice and no free words: nothing about the person can slip in again."""

    ASKED = "ASKED", _("The person asked for it")
    NO_LONGER_NEEDED = "NO_LONGER", _("We have no reason to keep it any longer")
    BY_MISTAKE = "MISTAKE", _("It should never have been entered")


class Erasure(Fact):
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="erasure")
    reason = models.CharField(_("why"), max_length=10, choices=ErasureReason.choices)
    erased_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.reason}"
