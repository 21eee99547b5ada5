"""What a new colleague has opened of the first steps, and whether he still wants to see them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from smarketing.accounts.models import FirstStep, User


def opened(person: int, key: str) -> QuerySet[FirstStep]:
    """The row that says so of the person with this number, if there is one."""
    return FirstStep.objects.filter(user=person, key=key)


def open_step(user: User, key: str, *, at: datetime) -> None:
    FirstStep.objects.get_or_create(user=user, key=key, defaults={"opened_at": at})


def hide(user: User, *, at: datetime) -> None:
    _set(user, at)


def show_again(user: User) -> None:
    _set(user, None)


def _set(user: User, moment: datetime | None) -> None:
    User.objects.filter(pk=user.pk).update(first_steps_hidden_at=moment)
    user.first_steps_hidden_at = moment
