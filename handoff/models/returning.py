"""A hand-off that sales gave back before contact: a duty of marketing, until it is sent again, contested or closed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from handoff.models.handoff import Handoff
from handoff.models.state import ReturnReason, State
from leads.append_only import Fact
from smarketing.accounts.models import Side


class ReturnState(models.TextChoices):
    OPEN = "OPEN", _("With marketing")
    CONTESTED = "CONTESTED", _("Contested: both team leads decide")
    REJECTED = "REJECTED", _("Contest rejected: with marketing")
    UPHELD = "UPHELD", _("Contest upheld: back with sales")
    SENT_AGAIN = "SENT_AGAIN", _("Sent again")
    RECYCLED = "RECYCLED", _("Closed by marketing")


WITH_MARKETING = [ReturnState.OPEN, ReturnState.REJECTED]  # here marketing has to do something
UNSETTLED = [*WITH_MARKETING, ReturnState.CONTESTED]


class Settlement(models.TextChoices):
    """What marketing did first about a return; that stops its clock."""

    SENT_AGAIN = "SENT_AGAIN", _("Sent again")
    CONTESTED = "CONTESTED", _("Contested")
    RECYCLED = "RECYCLED", _("Closed by marketing")


class Return(models.Model):
    """One for each time that sales gave a hand-off back. What it was before is kept, so that an upheld contest restores it."""

    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="returns")
    state = models.CharField(max_length=10, choices=ReturnState.choices, default=ReturnState.OPEN)
    returned_at = models.DateTimeField()
    returned_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20)  # ReturnReason
    note = models.CharField(max_length=500, blank=True)  # what would make it acceptable
    state_before = models.CharField(max_length=10, choices=State.choices)

    settled_at = models.DateTimeField(null=True, blank=True)  # when marketing first did something about it
    settled_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settlement = models.CharField(max_length=10, choices=Settlement.choices, blank=True)
    contest_words = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handoff"], condition=Q(state__in=UNSETTLED), name="uq_once_unsettled_return"
            ),
            models.CheckConstraint(
                condition=Q(state=ReturnState.OPEN, settled_at__isnull=True, settlement="")
                | (~Q(state=ReturnState.OPEN) & Q(settled_at__isnull=False) & ~Q(settlement="")),
                name="return_open_until_settled",
            ),
            models.CheckConstraint(
                condition=~Q(settlement=Settlement.CONTESTED) | ~Q(contest_words=""),
                name="return_contested_with_words",
            ),
        ]
        indexes = [
            models.Index(fields=["returned_at"], name="return_unsettled", condition=Q(state__in=UNSETTLED)),
        ]

    def __str__(self) -> str:
        return f"{self.handoff_id} {self.state}"

    # Questions

    @property
    def reason_words(self) -> str:
        return str(ReturnReason(self.reason).label)

    @property
    def waits_for_marketing(self) -> bool:
        return self.state in WITH_MARKETING

    @property
    def is_contested(self) -> bool:
        return self.state == ReturnState.CONTESTED

    @property
    def can_be_contested(self) -> bool:
        """Once: who was refused fixes it or lets it go."""
        return self.state == ReturnState.OPEN

    @property
    def is_settled(self) -> bool:
        return self.state not in UNSETTLED


class ContestDecision(Fact):
    """What the team lead of one side thinks of a contest, in words. The newest of each side counts; it is decided when both agree."""

    returned = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="decisions")
    side = models.CharField(max_length=10, choices=Side.choices)
    upheld = models.BooleanField()  # True: back to sales; False: it stays with marketing
    words = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["returned", "side", "-id"], name="contest_decision_by_side")]

    def __str__(self) -> str:
        return f"{self.side} {self.upheld}"
