"""Writing a message under a hand-off, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from handoff import errors, signals
from handoff.conversation import mentions
from handoff.models import LONGEST_MESSAGE, Handoff, Message
from smarketing.accounts.models import User

TAKEN_BACK_WITHIN = timedelta(minutes=10)


@transaction.atomic
def write(handoff: Handoff, text: str, *, mention: Iterable[User] = (), by: User, at: datetime) -> Message:
    """One message; who is mentioned by name or chosen from the list is told, and so are those who talk along.

    Raises WordsNeeded, UnclearMention.
    """
    text = text.strip()[:LONGEST_MESSAGE]
    if not text:
        raise errors.WordsNeeded
    meant = {person.pk: person for person in mention}
    if "@" in text:
        meant |= {person.pk: person for person in mentions.mentioned_in(text, mentions.colleagues())}
    message = Message.objects.create(handoff=handoff, author=by, written_at=at, text=text)
    message.mentions.set([person for person in meant.values() if person != by])
    signals.message_written.send(sender=Message, message=message, at=at)
    return message


@transaction.atomic
def take_back(message: Message, *, by: User, at: datetime) -> Message:
    """The text is gone; a line stays. Only one's own, and only for some minutes. Raises TooLateToTakeBack."""
    taken = Message.objects.filter(
        pk=message.pk, author=by, deleted_at=None, written_at__gt=at - TAKEN_BACK_WITHIN
    ).update(text="", deleted_at=at)
    if not taken:
        raise errors.TooLateToTakeBack
    message.refresh_from_db()
    return message


def may_take_back(message: Message, person: User, *, at: datetime) -> bool:
    return (
        message.author_id == person.pk
        and message.deleted_at is None
        and at < message.written_at + TAKEN_BACK_WITHIN
    )


def of(handoff: Handoff) -> list[Message]:
    """The conversation, oldest first."""
    return list(
        handoff.messages.select_related("author__team")
        .prefetch_related("mentions")
        .order_by("written_at", "id")
    )


def talking(handoff: Handoff) -> set[int]:
    """Who takes part: sender, receiver, and everybody who wrote or was mentioned."""
    rows = handoff.messages.values_list("author", "mentions")
    return {
        person
        for person in (handoff.sender_id, handoff.receiver_id, *(person for row in rows for person in row))
        if person
    }
