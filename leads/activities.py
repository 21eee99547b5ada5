"""Writing on a lead's timeline what happened with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

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


def log(
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
    """The timeline shows it at `occurred_at`. A site visit also raises the fact `site_visits` by one. Raises NotYetHappened."""
    moment = happened(occurred_at, at=at)
    with transaction.atomic(savepoint=False):
        activity = Activity.objects.create(
            lead=lead,
            kind=ActivityKind(kind),
            occurred_at=moment,
            actor=by,
            title=tidying.line(title)[:200],
            body=tidying.prose(body),
            details=tidying.value(dict(details or {})),
        )
        if lead.last_activity_at is None or lead.last_activity_at < moment:  # it only ever grows
            Lead.objects.filter(pk=lead.pk).update(
                last_activity_at=Greatest("last_activity_at", Value(moment))
            )
            lead.last_activity_at = moment
        if kind == ActivityKind.VISIT:
            facts.count_one_more(lead, SITE_VISITS, origin="visit", by=by, at=at)
    return activity


def happened(occurred_at: datetime | None, *, at: datetime) -> datetime:
    """When it happened: now when nothing else is said, never later than now. Raises NotYetHappened."""
    if occurred_at is None:
        return at
    if occurred_at > at + CLOCKS_MAY_DIFFER:
        raise NotYetHappened(_("This lies in the future: give a moment that has passed."))
    return min(occurred_at, at)
