"""How somebody wants to hear by mail: per topic at once, together, or not. In the product he is told in any case."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from sla.models.notice import Topic


class Pace(models.TextChoices):
    AT_ONCE = "AT_ONCE", _("At once")
    HOURLY = "HOURLY", _("Together, every hour")
    DAILY = "DAILY", _("Together, once a day")
    NEVER = "NEVER", _("Not by mail")


# Whoever has said nothing: what waits for him at once, what became of his leads once a day.
USUAL = {topic: Pace.AT_ONCE for topic in Topic} | {Topic.OUTCOMES: Pace.DAILY}


class Wishes(models.Model):
    user = models.OneToOneField(
        "accounts.User", on_delete=models.CASCADE, related_name="wishes", primary_key=True
    )
    paces = models.JSONField(default=dict)  # {Topic: Pace}; what is missing is as usual
    warn_at_work = models.BooleanField(default=True)  # a warning waits for his working hours
    quiet_from = models.TimeField(null=True, blank=True)  # no mail from here ...
    quiet_to = models.TimeField(null=True, blank=True)  # ... to here, in his own zone; may cross midnight

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="quiet_hours_have_two_ends",
            )
        ]

    def __str__(self) -> str:
        return str(self.user_id)

    def pace(self, topic: str) -> str:
        return self.paces.get(topic, USUAL[Topic(topic)])
