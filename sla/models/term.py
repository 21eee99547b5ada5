"""One promise in an agreement: who owes it, what is measured, target, share, period."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from sla.models.agreement import Agreement


class TermSide(models.TextChoices):
    MARKETING = "MARKETING", _("Marketing")
    SALES = "SALES", _("Sales")
    JOINT = "JOINT", _("Both")


class TermKind(models.TextChoices):
    SQLS_DELIVERED = "SQLS_DELIVERED", _("Sales-ready leads delivered")
    SQL_QUALITY = "SQL_QUALITY", _("Quality: accepted of answered hand-offs")
    BRIEF_COMPLETE = "BRIEF_COMPLETE", _("Brief complete")
    MARKETING_ANSWER = "MARKETING_ANSWER", _("Answer to a return or a question")
    ANSWER_HANDOFF = "ANSWER_HANDOFF", _("Answer to a hand-off")
    FIRST_CONTACT_HOT = "FIRST_CONTACT_HOT", _("First contact with a hot lead")
    FIRST_CONTACT_OTHER = "FIRST_CONTACT_OTHER", _("First contact with another lead")
    CONTACT_ATTEMPTS = "CONTACT_ATTEMPTS", _("Attempts before giving up")
    CAPACITY = "CAPACITY", _("Capacity of sales")
    CONVERSION = "CONVERSION", _("Lead to customer")
    REVENUE = "REVENUE", _("Revenue")
    COST_PER_SQL = "COST_PER_SQL", _("Cost per sales-ready lead")
    OWN = "OWN", _("Own term")


class TermPeriod(models.TextChoices):
    """How often it is counted up."""

    MONTH = "MONTH", _("a month")
    QUARTER = "QUARTER", _("a quarter")


class Term(models.Model):
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="terms")
    kind = models.CharField(_("what is promised"), max_length=20, choices=TermKind.choices)
    key = models.SlugField(max_length=60)  # the kind in small letters; of an own term made from its label
    label = models.CharField(_("name"), max_length=120, blank=True)  # of an own term
    side = models.CharField(_("who owes it"), max_length=10, choices=TermSide.choices)
    target_count = models.PositiveIntegerField(
        _("number"), null=True, blank=True
    )  # leads delivered, leads handled, attempts made
    target_seconds = models.PositiveIntegerField(_("within, in working time"), null=True, blank=True)
    target_share = models.DecimalField(_("share in %"), max_digits=5, decimal_places=2, null=True, blank=True)
    target_amount = models.DecimalField(
        _("target"), max_digits=14, decimal_places=2, null=True, blank=True
    )  # revenue, cost per lead, of an own term
    min_days = models.PositiveSmallIntegerField(
        _("spread over, in days"), null=True, blank=True
    )  # of contact attempts
    cohort_months = models.PositiveSmallIntegerField(
        _("measured after, in months"), null=True, blank=True
    )  # of conversion
    period = models.CharField(_("period"), max_length=7, choices=TermPeriod.choices, default=TermPeriod.MONTH)
    excluded_sources = models.JSONField(
        _("sources left out"), default=list, blank=True
    )  # keys of leads.Source: their leads are left out of the measure
    exceptions = models.CharField(_("exceptions"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "key"], name="uq_once_term_key"),
            models.CheckConstraint(
                condition=models.Q(target_share__isnull=True)
                | models.Q(target_share__gte=0, target_share__lte=100),
                name="term_share_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=models.Q(period__in=TermPeriod.values), name="term_period_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.get_kind_display()

    # Verbs

    def copy_to(self, draft: Agreement) -> Term:
        return draft.terms.create(**{name: getattr(self, name) for name in COPIED})

    # Questions

    @property
    def sentence(self) -> str:
        """The promise in one sentence, built from its fields."""
        from sla import promises

        return promises.sentence(self)

    @property
    def how_measured(self) -> str:
        from sla import promises

        return promises.how_measured(self)

    @property
    def monthly_count(self) -> float | None:
        """Its number as one month sees it: a third of what is promised for a quarter."""
        if self.target_count is None:
            return None
        return self.target_count / 3 if self.period == TermPeriod.QUARTER else self.target_count

    def problems(self) -> list[Any]:
        """What keeps it from being measured."""
        from sla import promises

        return promises.problems(self)

    def content(self, content_format: int = 2) -> dict[str, Any]:
        """What is signed: every field, in a form that does not depend on where it came from."""
        names = [name for name in COPIED if content_format > 1 or name not in SINCE_FORMAT_2]
        return {name: _plain(getattr(self, name)) for name in names}


COPIED = [
    "kind",
    "key",
    "label",
    "side",
    "target_count",
    "target_seconds",
    "target_share",
    "target_amount",
    "min_days",
    "cohort_months",
    "period",
    "excluded_sources",
    "exceptions",
    "position",
]
SINCE_FORMAT_2 = ["min_days", "period", "excluded_sources"]


def _plain(value: Any) -> Any:
    return f"{value:.2f}" if isinstance(value, Decimal) else value


class OwnValue(models.Model):
    """The number that the owner of an own term entered for a month, with a note."""

    term_key = models.CharField(max_length=60)
    month = models.DateField()  # its first day
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    note = models.CharField(_("note"), max_length=300, blank=True)
    entered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term_key", "month"], name="uq_once_own_value_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.term_key} {self.month:%Y-%m}: {self.value}"
