"""Have a coffee: two colleagues agree on a time to talk a lead through, and both get an invitation for their calendar."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from handoff.models.handoff import Handoff


class CoffeeState(models.TextChoices):
    PROPOSED = "PROPOSED", _("Proposed")
    ACCEPTED = "ACCEPTED", _("Agreed")
    REPLACED = "REPLACED", _("Another time was proposed")
    CANCELLED = "CANCELLED", _("Cancelled")


class Coffee(models.Model):
    """`proposer` proposed `times`; `invitee` chooses one, or proposes others (then a new row takes its place)."""

    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="coffees")
    proposer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    invitee = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    times = models.JSONField()  # one to three moments, ISO 8601 in UTC, in order
    minutes = models.PositiveSmallIntegerField(default=15)
    state = models.CharField(max_length=9, choices=CoffeeState.choices, default=CoffeeState.PROPOSED)
    starts_at = models.DateTimeField(null=True)  # the time that was chosen
    ended_at = models.DateTimeField(null=True)  # when it was replaced or cancelled
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # of the calendar entry
    sequence = models.PositiveSmallIntegerField(default=0)  # of its latest version

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handoff"],
                condition=Q(state__in=[CoffeeState.PROPOSED]),
                name="uq_once_proposed_coffee",
            ),
            models.CheckConstraint(
                condition=~Q(state=CoffeeState.ACCEPTED) | Q(starts_at__isnull=False),
                name="agreed_coffee_has_a_time",
            ),
            models.CheckConstraint(condition=~Q(proposer=F("invitee")), name="coffee_takes_two"),
        ]
        indexes = [models.Index(fields=["handoff", "-proposed_at"], name="coffee_by_handoff")]

    def __str__(self) -> str:
        return f"{self.handoff_id}/{self.pk}"

    # Questions

    @property
    def moments(self) -> list[datetime]:
        return [datetime.fromisoformat(text) for text in self.times]

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None

    @property
    def is_proposed(self) -> bool:
        return self.state == CoffeeState.PROPOSED

    @property
    def is_agreed(self) -> bool:
        return self.state == CoffeeState.ACCEPTED


class Method(models.TextChoices):
    """As calendars call it (RFC 5546)."""

    REQUEST = "REQUEST", _("Invitation")
    CANCEL = "CANCEL", _("Cancellation")


class Invitation(models.Model):
    """A mail with a calendar entry for one person: the row first, sent afterwards. Tries are counted before the try."""

    coffee = models.ForeignKey(Coffee, on_delete=models.PROTECT, related_name="invitations")
    recipient = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=7, choices=Method.choices)
    sequence = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    quarantined_at = models.DateTimeField(null=True)  # three tries failed
    failure = models.CharField(max_length=200, blank=True)
    mail_key = models.UUIDField(default=uuid.uuid4, editable=False)  # the same at every try

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["coffee", "recipient", "sequence"], name="uq_once_coffee_invitation"
            )
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="coffee_invitation_to_send",
                condition=Q(sent_at__isnull=True, quarantined_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.coffee_id}"
