"""What the agreement in force demands of a hand-off. `sla` installs a row here when an agreement comes into force; nothing here asks `sla`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from handoff.usual_brief import USUAL_BRIEF
from smarketing.prepared import Prepared

BEFORE_ANY_AGREEMENT = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_TEXT = 2000  # of an item for which the agreement names no length


class ContactCounts(models.TextChoices):
    """Which first contact keeps the promise."""

    ATTEMPT = "ATTEMPT", _("An attempt counts")
    CONVERSATION = "CONVERSATION", _("Only a conversation counts")


class Overflow(models.TextChoices):
    """What routing does when everybody is at capacity."""

    POOL = "POOL", _("It waits in the pool")
    ANYWAY = "ANYWAY", _("It is handed over anyway")


class HandoffRulesQuerySet(models.QuerySet["HandoffRules"]):
    def in_force(self, at: datetime) -> HandoffRules:
        """The rules that count at `at`: the latest installed, or those before any agreement."""
        return IN_FORCE.first(at=at) or self._before_any_agreement()

    def _before_any_agreement(self) -> HandoffRules:
        return self.get_or_create(
            agreement_version=None, in_force_at=BEFORE_ANY_AGREEMENT, defaults={"brief_items": USUAL_BRIEF}
        )[0]


class HandoffRules(models.Model):
    """One installed version. The one with the latest `in_force_at` counts; a hand-off keeps the one under which it was sent."""

    agreement_version = models.PositiveIntegerField(
        null=True, unique=True
    )  # empty: the rules before any agreement
    brief_items = models.JSONField(
        default=list
    )  # [{key, label, hint, required, max_length}], in the order of the form
    hot_rule = models.JSONField(
        null=True, blank=True
    )  # a rule of leads/criteria/rules.py; empty: nothing is hot
    contact_counts = models.CharField(
        max_length=12, choices=ContactCounts.choices, default=ContactCounts.ATTEMPT
    )
    capacity_per_month = models.PositiveIntegerField(
        null=True, blank=True
    )  # hand-offs that sales promised to handle
    routing_shares = models.JSONField(
        default=dict, blank=True
    )  # {user id: percent}; empty: nobody has a share
    overflow = models.CharField(max_length=6, choices=Overflow.choices, default=Overflow.ANYWAY)
    late_logging_hours = models.PositiveSmallIntegerField(
        default=24, db_default=24
    )  # so long after it was made a contact may still be told of a hand-off that is closed
    in_force_at = models.DateTimeField()

    objects = HandoffRulesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "hand-off rules"
        constraints = [
            models.UniqueConstraint(
                fields=["in_force_at"],
                condition=models.Q(agreement_version__isnull=True),
                name="uq_once_rules_before_any_agreement",
            )
        ]

    def __str__(self) -> str:
        return f"v{self.agreement_version or 0}"

    # Questions

    @property
    def late_logging_span(self) -> timedelta:
        return timedelta(hours=self.late_logging_hours)

    def refusals(
        self, brief: dict[str, str], waived: dict[str, str] | None = None
    ) -> tuple[dict[str, str], list[str]]:
        """What keeps this brief from being sent: words per item, and the keys of demanded items with neither a text nor a reason why not."""
        waived = waived or {}
        errors: dict[str, str] = {}
        missing = []
        known = {item["key"]: item for item in self.brief_items}
        for key, item in known.items():
            text, longest = brief.get(key, "").strip(), item.get("max_length") or LONGEST_TEXT
            if item.get("required") and not text and not waived.get(key, "").strip():
                missing.append(key)
                errors[key] = gettext("%(item)s is missing.") % {"item": item["label"]}
            elif len(text) > longest:
                errors[key] = gettext("At most %(number)s characters.") % {"number": longest}
        for key in (brief.keys() | waived.keys()) - known.keys():
            errors[key] = gettext("The agreement does not know this item.")
        return errors, missing

    def first_contact_of(self, attempt_at: Any, conversation_at: Any) -> Any:
        """Whichever of the two moments these rules count."""
        return conversation_at if self.contact_counts == ContactCounts.CONVERSATION else attempt_at


IN_FORCE = Prepared(
    lambda at: HandoffRules.objects.filter(in_force_at__lte=at).order_by("-in_force_at", "-id")[:1],
    at=datetime,
)
