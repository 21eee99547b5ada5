"""What Celery does for hand-offs. Each task makes one call and may run twice; the rows in the database are the work."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from handoff import drafting
from handoff.conversation import inviting


@shared_task(name="handoff.send_invitations", soft_time_limit=240, time_limit=300)
def send_invitations(**_: Any) -> None:
    inviting.send_waiting(timezone.now())


@shared_task(name="handoff.forget_drafts", soft_time_limit=240, time_limit=300)
def forget_drafts(**_: Any) -> None:
    drafting.forget_stale(timezone.now())
