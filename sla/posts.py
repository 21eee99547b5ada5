"""Posting notices to connections. As with mail the row is the work: tries are counted before the try, and after three it is set aside.

What leaves the house names no contact and no company: a sentence, numbers of things, and a link for those who may sign in.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sla.mails import TRIES, WAIT
from sla.models import ChannelKind, Connection, ConnectionKind, Notice, NoticeKind
from sla.notices import address_of, with_what_they_are_about
from smarketing import outgoing
from smarketing.sealing import SealBroken

logger = logging.getLogger("sla.posts")

AT_ONCE = 100  # notices claimed for one connection in one round
LISTED = 10  # lines in one message to people
PATIENCE = 40.0  # seconds for one round; who is slow waits for the next
SECRET_PREFIX = "whsec_"


def deliver(at: datetime) -> int:
    """What waits for connections is posted; returns how many notices arrived. Safe to run twice and in parallel."""
    arrived, until = 0, time.monotonic() + PATIENCE
    waiting = Notice.objects.filter(
        channel=ChannelKind.POST, sent_at=None, quarantined_at=None, next_attempt_at__lte=at
    )
    for pk in list(waiting.order_by("connection_id").values_list("connection_id", flat=True).distinct()):
        if time.monotonic() < until:
            arrived += _deliver_to(Connection.objects.get(pk=pk), at, until)
    return arrived


def try_out(connection: Connection, *, at: datetime) -> Notice:
    """One message now, and what came of it."""
    notice = Notice.objects.create(
        kind=NoticeKind.TRIAL,
        key=f"trial:{uuid4()}",
        connection=connection,
        channel=ChannelKind.POST,
        created_at=at,
        attempts=TRIES,
        next_attempt_at=at + WAIT,
    )
    _post(connection, [notice], at)
    notice.refresh_from_db()
    return notice


def new_secret() -> str:
    """What signs a webhook, as other software expects it written: see docs/notifications.md."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over number, moment and body, so that nothing can be changed, and nothing old be sent again as new."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


# Mechanics


def _deliver_to(connection: Connection, at: datetime, until: float) -> int:
    notices = _claimed(connection, at)
    if not connection.is_on:
        _note(notices, failure=_("The connection was paused or removed."), quarantined_at=at)
        return 0
    size = 1 if connection.kind == ConnectionKind.WEBHOOK else len(notices)
    arrived = 0
    for start in range(0, len(notices), size or 1):
        together = notices[start : start + size]
        if time.monotonic() > until or not _post(connection, together, at):
            _give_back(notices[start + (size if time.monotonic() <= until else 0) :], at)
            break
        arrived += len(together)
    return arrived


def _claimed(connection: Connection, at: datetime) -> list[Notice]:
    """Committed before the first try: a worker that dies here or later has used up one of the tries."""
    with transaction.atomic():
        waiting = Notice.objects.filter(
            connection=connection,
            channel=ChannelKind.POST,
            sent_at=None,
            quarantined_at=None,
            next_attempt_at__lte=at,
        )
        ids = list(
            waiting.order_by("next_attempt_at", "id")
            .select_for_update(skip_locked=True)
            .values_list("pk", flat=True)[:AT_ONCE]
        )
        Notice.objects.filter(pk__in=ids).update(
            attempts=F("attempts") + 1, next_attempt_at=Value(at) + Value(WAIT) * (F("attempts") + 1)
        )
    return list(with_what_they_are_about(Notice.objects.filter(pk__in=ids)).order_by("id"))


def _give_back(notices: list[Notice], at: datetime) -> None:
    """Not tried because one before it failed: that was no try."""
    Notice.objects.filter(pk__in=[notice.pk for notice in notices], attempts__gt=0).update(
        attempts=F("attempts") - 1, next_attempt_at=at + timedelta(minutes=1)
    )


