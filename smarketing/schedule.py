"""Everything that happens by itself, and how often. Intervals in UTC only: a crontab falls silent when clocks change."""

from datetime import timedelta

SCHEDULE: dict[str, dict] = {}


def every(seconds: int, task: str) -> dict:
    """One line of the schedule: a run that waits longer than its interval is dropped, the next one does its work."""
    return {
        "task": task,
        "schedule": timedelta(seconds=seconds),
        "options": {"expires": max(seconds - 10, 5)},
    }
