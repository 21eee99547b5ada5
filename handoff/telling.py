"""What this room tells on a lead's timeline: what happened to its hand-offs, and who was called.

Accepted, contacted and closed are told by the moves of the lead already.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from handoff.models import AttemptTakenBack, Channel, CoffeeState, EventKind, Result
from leads import timeline
from leads.timeline import Entry, Group, Row, Source
from smarketing.accounts.models import person_name

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


_OF_LEAD = "JOIN handoff_handoff h ON h.id = row.handoff_id WHERE h.lead_id = %(lead)s"
_NAME = "CASE WHEN {0}.id IS NOT NULL THEN jsonb_build_object('whom', jsonb_build_array({0}.first_name, {0}.last_name, {0}.email)) END"
_KINDS = ", ".join(f"'{kind}'" for kind in TOLD)

EVENTS = Source(
    f"handoff_handoffevent row LEFT JOIN accounts_user receiver ON receiver.id = row.receiver_id {_OF_LEAD} AND row.kind IN ({_KINDS})",
    at="row.happened_at",
    id="row.id",
    actor="row.actor_id",
    kind="row.kind",
    body="row.note",
    about="row.handoff_id",
    details=_NAME.format("receiver"),
)
ATTEMPTS = Source(
    f"handoff_contactattempt row {_OF_LEAD}",
    at="row.occurred_at",
    id="row.id",
    actor="row.made_by_id",
    kind="row.channel",
    words="row.result",
    body="row.note",
    about=f"(SELECT undone.id FROM {AttemptTakenBack._meta.db_table} undone WHERE undone.attempt_id = row.id)",
)
MESSAGES = Source(
    f"handoff_message row {_OF_LEAD}",
    at="row.written_at",
    id="row.id",
    actor="row.author_id",
    kind="CASE WHEN row.deleted_at IS NULL THEN '' ELSE 'DELETED' END",
    body="row.text",
    about="row.handoff_id",
)
COFFEES = Source(
    f"handoff_coffee row JOIN accounts_user invitee ON invitee.id = row.invitee_id {_OF_LEAD}",
    at="row.proposed_at",
    id="row.id",
    actor="row.proposer_id",
    kind="row.state",
    about="row.handoff_id",
    details=_NAME.format("invitee"),
)


def register() -> None:
    timeline.register("handoffs", EVENTS, event, rank=40, groups={Group.CHANGES})
    timeline.register("attempts", ATTEMPTS, attempt, rank=30, groups={Group.TALKS})
    timeline.register("messages", MESSAGES, message, rank=35, groups={Group.CHANGES})
    timeline.register("coffees", COFFEES, coffee, rank=36, groups={Group.CHANGES})


def event(row: Row) -> Entry:
    titles = {
        EventKind.SENT: _("Handed over to %(whom)s"),
        EventKind.REASSIGNED: _("Reassigned to %(whom)s"),
    }
    kind = EventKind(row.kind)
    title = titles.get(kind)
    return timeline.entry(
        row,
        kind="HANDOFF",
        group=Group.CHANGES,
        title=title % {"whom": _whom(row) or _("the pool")} if title else kind.label,
        body="" if kind == EventKind.SENT else row.body,
        url=_address(row),
        icon=ICON_OF[kind],
    )


def attempt(row: Row) -> Entry:
    words = _("Undone: %(channel)s: %(result)s") if row.about else _("%(channel)s: %(result)s")
    return timeline.entry(
        row,
        kind="ATTEMPT",
        group=Group.TALKS,
        title=words % {"channel": Channel(row.kind).label, "result": Result(row.words).label},
        icon=CHANNEL_ICON[Channel(row.kind)],
    )


def message(row: Row) -> Entry:
    """What colleagues said to each other; one that was taken back leaves a line."""
    return timeline.entry(
        row,
        kind="MESSAGE",
        group=Group.CHANGES,
        title=_("A message was taken back") if row.kind else _("Message between colleagues"),
        url=f"{_address(row)}#conversation",
        icon="message-square",
    )


def coffee(row: Row) -> Entry:
    words = {"who": _whom(row), "state": CoffeeState(row.kind).label.lower()}
    return timeline.entry(
        row,
        kind="COFFEE",
        group=Group.CHANGES,
        title=_("Coffee with %(who)s: %(state)s") % words,
        url=f"{_address(row)}#conversation",
        icon="coffee",
    )


def _whom(row: Row) -> str:
    return person_name(*row.details["whom"]) if row.details else ""


def _address(row: Row) -> str:
    return reverse("handoff:detail", args=[row.about])
