"""Daily counts: what makes a figure over a million leads answer in milliseconds. The facts stay the truth; `counts.check()` compares.

Triggers on `leads_lead` and `leads_opportunity` (migration 0002) write each change as a row of differences, so that two people's clicks never
wait for one hot row; `counts.compact()` adds them up. A reading is the sum of both, correct to the lead at any moment.
"""

from __future__ import annotations

from django.db import models

# Of the leads captured on the day: how many came at least this far, and where those stand that are no customer.
COHORT = [
    "cohort_captured",
    "cohort_mql",
    "cohort_sql",
    "cohort_accepted",
    "cohort_contacted",
    "cohort_opportunity",
    "cohort_customer",
]
STANDING = [
    "cohort_moving",
    "cohort_recycled",
    "cohort_disqualified",
    "cohort_lost",
]  # + cohort_customer = cohort_captured
# How many leads entered the stage on the day, whenever they were captured.
ENTERED = [
    "entered_mql",
    "entered_sql",
    "entered_accepted",
    "entered_contacted",
    "entered_opportunity",
    "entered_customer",
    "entered_disqualified",
    "entered_lost",
]
AMOUNTS = [
    "cohort_amount",
    "entered_amount",
]  # won, in the company's currency: by day of capture, by day of winning
COLUMNS = COHORT + STANDING + ENTERED + AMOUNTS
# What is read together: of the leads captured in a period, and of what was entered in it. To add up half the columns takes half the time.
OF_COHORT = [*COHORT, *STANDING, "cohort_amount"]
OF_ACTIVITY = ["cohort_captured", *ENTERED, "entered_amount"]


class Counts(models.Model):
    """One day in the company's zone. Wide on purpose: a year of ten sources is a few thousand rows."""

    day = models.DateField()
    source = models.ForeignKey(
        "leads.Source", on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )

    cohort_captured = models.IntegerField(db_default=0)
    cohort_mql = models.IntegerField(db_default=0)
    cohort_sql = models.IntegerField(db_default=0)
    cohort_accepted = models.IntegerField(db_default=0)
    cohort_contacted = models.IntegerField(db_default=0)
    cohort_opportunity = models.IntegerField(db_default=0)
    cohort_customer = models.IntegerField(db_default=0)
    cohort_moving = models.IntegerField(db_default=0)
    cohort_recycled = models.IntegerField(db_default=0)
    cohort_disqualified = models.IntegerField(db_default=0)
    cohort_lost = models.IntegerField(db_default=0)
    entered_mql = models.IntegerField(db_default=0)
    entered_sql = models.IntegerField(db_default=0)
    entered_accepted = models.IntegerField(db_default=0)
    entered_contacted = models.IntegerField(db_default=0)
    entered_opportunity = models.IntegerField(db_default=0)
    entered_customer = models.IntegerField(db_default=0)
    entered_disqualified = models.IntegerField(db_default=0)
    entered_lost = models.IntegerField(db_default=0)
    cohort_amount = models.DecimalField(max_digits=16, decimal_places=2, db_default=0)
    entered_amount = models.DecimalField(max_digits=16, decimal_places=2, db_default=0)

    class Meta:
        abstract = True


class CountDelta(Counts):
    """What one statement changed, not yet added up. Written by triggers only."""

    campaign = models.ForeignKey(
        "leads.Campaign", on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )

    def __str__(self) -> str:
        return f"{self.day}"


class SourceDay(Counts):
    """The counts of one day and one source (empty: no source)."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "source"], nulls_distinct=False, name="uq_once_source_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.source_id}"


class CampaignDay(Counts):
    """The counts of one day, one source and one campaign (empty: no campaign)."""

    campaign = models.ForeignKey(
        "leads.Campaign", on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "source", "campaign"], nulls_distinct=False, name="uq_once_campaign_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.source_id} {self.campaign_id}"
