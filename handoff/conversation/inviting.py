"""Invitations by mail, with the calendar entry attached. The row is the work: tries are counted before the try, three failed ones set it aside."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import formats, translation
from django.utils.translation import gettext as _

from handoff.conversation import calendar_entry
from handoff.conversation.zones import local
from handoff.models import Invitation, Method

logger = logging.getLogger("handoff.invitations")

TRIES = 3
WAIT = timedelta(minutes=5)
AT_ONCE = 200


def send_waiting(at: datetime) -> int:
    """What waits is sent; returns how many. Safe to run twice and in parallel."""
    claimed = _claim(at)
    if not claimed:
        return 0
    with get_connection() as connection:
        return sum(_send(invitation, connection, at) for invitation in claimed)


def set_aside() -> QuerySet[Invitation]:
    """What failed three times, the latest first."""
    rows = Invitation.objects.filter(sent_at=None, quarantined_at__isnull=False)
    return rows.select_related("recipient", "coffee__handoff").order_by("-quarantined_at", "-id")


def retry(invitations: QuerySet[Invitation], *, at: datetime) -> int:
    """Those that were set aside are tried three times again; returns how many."""
    ids = list(invitations.filter(quarantined_at__isnull=False).values_list("pk", flat=True))
    aside = Invitation.objects.filter(pk__in=ids, sent_at=None)
    return aside.update(quarantined_at=None, attempts=0, next_attempt_at=at)


def _claim(at: datetime) -> list[Invitation]:
    """Committed before the first try: a worker that dies here has used up one of the tries."""
    with transaction.atomic():
        waiting = Invitation.objects.filter(sent_at=None, quarantined_at=None, next_attempt_at__lte=at)
        ids = list(
            waiting.order_by("next_attempt_at", "id")
            .select_for_update(skip_locked=True)
            .values_list("pk", flat=True)[:AT_ONCE]
        )
        Invitation.objects.filter(pk__in=ids).update(attempts=F("attempts") + 1, next_attempt_at=at + WAIT)
    rows = Invitation.objects.filter(pk__in=ids).order_by("id")
    return list(rows.select_related("recipient", "coffee__proposer", "coffee__invitee", "coffee__handoff"))


def _send(invitation: Invitation, connection: BaseEmailBackend, at: datetime) -> int:
    row = Invitation.objects.filter(pk=invitation.pk)
    try:
        message = _message(invitation)
        message.connection = connection
        message.send()
    except Exception as problem:
        logger.warning("Invitation %s failed: %s", invitation.pk, type(problem).__name__)
        row.update(
            failure=type(problem).__name__[:200],
            quarantined_at=at if invitation.attempts >= TRIES else None,
        )
        return 0
    row.update(sent_at=at, failure="")
    return 1


def _message(invitation: Invitation) -> EmailMessage:
    """In the recipient's language and zone; the same Message-ID at every try."""
    coffee, recipient = invitation.coffee, invitation.recipient
    with translation.override(recipient.language):
        when = local(coffee.starts_at, recipient) if coffee.starts_at else None
        words = {
            "who": coffee.invitee if recipient == coffee.proposer else coffee.proposer,
            "when": formats.date_format(when, "l j F Y, H:i") if when else "",
            "zone": when.tzname() if when else "",
            "minutes": coffee.minutes,
            "url": calendar_entry.address(coffee),
        }
        if invitation.method == Method.CANCEL:
            body = _("The coffee with %(who)s on %(when)s (%(zone)s) is cancelled.\n\n%(url)s") % words
            subject = _("Cancelled: %(title)s") % {"title": calendar_entry.title(coffee)}
        else:
            body = (
                _("You have a coffee with %(who)s on %(when)s (%(zone)s), %(minutes)s minutes.\n\n%(url)s")
                % words
            )
            subject = calendar_entry.title(coffee)
        entry = calendar_entry.of(coffee, invitation.method, at=invitation.created_at)
    host = calendar_entry.host()
    message = EmailMessage(
        subject=subject,
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[recipient.email],
        headers={
            "Message-ID": f"<{invitation.mail_key}@{host}>",
            "Date": format_datetime(invitation.created_at),
        },
    )
    message.attach("coffee.ics", entry.decode(), f"text/calendar; method={invitation.method}")
    return message
