"""A possible deal with an amount."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.models.lead import Lead


def company_currency() -> str:
    return settings.CURRENCY


class Opportunity(models.Model):
    """At most one per lead. `amount` is what is expected until it is won, then what was agreed."""

    lead = models.OneToOneField(Lead, on_delete=models.PROTECT, related_name="opportunity")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default=company_currency)
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    opened_at = models.DateTimeField()
    won_at = models.DateTimeField(null=True, blank=True)
    lost_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "opportunities"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0),
                name="opportunity_amount_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(won_at__isnull=True) | models.Q(lost_at__isnull=True),
                name="opportunity_won_or_lost",
            ),
        ]
        indexes = [
            models.Index(
                fields=["won_at"],
                name="opportunity_by_won",
                include=["lead", "amount", "currency"],
                condition=models.Q(won_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
