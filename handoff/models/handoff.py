"""Marketing delivers one lead to sales, with a brief; sales answers; the first contact is made; it comes to an outcome."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from handoff.models.rules import HandoffRules
from leads.models import Lead, Qualification


class State(models.TextChoices):
    SENT = "SENT", _("Waiting for sales")
    ASKED = "ASKED", _("Asked for information")  # the ball is with marketing
    ACCEPTED = "ACCEPTED", _("Accepted")
    CONTACTED = "CONTACTED", _("Contacted")
    RETURNED = "RETURNED", _("Returned")
    CLOSED = "CLOSED", _("Closed")


OPEN_STATES = [State.SENT, State.ASKED, State.ACCEPTED, State.CONTACTED]


class ReturnReason(models.TextChoices):
    """Why sales gives a lead back before contact."""

    WRONG_ROUTE = "WRONG_ROUTE", _("Wrong person or team")
    INCOMPLETE = "INCOMPLETE", _("Brief incomplete")
    OUTSIDE_DEFINITION = "OUTSIDE_DEFINITION", _("Outside the agreed definition")
    DUPLICATE = "DUPLICATE", _("Duplicate")
    OTHER = "OTHER", _("Other")


class Outcome(models.TextChoices):
    WON = "WON", _("Customer")
    LOST = "LOST", _("Lost")
    DISQUALIFIED = "DISQUALIFIED", _("Disqualified")
    RECYCLED = "RECYCLED", _("Recycled")
    RETURNED = "RETURNED", _("Returned")


class Handoff(models.Model):
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="handoffs")
    cycle = models.PositiveIntegerField(default=1)  # the how-manieth hand-off of this lead
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    hot = models.BooleanField(default=False)  # the hot rule held when it was sent; a snapshot
    rules = models.ForeignKey(HandoffRules, on_delete=models.PROTECT, related_name="+")
    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, null=True, related_name="+")

    sender = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()
    receiving_team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # empty: the pool
    received_at = models.DateTimeField(null=True, blank=True)  # since when the present receiver has it
    routed_because = models.CharField(max_length=300, blank=True)

    asked_at = models.DateTimeField(null=True, blank=True)
    question = models.CharField(max_length=500, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(max_length=1000, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.CharField(max_length=20, choices=ReturnReason.choices, blank=True)
    return_note = models.CharField(max_length=500, blank=True)
    prepared_at = models.DateTimeField(
        null=True, blank=True
    )  # the receiver opened the call sheet before the first contact

    first_attempt_at = models.DateTimeField(
        null=True, blank=True
    )  # earliest genuine outbound contact, by occurrence
    first_conversation_at = models.DateTimeField(null=True, blank=True)
    first_contact_at = models.DateTimeField(null=True, blank=True)  # whichever of the two the rules count
    attempts = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "lead", condition=models.Q(state__in=OPEN_STATES), name="uq_once_open_handoff_per_lead"
            ),
            models.UniqueConstraint(fields=["lead", "cycle"], name="uq_once_handoff_cycle"),
        ]
        indexes = [
            models.Index(
                fields=["receiver", "state"],
                name="handoff_open_by_receiver",
                condition=models.Q(state__in=OPEN_STATES),
            ),
            models.Index(fields=["state", "-sent_at", "-id"], name="handoff_by_state"),
            models.Index(fields=["-sent_at", "-id"], name="handoff_by_sent"),
            models.Index(fields=["sender", "-sent_at"], name="handoff_by_sender"),
            models.Index(fields=["receiver", "-sent_at"], name="handoff_by_receiver"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}/{self.cycle}"
