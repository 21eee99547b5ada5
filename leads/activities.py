"""Writing on a lead's timeline what happened with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from leads import facts, tidying
from leads.models import Activity, ActivityKind, Lead

if TYPE_CHECKING:
    from smarketing.accounts.models import User

CLOCKS_MAY_DIFFER = timedelta(minutes=5)  # between a sender's clock and ours
SITE_VISITS = "site_visits"


class NotYetHappened(ValueError):
    """An activity is something that happened; this one lies in the future."""


class Told(TypedDict, total=False):
    """What may be said of an activity; see `entry()`."""

    occurred_at: datetime | None
    title: str
    body: str
    details: Mapping[str, Any] | None


def log(lead: Lead, kind: str, *, by: User | None, at: datetime, **told: Unpack[Told]) -> Activity:
    """The timeline shows it at `occurred_at`. A site visit also raises the fact `site_visits` by one. Raises NotYetHappened."""
    return write(entry(lead, kind, by=by, at=at, **told), at=at)


def entry(
    lead: Lead,
    kind: str,
    *,
    by: User | None,
    at: datetime,
    occurred_at: datetime | None = None,
    title: str = "",
    body: str = "",
    details: Mapping[str, Any] | None = None,
) -> Activity:
    """The same, tidied but still to be written. Raises NotYetHappened."""
    return Activity(
        lead=lead,
        kind=ActivityKind(kind),
        occurred_at=happened(occurred_at, at=at),
        actor=by,
        title=tidying.line(title)[:200],
        body=tidying.prose(body),
        details=tidying.value(dict(details or {})),
    )


def write(activity: Activity, *, at: datetime) -> Activity:
    """The timeline shows it, and the lead heeds it."""
    with transaction.atomic(savepoint=False):
        activity.save()
        heed(activity, at=at)
    return activity


def heed(activity: Activity, *, at: datetime) -> None:
    """The lead knows of an activity that was just written: when something happened last, and how often its site was visited."""
    lead, moment = activity.lead, activity.occurred_at
    if lead.last_activity_at is None or lead.last_activity_at < moment:  # it only ever grows
        Lead.objects.filter(pk=lead.pk).update(last_activity_at=Greatest("last_activity_at", Value(moment)))
        lead.last_activity_at = moment
    if activity.kind == ActivityKind.VISIT:
        facts.count_one_more(lead, SITE_VISITS, origin="visit", by=activity.actor, at=at)


def happened(occurred_at: datetime | None, *, at: datetime) -> datetime:
    """When it happened: now when nothing else is said, never later than now. Raises NotYetHappened."""
    if occurred_at is None:
        return at
    if occurred_at > at + CLOCKS_MAY_DIFFER:
        raise NotYetHappened(_("This lies in the future: give a moment that has passed."))
    return min(occurred_at, at)
