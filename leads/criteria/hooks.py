"""What the qualify page shows and does for rooms that come after this one. They register here when their app is ready; nothing here asks them.

hooks.deliver_with(Delivery(form=brief_form, send=send, standing=...))    the brief, and handing over in the same step
hooks.show_on_top(returned_hand_offs)                                      leads that wait for marketing before all others
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from leads.models import Lead
    from smarketing.accounts.models import User


class NotDelivered(Exception):
    """The lead was not handed over; the form of the delivery says why. Whatever was done for it is undone."""


class DeliveredMeanwhile(Exception):
    """Somebody handed it over first: who and when in words, and where it is now."""

    def __init__(self, words: str, address: str, at: datetime | None) -> None:
        self.address, self.at = address, at
        super().__init__(words)


@dataclass(frozen=True)
class Delivery:
    """How a lead that is sales-ready goes to sales.

    form(lead, data, *, by, at) -> a form that draws itself, bound when there is data, else as this person left it;
    keep(lead, data, *, by, at): what was typed is kept, whatever comes of the rest;
    send(lead, form, *, by, at) -> words on what happened, or NotDelivered when the form or the lead is not as agreed;
    standing(lead) -> who handed it over and where it is now, or None; similar(lead, *, at) -> words on what became of leads like this.
    """

    form: Callable[..., forms.Form]
    keep: Callable[..., Any]
    send: Callable[..., str]
    standing: Callable[[Lead], DeliveredMeanwhile | None]
    similar: Callable[..., str]


@dataclass(frozen=True)
class OnTop:
    """A lead that waits for marketing, and why, in words; `about` is what the page of another room draws a clock for."""

    lead: Lead
    words: str
    since: datetime | None = None
    about: Any = None
    note: str = ""
    address: str = ""


_delivery: list[Delivery] = []
_on_top: list[Callable[[User, int], list[OnTop]]] = []


def deliver_with(delivery: Delivery) -> None:
    _delivery[:] = [delivery]


def delivery() -> Delivery | None:
    return _delivery[0] if _delivery else None


def show_on_top(load: Callable[[Any, int], list[OnTop]]) -> None:
    """`load(user, limit)`: the oldest first, their leads as `for_list` loads them."""
    if load not in _on_top:
        _on_top.append(load)


def on_top(user: User, *, limit: int) -> list[OnTop]:
    return [waiting for load in _on_top for waiting in load(user, limit)][:limit]
