"""What the criteria in force say of each lead that marketing still has, kept so that a list can be narrowed by it.

No fact and no truth of its own: everything here can be worked out again from the lead. How it is kept right stands in `leads/criteria/keeping.py`.
"""

from __future__ import annotations

from django.db import models

from leads.models.criteria import CriteriaSet
from leads.models.lead import Lead


class KeptVerdict(models.Model):
    """How many things are missing on a lead under one version. `captured_at` is the lead's, for the order of the list.

    Without constraints on the lead: a million of them would lock a million leads, and a lead that changes is in `LeadToJudge` first.
    """

    lead = models.OneToOneField(
        Lead,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="kept_verdict",
    )
    captured_at = models.DateTimeField()
    criteria_set = models.ForeignKey(
        CriteriaSet, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    missing = models.PositiveSmallIntegerField()
    changes_on = models.DateField(
        null=True
    )  # the first day on which a rule about days may say something else

    class Meta:
        indexes = [
            models.Index(
                fields=["criteria_set", "missing", "-captured_at", "-lead"], name="kept_verdict_in_order"
            ),
            models.Index(
                fields=["changes_on"],
                name="kept_verdict_that_changes",
                condition=models.Q(changes_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.missing}"


class LeadToJudge(models.Model):
    """Something changed that a rule may test: triggers write a line in the same transaction (migration 0015), and wait for nobody.

    As long as the line stands, what is kept of the lead does not count.
    """

    lead = models.ForeignKey(Lead, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")

    def __str__(self) -> str:
        return str(self.lead_id)


class Rejudging(models.Model):
    """All waiting leads are judged by a version that came into force, the newest first. What lies before `back_to` is still to come."""

    criteria_set = models.OneToOneField(
        CriteriaSet, on_delete=models.CASCADE, primary_key=True, related_name="rejudging"
    )
    back_to = models.DateTimeField(null=True)  # and back_to_lead: the last one that was judged
    back_to_lead = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.criteria_set_id}"
