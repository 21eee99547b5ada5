"""A message to one person through one channel: a row first, sent afterwards. Its key says once for what, its kind in which words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from handoff.models import Handoff
from leads.models import Lead
from sla.models.clock import Clock
from sla.models.clock_event import ClockEvent
from sla.models.connection import Connection

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class ChannelKind(models.TextChoices):
    IN_APP = "IN_APP", _("In the product")
    MAIL = "MAIL", _("E-mail")
    POST = "POST", _("Connection")


class Topic(models.TextChoices):
    """Kinds that a person wants by mail, or not, together."""

    PROMISES = "PROMISES", _("Promises that are due soon or late")
    HANDOFFS = "HANDOFFS", _("Hand-offs, questions and returns")
    TALK = "TALK", _("Mentions and invitations")
    OUTCOMES = "OUTCOMES", _("What became of my leads")
    PLANNING = "PLANNING", _("Capacity, the pool and the agreement")
    NIGHTLY = "NIGHTLY", _("The day in short, both ways")


class NoticeKind(models.TextChoices):
    """What a person is told. The label is the whole sentence of a subject line: it names nobody and no company."""

    WARNED = "WARNED", _("Due soon")
    BREACHED = "BREACHED", _("Late")
    ESCALATED = "ESCALATED", _("Still late")
    HANDED_OVER = "HANDED_OVER", _("A lead was handed over to you")
    PASSED_ON = "PASSED_ON", _("A lead was passed on to you")
    TAKEN_AWAY = "TAKEN_AWAY", _("A lead went to somebody else")
    POOL_WAITING = "POOL_WAITING", _("A lead waits in the pool")
    RETURNED = "RETURNED", _("Sales returned a lead")
    SETTLED = "SETTLED", _("Marketing dealt with a return")
    CONTESTED = "CONTESTED", _("A return is contested: you decide")
    DECIDED = "DECIDED", _("The team leads decided on a contest")
    ASKED = "ASKED", _("Sales asks for information")
    ANSWERED = "ANSWERED", _("Marketing answered a question")
    OUTCOME = "OUTCOME", _("Your lead came to an outcome")
    OUTCOMES = "OUTCOMES", _("What became of your leads")
    MENTIONED = "MENTIONED", _("You were mentioned")
    COFFEE = "COFFEE", _("An invitation to talk a lead through")
    CAPACITY = "CAPACITY", _("Sales is nearly full")
    TO_SIGN = "TO_SIGN", _("An agreement waits for your signature")
    SIGNED = "SIGNED", _("A proposed agreement was signed")
    SENT_BACK = "SENT_BACK", _("A proposed agreement was withdrawn")
    REVIEW_DATE = "REVIEW_DATE", _("The agreement is up for review")
    OWN_VALUE = "OWN_VALUE", _("A number for the agreement is missing")
    DISPUTE = "DISPUTE", _("A promise is disputed")
    DISPUTE_OVER = "DISPUTE_OVER", _("A dispute was answered")
    PAUSED = "PAUSED", _("A clock was paused")
    RECOMPUTED = "RECOMPUTED", _("Open clocks were recomputed")
    NIGHTLY = "NIGHTLY", _("The day in short")
    TRIAL = "TRIAL", _("A trial: this connection works")

    @property
    def topic(self) -> Topic:
        return TOPIC_OF.get(self, Topic.HANDOFFS)

    @property
    def sentence(self) -> str | _StrPromise:
        return self.label


TOPIC_OF = {
    NoticeKind.WARNED: Topic.PROMISES,
    NoticeKind.BREACHED: Topic.PROMISES,
    NoticeKind.ESCALATED: Topic.PROMISES,
    NoticeKind.DISPUTE: Topic.PROMISES,
    NoticeKind.DISPUTE_OVER: Topic.PROMISES,
    NoticeKind.PAUSED: Topic.PROMISES,
    NoticeKind.MENTIONED: Topic.TALK,
    NoticeKind.COFFEE: Topic.TALK,
    NoticeKind.OUTCOME: Topic.OUTCOMES,
    NoticeKind.OUTCOMES: Topic.OUTCOMES,
    NoticeKind.POOL_WAITING: Topic.PLANNING,
    NoticeKind.CAPACITY: Topic.PLANNING,
    NoticeKind.TO_SIGN: Topic.PLANNING,
    NoticeKind.SIGNED: Topic.PLANNING,
    NoticeKind.SENT_BACK: Topic.PLANNING,
    NoticeKind.REVIEW_DATE: Topic.PLANNING,
    NoticeKind.OWN_VALUE: Topic.PLANNING,
    NoticeKind.RECOMPUTED: Topic.PLANNING,
    NoticeKind.NIGHTLY: Topic.NIGHTLY,
}

# Here somebody waits for the reader: "for me to act".
TO_ACT = [
    NoticeKind.WARNED,
    NoticeKind.BREACHED,
    NoticeKind.ESCALATED,
    NoticeKind.HANDED_OVER,
    NoticeKind.PASSED_ON,
    NoticeKind.POOL_WAITING,
    NoticeKind.RETURNED,
    NoticeKind.CONTESTED,
    NoticeKind.ASKED,
    NoticeKind.ANSWERED,
    NoticeKind.COFFEE,
    NoticeKind.TO_SIGN,
    NoticeKind.OWN_VALUE,
    NoticeKind.DISPUTE,
]


class Notice(models.Model):
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    key = models.CharField(max_length=80)  # what it is about, once: "event:12", "handoff:7:returned"
    event = models.ForeignKey(ClockEvent, on_delete=models.PROTECT, null=True, related_name="notices")
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, null=True, related_name="+")
    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, null=True, related_name="+")
    lead = models.ForeignKey(
        Lead, on_delete=models.PROTECT, null=True, related_name="+"
    )  # without a hand-off
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=300, blank=True)  # the same in every language; no personal data
    recipient = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="notices"
    )  # a person, or a connection
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, null=True, related_name="notices")
    channel = models.CharField(max_length=8, choices=ChannelKind.choices)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # in the product: at once
    read_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # counted and committed before the try
    next_attempt_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)  # three tries failed; an administrator sees it
    failure = models.CharField(max_length=200, blank=True)  # why the latest try failed
    mail_key = models.UUIDField(null=True)  # the mail that carries it; the same at every try
    answer_status = models.PositiveSmallIntegerField(
        null=True
    )  # of a connection; of its answer nothing else is kept
    answer_size = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "recipient", "channel"], name="uq_once_notice"),
            models.UniqueConstraint(fields=["key", "connection"], name="uq_once_post"),
            models.CheckConstraint(
                condition=models.Q(recipient__isnull=False, connection__isnull=True)
                | models.Q(recipient__isnull=True, connection__isnull=False, channel="POST"),
                name="notice_goes_to_a_person_or_a_connection",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="notice_to_send",
                condition=models.Q(sent_at__isnull=True, quarantined_at__isnull=True),
            ),
            models.Index(
                fields=["recipient", "-created_at"],
                name="notice_by_recipient",
                condition=models.Q(channel="IN_APP"),
            ),
            models.Index(
                fields=["recipient"],
                name="notice_unread",
                condition=models.Q(channel="IN_APP", read_at__isnull=True),
            ),
            models.Index(
                fields=["connection", "-id"],
                name="notice_by_connection",
                condition=models.Q(connection__isnull=False),
            ),
            models.Index(
                fields=["-quarantined_at"],
                name="notice_set_aside",
                condition=models.Q(sent_at__isnull=True, quarantined_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"

    # Verbs

    def mark_read(self, *, at: datetime) -> None:
        """The first reading counts."""
        Notice.objects.filter(pk=self.pk, read_at=None).update(read_at=at)

    # Questions

    @property
    def about(self) -> Lead | None:
        return self.handoff.lead if self.handoff else self.lead

    @property
    def is_of_a_clock(self) -> bool:
        return self.event_id is not None

    @property
    def sentence(self) -> str:
        """What happened, in words that name no outsider: fit for a subject line."""
        said = str(NoticeKind(self.kind).sentence)
        return f"{said}: {self.clock.get_measure_display()}" if self.event_id and self.clock else said
