"""A genuine human outbound contact by sales that somebody logged."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from handoff.models.handoff import Handoff
from leads.append_only import Fact, FactQuerySet


class Channel(models.TextChoices):
    CALL = "CALL", _("Call")
    MAIL = "MAIL", _("Mail")
    MEETING = "MEETING", _("Meeting")


class Result(models.TextChoices):
    SPOKE = "SPOKE", _("Spoke")
    NO_ANSWER = "NO_ANSWER", _("No answer")
    VOICEMAIL = "VOICEMAIL", _("Voicemail")
    CALL_BACK = "CALL_BACK", _("Call back")
    WRONG_NUMBER = "WRONG_NUMBER", _("Wrong number")


CONVERSATIONS = [Result.SPOKE, Result.CALL_BACK]  # somebody was reached


class ContactAttemptQuerySet(FactQuerySet):
    def standing(self) -> ContactAttemptQuerySet:
        """Those that nobody took back."""
        return self.filter(taken_back=None)


class ContactAttempt(Fact):
    """`occurred_at` decides about promises; `recorded_at` tells how late it was logged."""

    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="contact_attempts")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    result = models.CharField(max_length=12, choices=Result.choices)
    occurred_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    objects: ClassVar[Any] = ContactAttemptQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["handoff", "occurred_at"], name="attempt_by_handoff"),
            models.Index(fields=["made_by", "-occurred_at"], name="attempt_by_maker"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.result}"

    @property
    def is_conversation(self) -> bool:
        return self.result in CONVERSATIONS


class AttemptTakenBack(Fact):
    """Whoever logged the attempt undid it: it stays on record and counts nowhere."""

    attempt = models.OneToOneField(ContactAttempt, on_delete=models.PROTECT, related_name="taken_back")
    taken_back_at = models.DateTimeField()
    taken_back_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.attempt_id}"
