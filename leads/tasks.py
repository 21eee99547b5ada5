"""What Celery does for leads. The rows in the database are the work; a task that rings twice finds nothing to do."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from leads import undoing
from leads.criteria import keeping
from leads.imports import running


@shared_task(name="leads.import_batch", soft_time_limit=1800, time_limit=1860)
def import_batch(*, batch_id: int, **_: Any) -> None:
    running.advance(batch_id, at=timezone.now())


@shared_task(name="leads.take_up_imports", soft_time_limit=1800, time_limit=1860)
def take_up_imports(**_: Any) -> None:
    running.take_up_what_was_left(at=timezone.now())


@shared_task(name="leads.forget_acts", soft_time_limit=60, time_limit=90)
def forget_acts(**_: Any) -> None:
    undoing.forget_old(timezone.now())


@shared_task(name="leads.keep_verdicts", soft_time_limit=120, time_limit=150)
def keep_verdicts(**_: Any) -> None:
    keeping.keep_up(at=timezone.now())
