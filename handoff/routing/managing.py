"""The company's own rules, in their order: made, changed, moved, removed by those who lead sales."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from handoff.models import RoutingRule
from smarketing.accounts.models import User


@transaction.atomic
def add(*, people: Any = (), by: User, at: datetime, **columns: Any) -> RoutingRule:
    """A rule at the end of the line."""
    _lock()
    last = RoutingRule.objects.aggregate(last=Max("position"))["last"] or 0
    rule = RoutingRule.objects.create(position=last + 1, made_by=by, made_at=at, **columns)
    rule.people.set(people)
    return rule


@transaction.atomic
def change(rule: RoutingRule, *, people: Any = (), by: User, at: datetime, **columns: Any) -> RoutingRule:
    RoutingRule.objects.filter(pk=rule.pk).update(made_by=by, made_at=at, **columns)
    rule.people.set(people)
    rule.refresh_from_db()
    return rule


@transaction.atomic
def move(rule: RoutingRule, *, up: bool) -> None:
    """It changes places with its neighbour; at the end it stays where it is."""
    _lock()
    rule.refresh_from_db()
    beside = RoutingRule.objects.filter(**{"position__lt" if up else "position__gt": rule.position}).order_by(
        "-position" if up else "position"
    )
    neighbour = beside.first()
    if neighbour:
        RoutingRule.objects.filter(pk=rule.pk).update(position=neighbour.position)
        RoutingRule.objects.filter(pk=neighbour.pk).update(position=rule.position)


@transaction.atomic
def remove(rule: RoutingRule) -> None:
    """The rules behind it move up."""
    _lock()
    rule.refresh_from_db()
    position = rule.position
    rule.delete()
    RoutingRule.objects.filter(position__gt=position).update(position=F("position") - 1)


def _lock() -> None:
    """Two who change the order at once come one after the other."""
    list(RoutingRule.objects.select_for_update().order_by("id").values_list("pk", flat=True))
