"""What happens by itself. Each task makes one call and may run twice."""

from typing import Any

from celery import shared_task

from dashboard import counts


@shared_task(name="dashboard.compact_counts")
def compact_counts(**_: Any) -> None:
    counts.compact()
