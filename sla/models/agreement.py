"""The agreement (SLA): what the two teams promised each other, in versions that both signed. Immutable once proposed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from handoff.models import ContactCounts
from leads.append_only import Fact
from leads.models import CriteriaSet
from sla.models.calendar import Calendar
from smarketing.accounts.models import Side


class AgreementState(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    PROPOSED = "PROPOSED", _("Proposed")
    SIGNED = "SIGNED", _("Signed")  # by both; waits for its start date
    IN_FORCE = "IN_FORCE", _("In force")
    SUPERSEDED = "SUPERSEDED", _("Superseded")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class Agreement(models.Model):
    version = models.PositiveIntegerField(_("version"), unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=AgreementState.choices, default=AgreementState.DRAFT
    )
    starts_on = models.DateField(_("in force from"))
    review_on = models.DateField(_("review on"), null=True, blank=True)
    note = models.CharField(_("what changes and why"), max_length=300, blank=True)
    criteria_set = models.ForeignKey(
        CriteriaSet, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # empty: the one in force
    marketing_calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, related_name="+", verbose_name=_("working hours of marketing")
    )
    sales_calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, related_name="+", verbose_name=_("working hours of sales")
    )
    brief_items = models.JSONField(default=list)  # as handoff.HandoffRules.brief_items
    hot_rule = models.JSONField(null=True, blank=True)  # a rule of leads/criteria/rules.py
    contact_counts = models.CharField(
        _("what counts as first contact"),
        max_length=12,
        choices=ContactCounts.choices,
        default=ContactCounts.ATTEMPT,
    )
    warn_share = models.PositiveSmallIntegerField(_("warn when this % of the time is left"), default=25)
    late_logging_hours = models.PositiveSmallIntegerField(_("late logging allowed for, in hours"), default=24)
    minimum_left_minutes = models.PositiveSmallIntegerField(
        _("a breach is the new holder's only if he got at least, in minutes"), default=30
    )

    drafted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    content_hash = models.CharField(
        max_length=64, blank=True
    )  # of everything proposed, chained to the version before
    in_force_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state=AgreementState.IN_FORCE),
                name="uq_once_agreement_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(warn_share__lte=90), name="agreement_warns_within_the_time"
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"


class Signature(Fact):
    """One authorised person of one side signed exactly this content."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side.choices)
    signed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "side"], name="uq_once_signature_per_side"),
            models.UniqueConstraint(fields=["agreement", "signed_by"], name="uq_once_signature_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.side}"
