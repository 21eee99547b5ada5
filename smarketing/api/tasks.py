"""What happens by itself. One call each, safe twice."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from smarketing.api import idempotency


@shared_task(name="api.forget_answers")
def forget_answers(**_: Any) -> None:
    idempotency.forget(at=timezone.now())
