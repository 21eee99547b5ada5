"""What colleagues of both teams say to each other under a hand-off."""

from __future__ import annotations

from django.db import models

from handoff.models.handoff import Handoff

LONGEST_MESSAGE = 1000


class Message(models.Model):
    """Never edited. Its writer can take it back for some minutes: then the text is gone and a line says that there was one."""

    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    text = models.CharField(max_length=LONGEST_MESSAGE, blank=True)
    mentions = models.ManyToManyField("accounts.User", related_name="+")
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(deleted_at__isnull=True) & ~models.Q(text="")
                | models.Q(deleted_at__isnull=False, text=""),
                name="message_has_words_until_deleted",
            )
        ]
        indexes = [models.Index(fields=["handoff", "written_at"], name="message_by_handoff")]

    def __str__(self) -> str:
        return f"{self.handoff_id}/{self.pk}"
