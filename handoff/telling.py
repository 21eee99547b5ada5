"""What this room tells on a lead's timeline: what happened to its hand-offs, and who was called.

Accepted, contacted and closed are told by the moves of the lead already.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from handoff.models import Channel, Coffee, ContactAttempt, EventKind, HandoffEvent, Message
from leads import timeline
from leads.models import Lead
from leads.timeline import Entry, Group, Older

TOLD = [
    EventKind.SENT,
    EventKind.CLAIMED,
    EventKind.REASSIGNED,
    EventKind.PUT_BACK,
    EventKind.ASKED,
    EventKind.REPLIED,
    EventKind.RETURNED,
    EventKind.SENT_AGAIN,
    EventKind.CONTESTED,
    EventKind.UPHELD,
    EventKind.REJECTED,
    EventKind.LET_GO,
    EventKind.PREPARED,
    EventKind.WITHDRAWN,
    EventKind.UNDONE,
]
ICON_OF = {
    EventKind.SENT: "handshake",
    EventKind.CLAIMED: "hand",
    EventKind.REASSIGNED: "user-round-pen",
    EventKind.PUT_BACK: "inbox",
    EventKind.ASKED: "circle-question-mark",
    EventKind.REPLIED: "message-square-reply",
    EventKind.RETURNED: "undo-2",
    EventKind.SENT_AGAIN: "handshake",
    EventKind.CONTESTED: "scale",
    EventKind.UPHELD: "undo-2",
    EventKind.REJECTED: "scale",
    EventKind.LET_GO: "milestone",
    EventKind.PREPARED: "file-text",
    EventKind.WITHDRAWN: "undo-2",
    EventKind.UNDONE: "undo-2",
}
CHANNEL_ICON = {Channel.CALL: "phone", Channel.MAIL: "mail", Channel.MEETING: "users"}


def register() -> None:
    timeline.register("handoffs", events, rank=40, groups={Group.CHANGES})
    timeline.register("attempts", attempts, rank=30, groups={Group.TALKS})
    timeline.register("messages", messages, rank=35, groups={Group.CHANGES})
    timeline.register("coffees", coffees, rank=36, groups={Group.CHANGES})


def events(lead: Lead, *, older: Older, limit: int, group: str) -> Iterable[Entry]:
    rows = older.among(
        HandoffEvent.objects.filter(handoff__lead=lead, kind__in=TOLD), moment="happened_at"
    ).select_related("actor", "actor__team", "receiver")
    return [_event(row) for row in rows[:limit]]


def attempts(lead: Lead, *, older: Older, limit: int, group: str) -> Iterable[Entry]:
    rows = older.among(ContactAttempt.objects.filter(handoff__lead=lead), moment="occurred_at")
    return [_attempt(row) for row in rows.select_related("made_by", "made_by__team", "taken_back")[:limit]]


def messages(lead: Lead, *, older: Older, limit: int, group: str) -> Iterable[Entry]:
    """What colleagues said to each other; one that was taken back leaves a line."""
    rows = older.among(Message.objects.filter(handoff__lead=lead), moment="written_at")
    return [
        Entry(
            occurred_at=row.written_at,
            id=row.pk,
            kind="MESSAGE",
            group=Group.CHANGES,
            title=_("A message was taken back") if row.deleted_at else _("Message between colleagues"),
            body=row.text,
            actor=row.author,
            url=reverse("handoff:detail", args=[row.handoff_id]) + "#conversation",
            icon="message-square",
        )
        for row in rows.select_related("author", "author__team")[:limit]
    ]


def coffees(lead: Lead, *, older: Older, limit: int, group: str) -> Iterable[Entry]:
    rows = older.among(Coffee.objects.filter(handoff__lead=lead), moment="proposed_at")
    return [
        Entry(
            occurred_at=row.proposed_at,
            id=row.pk,
            kind="COFFEE",
            group=Group.CHANGES,
            title=_("Coffee with %(who)s: %(state)s")
            % {"who": row.invitee, "state": row.get_state_display().lower()},
            actor=row.proposer,
            url=reverse("handoff:detail", args=[row.handoff_id]) + "#conversation",
            icon="coffee",
        )
        for row in rows.select_related("proposer", "proposer__team", "invitee")[:limit]
    ]


def _event(row: HandoffEvent) -> Entry:
    to_whom = row.receiver or _("the pool")
    titles = {
        EventKind.SENT: _("Handed over to %(whom)s"),
        EventKind.REASSIGNED: _("Reassigned to %(whom)s"),
    }
    title = titles.get(EventKind(row.kind))
    return Entry(
        occurred_at=row.happened_at,
        id=row.pk,
        kind="HANDOFF",
        group=Group.CHANGES,
        title=title % {"whom": to_whom} if title else row.get_kind_display(),
        body="" if row.kind == EventKind.SENT else row.note,
        actor=row.actor,
        url=reverse("handoff:detail", args=[row.handoff_id]),
        icon=ICON_OF[EventKind(row.kind)],
    )


def _attempt(row: ContactAttempt) -> Entry:
    return Entry(
        occurred_at=row.occurred_at,
        id=row.pk,
        kind="ATTEMPT",
        group=Group.TALKS,
        title=(
            _("Undone: %(channel)s: %(result)s")
            if hasattr(row, "taken_back")
            else _("%(channel)s: %(result)s")
        )
        % {"channel": row.get_channel_display(), "result": row.get_result_display()},
        body=row.note,
        actor=row.made_by,
        icon=CHANNEL_ICON[Channel(row.channel)],
    )
