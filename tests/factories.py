"""Defaults that tell a plausible story: a lead asked for a price on a Monday morning."""

from datetime import datetime
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from leads.models import Activity, ActivityKind, Campaign, Company, Contact, Lead, Source, Stage, StageChange
from smarketing.accounts.models import Side, Team, User

MONDAY_MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team
        django_get_or_create = ("name",)

    name = "Sales"
    kind = Side.SALES


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    first_name = "Sam"
    last_name = "Smit"
    email = factory.Sequence(lambda n: f"colleague{n}@example.com")
    team = factory.SubFactory(TeamFactory)
    password = factory.django.Password("correct horse battery")


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source
        django_get_or_create = ("key",)

    key = "webinar"
    name = factory.LazyAttribute(lambda source: source.key.replace("_", " ").capitalize())


class CampaignFactory(DjangoModelFactory):
    class Meta:
        model = Campaign
        django_get_or_create = ("name",)

    name = "Fuel Q4"
    source = factory.SubFactory(SourceFactory)


class CompanyFactory(DjangoModelFactory):
    class Meta:
        model = Company

    name = "Vandersteen Logistics"
    domain = factory.Sequence(lambda n: f"vandersteen{n}.example")
    size = 240
    industry = "Logistics"
    country = "NL"
    city = "Utrecht"


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    first_name = "Noor"
    last_name = "de Wit"
    email = factory.Sequence(lambda n: f"noor{n}@vandersteen.example")
    phone = "+31205550134"
    job_title = "Operations director"
    language = "nl"
    company = factory.SubFactory(CompanyFactory)
    company_name = factory.LazyAttribute(lambda contact: contact.company.name if contact.company else "")


class LeadFactory(DjangoModelFactory):
    """A lead as it was captured; `stage` and the moments can be given for leads further on. Its first StageChange is there too."""

    class Meta:
        model = Lead
        skip_postgeneration_save = True

    contact = factory.SubFactory(ContactFactory)
    company = factory.SelfAttribute("contact.company")
    source = factory.SubFactory(SourceFactory)
    captured_at = MONDAY_MORNING
    stage = Stage.NEW

    @factory.post_generation
    def captured(lead, create, extracted, **kwargs):
        if create:
            StageChange.objects.create(
                lead=lead, from_stage="", to_stage=lead.stage, changed_at=lead.captured_at
            )


class ActivityFactory(DjangoModelFactory):
    class Meta:
        model = Activity

    lead = factory.SubFactory(LeadFactory)
    kind = ActivityKind.FORM
    occurred_at = MONDAY_MORNING
    title = "Price request"