def _post(connection: Connection, notices: list[Notice], at: datetime) -> bool:
    answer, failure = None, ""
    try:
        with translation.override(connection.language):
            headers, body = WRITERS[ConnectionKind(connection.kind)](connection, notices, at)
        answer = outgoing.post(connection.address, body, headers)
        failure = "" if answer.is_fine else f"HTTP {answer.status}"
    except (outgoing.Refused, outgoing.Unreachable) as problem:
        failure = str(problem)
    except SealBroken:
        failure = "The key that sealed the address has changed."
    if failure:
        logger.warning("Post to connection %s failed: %s", connection.pk, failure)
    _note(
        notices,
        failure=failure,
        sent_at=None if failure else at,
        quarantined_at=at if failure and notices[0].attempts >= TRIES else None,
        answer_status=answer.status if answer else None,
        answer_size=answer.size if answer else None,
    )
    return not failure


def _note(notices: list[Notice], **columns: Any) -> None:
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(**columns)


def _line(notice: Notice) -> str:
    """A sentence and who has it among colleagues; nothing about the lead but where to look."""
    who = notice.by or (notice.clock and (notice.clock.holder or notice.clock.team))
    words = " · ".join(filter(None, [str(notice.sentence), notice.text, str(who or "")]))
    return f"{words} · {settings.SITE_URL}{address_of(notice)}"


def _message(notices: list[Notice]) -> str:
    lines = [_line(notice) for notice in notices[:LISTED]]
    more = len(notices) - LISTED
    if more > 0:
        said = ngettext("And %(n)s more.", "And %(n)s more.", more) % {"n": more}
        lines.append(f"{said} {settings.SITE_URL}/queue/")
    return "\n".join(lines)


JSON = {"Content-Type": "application/json"}


def _for_slack(connection: Connection, notices: list[Notice], at: datetime) -> tuple[dict[str, str], bytes]:
    return JSON, json.dumps({"text": _message(notices), "unfurl_links": False}).encode()


def _for_teams(connection: Connection, notices: list[Notice], at: datetime) -> tuple[dict[str, str], bytes]:
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": line, "wrap": True} for line in _message(notices).split("\n")],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return JSON, json.dumps({"type": "message", "attachments": [attachment]}).encode()


def _for_software(
    connection: Connection, notices: list[Notice], at: datetime
) -> tuple[dict[str, str], bytes]:
    (notice,) = notices
    body = json.dumps(as_data(notice)).encode()
    moment = int(time.time())
    return JSON | {
        "webhook-id": f"notice_{notice.pk}",
        "webhook-timestamp": str(moment),
        "webhook-signature": signature(connection.secret, f"notice_{notice.pk}", moment, body),
    }, body


def as_data(notice: Notice) -> dict[str, Any]:
    """What other software gets: numbers of things, which it may ask the API about."""
    handoff = notice.handoff
    return {
        "id": f"notice_{notice.pk}",
        "type": notice.kind.lower(),
        "key": notice.key,
        "created_at": notice.created_at.isoformat(),
        "happened_at": (notice.event.happened_at if notice.event else notice.created_at).isoformat(),
        "sentence": str(notice.sentence),
        "text": notice.text,
        "url": settings.SITE_URL + address_of(notice),
        "lead": handoff.lead_id if handoff else notice.lead_id,
        "handoff": notice.handoff_id,
        "clock": notice.clock_id,
        "measure": notice.clock.measure if notice.clock else None,
        "holder": notice.clock.holder_id if notice.clock else None,
        "team": notice.clock.team_id if notice.clock else (handoff.receiving_team_id if handoff else None),
    }


Writer = Callable[[Connection, list[Notice], datetime], tuple[dict[str, str], bytes]]
WRITERS: dict[ConnectionKind, Writer] = {
    ConnectionKind.SLACK: _for_slack,
    ConnectionKind.TEAMS: _for_teams,
    ConnectionKind.WEBHOOK: _for_software,
}
