"""What routing keeps: the company's own rules, each decision with everybody who was considered, and what each colleague got of his share."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from handoff.models.handoff import Handoff
from handoff.models.rules import HandoffRules
from leads.append_only import Fact
from smarketing.accounts.models import Side


class IfNobody(models.TextChoices):
    """What happens when none of a rule's colleagues can take the lead."""

    NEXT = "NEXT", _("go on with the next rule, at last with the whole team")
    POOL = "POOL", _("wait in the pool")


class RoutingRule(models.Model):
    """Leads that fit go to these colleagues or this team. The first rule that fits counts; an empty condition fits every lead."""

    position = models.PositiveIntegerField()
    languages = models.CharField(_("language"), max_length=200, blank=True)  # any of these, with commas
    countries = models.CharField(_("country"), max_length=200, blank=True)
    size_from = models.PositiveIntegerField(
        _("staff from"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    size_to = models.PositiveIntegerField(
        _("staff to"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    team = models.ForeignKey(
        "accounts.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
        limit_choices_to={"kind": Side.SALES},
    )  # empty: the people alone say it
    people = models.ManyToManyField(
        "accounts.User", blank=True, related_name="+", verbose_name=_("colleagues")
    )
    if_nobody = models.CharField(
        _("if nobody of them can take it"), max_length=4, choices=IfNobody.choices, default=IfNobody.NEXT
    )
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["position"],
                name="uq_once_routing_rule_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=models.Q(size_from__isnull=True)
                | models.Q(size_to__isnull=True)
                | models.Q(size_to__gte=models.F("size_from")),
                name="routing_rule_sizes_in_order",
                violation_error_message=_("The largest size is below the smallest."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}"


class Way(models.TextChoices):
    """How the receiver of a hand-off was found."""

    ROUTED = "ROUTED", _("Routing chose")
    NAMED = "NAMED", _("Marketing named a colleague")
    POOL = "POOL", _("Marketing sent it to the pool")


class RoutingDecision(Fact):
    """Who got a hand-off and why. `candidates`: everybody who was considered, in order, each with his reasons, as data."""

    handoff = models.OneToOneField(Handoff, on_delete=models.PROTECT, related_name="decision")
    way = models.CharField(max_length=6, choices=Way.choices)
    decided_at = models.DateTimeField()
    because = models.CharField(max_length=300, blank=True)
    candidates = models.JSONField(default=list)
    could_take = models.IntegerField(null=True)  # what sales could still take this week before this one
    went_over = models.BooleanField(default=False)  # it was handed over although sales could take no more

    class Meta:
        indexes = [models.Index(fields=["-decided_at", "-id"], name="routing_decision_by_moment")]

    def __str__(self) -> str:
        return f"{self.handoff_id} {self.way}"


class RoutingTally(models.Model):
    """What a colleague received under one version of the rules, and how far he is behind (+) or ahead (-) of his share.

    `credit` counts in millionths of a hand-off. The credits of those who were there add up to 0 at each decision; who was
    away is left alone, so that nothing waits for him when he is back.
    """

    rules = models.ForeignKey(HandoffRules, on_delete=models.PROTECT, related_name="tallies")
    receiver = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    credit = models.BigIntegerField(default=0)
    received = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rules", "receiver"], name="uq_once_routing_tally")]

    def __str__(self) -> str:
        return f"{self.receiver_id}: {self.received}"
