"""What an import said, and everything that is there after it."""

from leads.models import (
    Activity,
    Campaign,
    Company,
    Contact,
    Lead,
    LeadFact,
    Opportunity,
    Source,
    StageChange,
)


def counts(report):
    return tuple(report[name] for name in ("created", "updated", "unchanged", "rejected"))


def history():
    models = (Lead, Contact, Company, Source, Campaign, StageChange, LeadFact, Activity, Opportunity)
    return [list(model.objects.order_by("id").values()) for model in models]
