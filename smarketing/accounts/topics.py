"""The list on the left of the settings. Rooms add their own pages in `apps.ready()`; the settings page knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from smarketing.accounts.models import User


def everyone(_: User) -> bool:
    return True


@dataclass(frozen=True)
class Topic:
    """One page of the settings: `is_for` says who sees it in the list (the page itself decides who may change it)."""

    order: int
    label: str | _StrPromise
    url_name: str
    sentence: str | _StrPromise
    is_for: Callable[[User], bool] = everyone


_topics: list[Topic] = []


def register(topic: Topic) -> None:
    _topics.append(topic)


def topics_for(person: User) -> list[Topic]:
    return sorted((topic for topic in _topics if topic.is_for(person)), key=lambda topic: topic.order)
