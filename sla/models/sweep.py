"""The health of what works in the background: each sweep, and the latest sign of life of each process."""

from __future__ import annotations

from django.db import models


class SweepRun(models.Model):
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    as_of = models.DateTimeField()
    warned = models.PositiveIntegerField(default=0)
    breached = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)  # clocks left for the next sweep
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-finished_at"], name="sweep_by_finish")]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M:%S}"


class SignOfLife(models.Model):
    """Written by a process while it works: one that runs but does nothing falls silent here."""

    name = models.CharField(max_length=20, primary_key=True)  # worker, sweeper
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
