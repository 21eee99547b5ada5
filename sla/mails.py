"""Sending notices by mail. The row is the work: tries are counted before the try, and one mail keeps its Message-ID at every try.

All that waits for one person goes into one mail, so that an outage ends in a digest and not in a flood. After three failed
tries a mail is set aside, where an administrator sees it, and the others go on.
"""

from __future__ import annotations

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation

from sla import nightly, wishing
from sla.chips import chip
from sla.models import ChannelKind, Notice, NoticeKind
from sla.notices import address_of, with_what_they_are_about
from smarketing.accounts.models import User

logger = logging.getLogger("sla.mails")

TRIES = 3
WAIT = timedelta(minutes=5)  # times the number of tries so far
AT_ONCE = 1_000  # notices claimed in one go
TELLS_OF_LATE = [NoticeKind.BREACHED, NoticeKind.ESCALATED]
LISTED = 50  # lines in a digest; it says how many more there are


def deliver(at: datetime) -> int:
    """Mails whose time has come are sent, at most one per person; returns how many. Safe to run twice and in parallel."""
    sent = 0
    with get_connection() as connection:
        for notices in _claimed(at):
            sent += _send(notices, connection, at)
    return sent


def retry(notices: Iterable[Notice], *, at: datetime) -> int:
    """An administrator lets what was set aside try again."""
    keys = [notice.pk for notice in notices]
    return Notice.objects.filter(pk__in=keys, sent_at=None).update(
        quarantined_at=None, attempts=0, next_attempt_at=at
    )


# Mechanics


def _claimed(at: datetime) -> list[list[Notice]]:
    """Committed before the first try: a worker that dies here or later has used up one of the tries."""
    with transaction.atomic():
        waiting = Notice.objects.filter(
            channel=ChannelKind.MAIL, sent_at=None, quarantined_at=None, next_attempt_at__lte=at
        )
        ids = list(
            waiting.order_by("next_attempt_at", "id")
            .select_for_update(skip_locked=True)
            .values_list("pk", flat=True)[:AT_ONCE]
        )
        due = list(
            with_what_they_are_about(Notice.objects.filter(pk__in=ids))
            .select_related("recipient__team")
            .order_by("id")
        )
        claimed = _put_off(due, at)
        mails = _into_mails(claimed)
        for key, notices in mails.items():
            attempts = notices[0].attempts + 1
            Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(
                attempts=F("attempts") + 1, next_attempt_at=at + WAIT * attempts, mail_key=key
            )
            for notice in notices:
                notice.attempts, notice.mail_key = attempts, key
    return list(mails.values())


def _put_off(due: list[Notice], at: datetime) -> list[Notice]:
    """Those whose reader wants them now; the others wait for his moment, before their first try."""
    moments = wishing.Moments(list({notice.recipient for notice in due if notice.recipient}))
    later: dict[datetime, list[int]] = defaultdict(list)
    now = []
    for notice in due:
        moment = at if notice.attempts else moments.of(notice)
        if moment <= at:
            now.append(notice)
        else:
            later[moment].append(notice.pk)
    for moment, ids in later.items():
        Notice.objects.filter(pk__in=ids).update(next_attempt_at=moment)
    return now


def _into_mails(notices: Iterable[Notice]) -> dict[uuid.UUID, list[Notice]]:
    """What was in one mail before stays in it; everything new for one person makes another. The day in short stands alone."""
    fresh: dict[tuple[int | None, bool], uuid.UUID] = defaultdict(uuid.uuid4)
    mails: dict[uuid.UUID, list[Notice]] = defaultdict(list)
    for notice in notices:
        mails[notice.mail_key or fresh[notice.recipient_id, notice.kind == NoticeKind.NIGHTLY]].append(notice)
    return mails


def _send(notices: list[Notice], connection: BaseEmailBackend, at: datetime) -> int:
    rows = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    recipient = notices[0].recipient
    assert recipient
    if not recipient.is_active:
        rows.update(quarantined_at=at, failure="The person no longer works here.")
        return 0
    try:
        message = _message(notices, recipient, at)
        message.connection = connection
        message.send()
    except Exception as problem:
        logger.warning("Mail %s failed: %s", notices[0].mail_key, type(problem).__name__)
        given_up = at if notices[0].attempts >= TRIES else None
        rows.update(failure=f"{type(problem).__name__}: {problem}"[:200], quarantined_at=given_up)
        return 0
    rows.update(sent_at=at, failure="")
    return 1


def _message(notices: list[Notice], recipient: User, at: datetime) -> EmailMessage:
    """In the recipient's language; names of leads only in the body, never in a header that servers log."""
    with translation.override(recipient.language):
        lines = [_line(notice, at) for notice in notices]
        context: dict[str, Any] = {
            "recipient": recipient,
            "lines": lines[:LISTED],
            "more": max(0, len(lines) - LISTED),
            "late": sum(notice.kind in TELLS_OF_LATE for notice in notices),
            "all_of_clocks": all(notice.is_of_a_clock for notice in notices),
            "site": settings.SITE_URL,
        }
        name = "emails/notice" if len(lines) == 1 else "emails/notices"
        if notices[0].kind == NoticeKind.NIGHTLY:
            name, context["day"] = "emails/nightly", nightly.day(at)
        subject = " ".join(render_to_string(f"{name}_subject.txt", context | lines[0]).split())
        body = render_to_string(f"{name}.txt", context | lines[0])
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return EmailMessage(
        subject, body, to=[recipient.email], headers={"Message-ID": f"<{notices[0].mail_key}@{host}>"}
    )


def _line(notice: Notice, at: datetime) -> dict[str, object]:
    return {
        "notice": notice,
        "event": notice.event,
        "clock": notice.clock,
        "lead": notice.about,
        "chip": chip(notice.clock, at) if notice.clock else None,
        "url": settings.SITE_URL + address_of(notice),
    }
