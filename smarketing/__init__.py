"""The project: settings, addresses, tasks, people."""

from smarketing.celery import app as celery_app

__all__ = ["celery_app"]
