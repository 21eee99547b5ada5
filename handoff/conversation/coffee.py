"""Have a coffee: propose one to three times, agree on one, propose others, cancel. Each agreement and each change goes to both as a calendar entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from handoff import signals
from handoff.errors import HandoffRefused
from handoff.models import Coffee, CoffeeState, Handoff, Invitation, Method
from smarketing.accounts.models import Side, User

MOST_TIMES = 3
LENGTHS = (15, 30, 45)


class NobodyToTalkTo(HandoffRefused):
    """There is no other side yet, or it does not work here any more."""

    def __init__(self) -> None:
        super().__init__(_("Nobody of the other team has this lead yet."))


class TimesNeeded(HandoffRefused):
    """One to three times that lie ahead."""

    def __init__(self) -> None:
        super().__init__(_("Propose one to three times that lie ahead."))


class CoffeeMoved(HandoffRefused):
    """Somebody changed it first."""

    def __init__(self, coffee: Coffee) -> None:
        self.coffee, self.at = coffee, coffee.ended_at or coffee.proposed_at
        super().__init__(
            _("This proposal has changed meanwhile: %(state)s.") % {"state": coffee.get_state_display()}
        )


def other_side(handoff: Handoff, person: User) -> User | None:
    """With whom this person would talk the lead through: sales with the sender, everybody else with the receiver."""
    other = handoff.sender if person.side == Side.SALES else handoff.receiver
    return other if other and other.is_active and other.pk != person.pk else None


def standing(handoff: Handoff, *, at: datetime) -> Coffee | None:
    """What is proposed, or agreed and not over."""
    rows = handoff.coffees.select_related("proposer", "invitee", "handoff").order_by("-proposed_at", "-id")
    for coffee in rows.filter(state__in=[CoffeeState.PROPOSED, CoffeeState.ACCEPTED])[:5]:
        if coffee.is_proposed or (coffee.ends_at and coffee.ends_at > at):
            found: Coffee = coffee
            return found
    return None


@transaction.atomic
def propose(
    handoff: Handoff, times: Sequence[datetime], *, minutes: int = 15, by: User, at: datetime
) -> Coffee:
    """The other side is asked. Raises NobodyToTalkTo, TimesNeeded, CoffeeMoved when something stands already."""
    Handoff.objects.select_for_update(no_key=True).get(pk=handoff.pk)
    other = other_side(handoff, by)
    if other is None:
        raise NobodyToTalkTo
    there = standing(handoff, at=at)
    if there:
        raise CoffeeMoved(there)
    return _propose(handoff, times, minutes=minutes, to=other, by=by, at=at)


@transaction.atomic
def agree(coffee: Coffee, starts_at: datetime, *, by: User, at: datetime) -> Coffee:
    """The one who was asked chooses one of the times; both get an invitation. Raises TimesNeeded, CoffeeMoved."""
    if starts_at not in coffee.moments or starts_at <= at:
        raise TimesNeeded
    _move(coffee, by=by, state=CoffeeState.ACCEPTED, starts_at=starts_at)
    _invite(coffee, Method.REQUEST, at=at)
    signals.coffee_answered.send(sender=Coffee, coffee=coffee, at=at, by=by)
    return coffee


@transaction.atomic
def propose_others(coffee: Coffee, times: Sequence[datetime], *, by: User, at: datetime) -> Coffee:
    """The one who was asked proposes other times: now the first one is asked. Raises TimesNeeded, CoffeeMoved."""
    _check(times, at)
    _move(coffee, by=by, state=CoffeeState.REPLACED, ended_at=at)
    return _propose(coffee.handoff, times, minutes=coffee.minutes, to=coffee.proposer, by=by, at=at)


@transaction.atomic
def cancel(coffee: Coffee, *, by: User, at: datetime) -> Coffee:
    """Either of the two calls it off; what was in their calendars is taken out. Raises CoffeeMoved."""
    was_agreed = coffee.is_agreed
    open_states = [CoffeeState.PROPOSED, CoffeeState.ACCEPTED]
    moved = Coffee.objects.filter(pk=coffee.pk, state__in=open_states, state=coffee.state).update(
        state=CoffeeState.CANCELLED, ended_at=at, sequence=coffee.sequence + was_agreed
    )
    coffee.refresh_from_db()
    if not moved:
        raise CoffeeMoved(coffee)
    if was_agreed:
        _invite(coffee, Method.CANCEL, at=at)
    signals.coffee_answered.send(sender=Coffee, coffee=coffee, at=at, by=by)
    return coffee


# Mechanics


def _check(times: Sequence[datetime], at: datetime) -> list[datetime]:
    moments = sorted({moment.astimezone(UTC) for moment in times})
    if not 1 <= len(moments) <= MOST_TIMES or moments[0] <= at:
        raise TimesNeeded
    return moments


def _propose(
    handoff: Handoff, times: Sequence[datetime], *, minutes: int, to: User, by: User, at: datetime
) -> Coffee:
    moments = _check(times, at)
    try:
        with transaction.atomic():
            coffee = Coffee.objects.create(
                handoff=handoff,
                proposer=by,
                invitee=to,
                proposed_at=at,
                times=[moment.isoformat() for moment in moments],
                minutes=minutes,
            )
    except IntegrityError:
        raise CoffeeMoved(handoff.coffees.filter(state=CoffeeState.PROPOSED).get()) from None
    signals.coffee_proposed.send(sender=Coffee, coffee=coffee, at=at)
    return coffee


def _move(coffee: Coffee, *, by: User, **columns: object) -> None:
    """Only the one who was asked, and only while it is proposed."""
    moved = Coffee.objects.filter(pk=coffee.pk, state=CoffeeState.PROPOSED, invitee=by).update(**columns)
    coffee.refresh_from_db()
    if not moved:
        raise CoffeeMoved(coffee)


def _invite(coffee: Coffee, method: str, *, at: datetime) -> None:
    Invitation.objects.bulk_create(
        Invitation(
            coffee=coffee,
            recipient=person,
            method=method,
            sequence=coffee.sequence,
            created_at=at,
            next_attempt_at=at,
        )
        for person in (coffee.proposer, coffee.invitee)
    )
