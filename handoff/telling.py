"""What this room tells on a lead's timeline: what happened to its hand-offs, and who was called.

Accepted, contacted and closed are told by the moves of the lead already.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from handoff.models import Channel, ContactAttempt, EventKind, HandoffEvent
from leads import timeline
from leads.models import Lead
from leads.timeline import Entry, Group, Older

TOLD = [
    EventKind.SENT,
    EventKind.CLAIMED,
    EventKind.REASSIGNED,
    EventKind.ASKED,
    EventKind.REPLIED,
    EventKind.RETURNED,
    EventKind.PREPARED,
]
ICON_OF = {
    EventKind.SENT: "handshake",
    EventKind.CLAIMED: "hand",
    EventKind.REASSIGNED: "user-round-pen",
    EventKind.ASKED: "circle-question-mark",
    EventKind.REPLIED: "message-square-reply",
    EventKind.RETURNED: "undo-2",
    EventKind.PREPARED: "file-text",
}
CHANNEL_ICON = {Channel.CALL: "phone", Channel.MAIL: "mail", Channel.MEETING: "users"}


def register() -> None:
    timeline.register("handoffs", events, rank=40, groups={Group.CHANGES})
    timeline.register("attempts", attempts, rank=30, groups={Group.TALKS})


def events(lead: Lead, *, older: Older, limit: int, group: str) -> Iterable[Entry]:
    rows = older.among(
        HandoffEvent.objects.filter(handoff__lead=lead, kind__in=TOLD), moment="happened_at"
    ).select_related("actor", "actor__team", "receiver")
    return [_event(row) for row in rows[:limit]]


def attempts(lead: Lead, *, older: Older, limit: int, group: str) -> Iterable[Entry]:
    rows = older.among(ContactAttempt.objects.filter(handoff__lead=lead), moment="occurred_at")
    return [_attempt(row) for row in rows.select_related("made_by", "made_by__team")[:limit]]


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
        title=_("%(channel)s: %(result)s")
        % {"channel": row.get_channel_display(), "result": row.get_result_display()},
        body=row.note,
        actor=row.made_by,
        icon=CHANNEL_ICON[Channel(row.channel)],
    )
