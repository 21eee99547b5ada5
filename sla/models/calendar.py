"""Working hours: a calendar and its immutable versions. The arithmetic is `sla.business_time`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from leads.append_only import Fact
from sla.business_time import BusinessCalendar, NoOpenTime

if TYPE_CHECKING:
    from smarketing.accounts.models import User


class NeedsOpenTime(Exception):
    """A calendar that an agreement uses must have open time within 366 days: without it nothing would ever be due."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        super().__init__(
            _(
                "%(calendar)s has no open time in the coming 366 days. An agreement measures with it, so it cannot be saved like that."
            )
            % {"calendar": calendar}
        )


class Calendar(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)
    country = models.CharField(
        _("holidays of"), max_length=10, blank=True
    )  # as the holidays library spells it, "NL"

    def __str__(self) -> str:
        return self.name

    # Verbs

    @classmethod
    @transaction.atomic
    def open(
        cls,
        name: str,
        *,
        zone: str,
        week: Mapping[str, Any],
        by: User | None,
        at: datetime,
        overrides: Mapping[str, Any] | None = None,
        country: str = "",
    ) -> Calendar:
        """There is a calendar with a first version."""
        calendar = cls.objects.create(name=name, country=country)
        calendar.revise(zone=zone, week=week, overrides=overrides or {}, by=by, at=at)
        return calendar

    @transaction.atomic
    def revise(
        self,
        *,
        zone: str,
        week: Mapping[str, Any],
        overrides: Mapping[str, Any],
        by: User | None,
        at: datetime,
    ) -> CalendarVersion:
        """New hand-offs count with these hours; clocks that run keep the version they started with.

        Raises InvalidCalendar for hours that cannot be read, NeedsOpenTime when an agreement would measure with nothing.
        """
        Calendar.objects.select_for_update().get(pk=self.pk)
        latest = self.versions.order_by("-number").first()
        version = CalendarVersion(
            calendar=self,
            number=latest.number + 1 if latest else 1,
            zone=zone,
            week=week,
            overrides=overrides,
            made_by=by,
            made_at=at,
        )
        if self.is_in_use and not version.has_open_time(at):
            raise NeedsOpenTime(self)
        version.business_calendar()
        version.save()
        return version

    def rename(self, name: str) -> None:
        Calendar.objects.filter(pk=self.pk).update(name=name)
        self.name = name

    # Questions

    @property
    def current(self) -> CalendarVersion:
        """The version with which new clocks count."""
        return self.versions.order_by("-number")[0]

    @property
    def is_in_use(self) -> bool:
        """An agreement that measures, or that somebody may still sign, refers to it."""
        from sla.models.agreement import Agreement
        from sla.models.agreement_state import ENDED_STATES

        here = models.Q(marketing_calendar=self) | models.Q(sales_calendar=self)
        return Agreement.objects.filter(here).exclude(state__in=ENDED_STATES).exists()


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

    # Questions

    def business_calendar(self) -> BusinessCalendar:
        """The arithmetic for these hours. Equal hours share one calendar, which remembers the days it has converted."""
        if "_calendar" not in self.__dict__:
            self._calendar = _business_calendar(
                self.zone, json.dumps(self.week, sort_keys=True), json.dumps(self.overrides, sort_keys=True)
            )
        return self._calendar

    def day_names(self) -> dict[date, str]:
        """What the special days are called."""
        return {date.fromisoformat(day): told.get("name", "") for day, told in self.overrides.items()}

    def has_open_time(self, at: datetime) -> bool:
        try:
            self.business_calendar().next_opening(at)
        except NoOpenTime:
            return False
        return True


@lru_cache(maxsize=256)
def _business_calendar(zone: str, week: str, overrides: str) -> BusinessCalendar:
    return BusinessCalendar(
        zone=zone,
        week={int(day): _pairs(intervals) for day, intervals in json.loads(week).items()},
        overrides={
            date.fromisoformat(day): _pairs(told["intervals"]) for day, told in json.loads(overrides).items()
        },
    )


def _pairs(intervals: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    return [(opening, closing) for opening, closing in intervals]
