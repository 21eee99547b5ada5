"""What the API keeps of its own: tokens (as a hash) and the answers to requests that carried an Idempotency-Key."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken


class ApiToken(AbstractAuthToken):
    """Acts with exactly the rights of its user. Only the hash is kept; the token itself is shown once."""

    name = models.CharField(_("name"), max_length=80, default="")

    class Meta:
        verbose_name = _("API token")

    def __str__(self) -> str:
        return self.name


class RememberedAnswer(models.Model):
    """The answer to one POST with an Idempotency-Key; empty `status` while it is being worked on."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # of method, address and body
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=80, blank=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="uq_once_remembered_answer")]
        indexes = [models.Index(fields=["created_at"], name="answer_by_age")]

    def __str__(self) -> str:
        return self.key
