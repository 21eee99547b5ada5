"""What a request asks for in its address: names that are known, values that can be understood. Everything else is a 400 that says so."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from rest_framework.exceptions import ValidationError

from smarketing import periods
from smarketing.requests import ApiRequest

YES_OR_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def only(request: ApiRequest, known: Iterable[str]) -> None:
    """Nothing but these is asked: a filter with a slip in its name must not show everything. Raises ValidationError."""
    if unknown := sorted(set(request.query_params) - set(known)):
        raise ValidationError({name[:80]: ["There is no such filter."] for name in unknown[:10]})


def one_of(value: str, known: Iterable[str], name: str) -> str:
    """The value, if it is a known one. Raises ValidationError."""
    if value not in known:
        raise ValidationError({name: [f"Choose one of {', '.join(filter(None, known))}."]})
    return value


def yes_or_no(value: str, name: str) -> bool:
    """Raises ValidationError."""
    if value.lower() not in YES_OR_NO:
        raise ValidationError({name: ["Say true or false."]})
    return YES_OR_NO[value.lower()]


def month(text: str) -> periods.Period:
    """Of “2026-11”, or the present one when nothing is asked. Raises ValidationError."""
    try:
        return periods.read_month(text) if text else periods.month_of(timezone.localdate())
    except periods.UnknownPeriod:
        raise ValidationError({"month": ["Write a month as 2026-11."]}) from None
