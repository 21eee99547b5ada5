"""What the last quarter would have looked like under a proposed agreement: a row of work with its result, and the hand-offs behind each figure."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from handoff.models import Handoff
from sla.models.agreement import Agreement


class WhatIfState(models.TextChoices):
    UNDER_WAY = "UNDER_WAY", _("Being calculated")
    DONE = "DONE", _("Calculated")
    FAILED = "FAILED", _("Failed")


class Judgement(models.TextChoices):
    """What a hand-off is to a promise; the empty text where it is no case for it."""

    KEPT = "KEPT", _("kept")
    MISSED = "MISSED", _("missed")


class WhatIf(models.Model):
    """One question about one text. `next_on` is the first day that has not been looked at."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="what_ifs")
    compared_to = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, related_name="+"
    )  # the one in force when it was asked; empty: the first agreement
    fingerprint = models.CharField(
        max_length=64
    )  # of the text it was asked about: a draft may have changed since
    from_on = models.DateField()
    to_on = models.DateField()  # the first day that is not looked at
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()  # what is open is judged as of this moment
    state = models.CharField(max_length=9, choices=WhatIfState.choices, default=WhatIfState.UNDER_WAY)
    next_on = models.DateField()
    total = models.PositiveIntegerField(default=0)  # hand-offs to look at
    done = models.PositiveIntegerField(default=0)
    tallies = models.JSONField(default=dict)  # {term key: {"KEPT>MISSED": n, ...}}
    attempts = models.PositiveSmallIntegerField(default=0)  # since the last week that was finished
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "fingerprint"], name="uq_once_what_if_per_text"),
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=False) ^ ~models.Q(state=WhatIfState.DONE),
                name="what_if_done_exactly_when_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.from_on}"

    # Questions

    @property
    def is_under_way(self) -> bool:
        return self.state == WhatIfState.UNDER_WAY

    @property
    def is_done(self) -> bool:
        return self.state == WhatIfState.DONE

    @property
    def has_failed(self) -> bool:
        return self.state == WhatIfState.FAILED


class WhatIfCase(models.Model):
    """A hand-off that is missed then or now. What was kept and stays kept is counted and not listed."""

    what_if = models.ForeignKey(WhatIf, on_delete=models.CASCADE, related_name="cases")
    term_key = models.CharField(max_length=60)
    measure = models.CharField(max_length=14, blank=True)  # a hand-off may have a question and a return
    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="+")
    was = models.CharField(max_length=6, choices=Judgement.choices, blank=True)
    becomes = models.CharField(max_length=6, choices=Judgement.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["what_if", "term_key", "measure", "handoff"], name="uq_once_what_if_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.handoff_id} {self.was}>{self.becomes}"
