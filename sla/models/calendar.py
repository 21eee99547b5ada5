"""Working hours: a calendar and its immutable versions. The arithmetic is `sla.business_time`."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.append_only import Fact


class Calendar(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)
    country = models.CharField(
        _("holidays of"), max_length=10, blank=True
    )  # as the holidays library spells it, "NL"

    def __str__(self) -> str:
        return self.name


class CalendarVersion(Fact):
    """`week`: {"0": [["09:00", "17:00"]], ...}, Monday is 0. `overrides`: {"2026-12-25": {"name": "Christmas", "intervals": []}}."""

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    zone = models.CharField(_("time zone"), max_length=64)
    week = models.JSONField()
    overrides = models.JSONField(default=dict)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="uq_once_calendar_version")
        ]

    def __str__(self) -> str:
        return f"{self.calendar} v{self.number}"
