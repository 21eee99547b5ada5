"""A month's scorecard as it was frozen, and what was corrected afterwards. Written once: the database refuses to change either."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.append_only import Fact
from sla.models.agreement import Agreement
from sla.models.clock import ClockEvent
from sla.models.term import Term


class ScorecardMonth(models.Model):
    """One month that ended. Only `compared_at` moves: when it was last compared with the facts."""

    month = models.DateField()  # its first day
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()
    compared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month"], name="uq_once_scorecard_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class ScorecardRow(Fact):
    """One promise of a frozen month. The ids are those of what was counted: clocks, hand-offs or leads, as the kind of promise says."""

    scorecard = models.ForeignKey(ScorecardMonth, on_delete=models.PROTECT, related_name="rows")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    unit = models.CharField(max_length=10)
    target = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    actual = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    cases = models.PositiveIntegerField(default=0)
    misses = models.PositiveIntegerField(null=True)
    misses_left = models.IntegerField(null=True)
    still_open = models.PositiveIntegerField(default=0)
    apart = models.PositiveIntegerField(default=0)  # cancelled or not to be measured
    note = models.CharField(max_length=300, blank=True)
    kept_ids = ArrayField(models.BigIntegerField(), default=list)
    missed_ids = ArrayField(models.BigIntegerField(), default=list)
    open_ids = ArrayField(models.BigIntegerField(), default=list)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scorecard", "key"], name="uq_once_scorecard_row")]
        indexes = [models.Index(fields=["key", "scorecard"], name="scorecard_row_by_key")]

    def __str__(self) -> str:
        return f"{self.scorecard_id} {self.key}"

    def computed_digest(self) -> str:
        """Of the figures and of every id behind them."""
        return digest_of(self.target, self.actual, self.cases, self.misses, self.kept_ids, self.missed_ids, self.open_ids)  # fmt: skip


class RestatementKind(models.TextChoices):
    SETTLED = "SETTLED", _("Decided after the month")  # was open when the month was frozen
    CORRECTED = "CORRECTED", _("Corrected")
    ENTERED = "ENTERED", _("Entered anew")  # a number that its owner enters


class Restatement(Fact):
    """A figure of a frozen month that reads differently since: what it was, what it is, why. Numbered per row."""

    row = models.ForeignKey(ScorecardRow, on_delete=models.PROTECT, related_name="restatements")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=RestatementKind.choices)
    found_at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    actual_was = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    actual = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    cases_was = models.PositiveIntegerField(default=0)
    cases = models.PositiveIntegerField(default=0)
    misses_was = models.PositiveIntegerField(null=True)
    misses = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row", "number"], name="uq_once_restatement")]

    def __str__(self) -> str:
        return f"{self.row_id}/{self.number}"


class RestatedCase(Fact):
    """One lead that a restatement moved, from one part to another; empty is: not among those counted."""

    restatement = models.ForeignKey(Restatement, on_delete=models.PROTECT, related_name="moved")
    row_pk = models.BigIntegerField()  # of the clock, hand-off or lead, as in the ids of the frozen row
    lead = models.ForeignKey(
        "leads.Lead", on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    was = models.CharField(max_length=12, blank=True)
    part = models.CharField(max_length=12, blank=True)
    since = models.DateTimeField()
    event = models.ForeignKey(ClockEvent, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["restatement", "row_pk"], name="uq_once_restated_case")
        ]

    def __str__(self) -> str:
        return f"{self.restatement_id} {self.row_pk}"


def digest_of(*parts: Any) -> str:
    """The same for the same figures, however they were loaded: amounts with two digits, ids in order."""
    words = [",".join(map(str, sorted(part))) if isinstance(part, list) else _plain(part) for part in parts]
    return hashlib.sha256("|".join(words).encode()).hexdigest()


def _plain(value: Any) -> str:
    return "-" if value is None else f"{value:.2f}"


class ResponseTime(models.Model):
    """Working time from the hand-off to its first attempt and its first conversation, whichever of the two the agreement counts."""

    handoff = models.OneToOneField(
        "handoff.Handoff", on_delete=models.CASCADE, primary_key=True, related_name="response_time"
    )
    attempt_seconds = models.PositiveIntegerField(null=True)
    conversation_seconds = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.handoff_id}"
