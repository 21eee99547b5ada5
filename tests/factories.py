"""Defaults that tell a plausible story: a lead asked for a price on a Monday morning."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from leads.models import (
    MOMENT_OF,
    Activity,
    ActivityKind,
    Campaign,
    Company,
    Contact,
    CriteriaSet,
    CriteriaState,
    Criterion,
    CriterionKind,
    Lead,
    Source,
    Stage,
    StageChange,
)
from sla import promises
from sla.models import Agreement, Calendar, Notice, Restatement, ScorecardMonth, ScorecardRow
from smarketing.accounts.models import Role, Side, Team, User

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
                lead=lead,
                from_stage="",
                to_stage=lead.stage,
                changed_at=getattr(lead, MOMENT_OF.get(lead.stage, "captured_at")) or lead.captured_at,
            )


class ActivityFactory(DjangoModelFactory):
    class Meta:
        model = Activity

    lead = factory.SubFactory(LeadFactory)
    kind = ActivityKind.FORM
    occurred_at = MONDAY_MORNING
    title = "Price request"


OFFICE_HOURS = {str(day): [["09:00", "17:00"]] for day in range(5)}
FIRST_OF_NOVEMBER = datetime(2026, 11, 1, 9, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))


class CalendarFactory(DjangoModelFactory):
    """Monday to Friday from nine to five in Amsterdam; `week`, `zone` and `overrides` can be given."""

    class Meta:
        model = Calendar

    name = "Office hours"
    zone = "Europe/Amsterdam"
    week = OFFICE_HOURS
    overrides = factory.LazyFunction(dict)

    @classmethod
    def _create(cls, model_class, *args, name, **hours):
        there = Calendar.objects.filter(name=name).first()
        return there or Calendar.open(name, by=None, at=FIRST_OF_NOVEMBER, **hours)


class AgreementFactory(DjangoModelFactory):
    """In force since the first of November, with every built-in promise: answer within 2 h, first contact within 1 h
    when hot and 4 h otherwise. `state="DRAFT"` or "PROPOSED" stops earlier; `terms={kind: {field: value}}` changes terms.
    """

    class Meta:
        model = Agreement
        skip_postgeneration_save = True

    @classmethod
    def _create(cls, model_class, *args, state="IN_FORCE", terms=None, at=FIRST_OF_NOVEMBER, **fields):
        calendar = fields.pop("calendar", None) or CalendarFactory()
        defaults = {"starts_on": timezone.localdate(at), "brief_items": BRIEF, "hot_rule": None}
        calendars = {"marketing_calendar": calendar, "sales_calendar": calendar}
        agreement = Agreement.draft_from(None, by=None, at=at, **defaults | calendars | fields)
        promises.add_examples(agreement)
        for kind, changes in (terms or {}).items():
            agreement.terms.filter(kind=kind).update(**changes)
        if state != "DRAFT":
            vera, victor = cls.signers()
            agreement.propose(by=vera, at=at)
            if state != "PROPOSED":
                agreement.sign(Side.MARKETING, by=vera, at=at)
                agreement.sign(Side.SALES, by=victor, at=at)
            Notice.objects.filter(key__startswith=f"agreement:{agreement.pk}:").delete()  # told long ago
        return agreement

    @staticmethod
    def signers() -> tuple[User, User]:
        """Two managers beside the teams, who decide for both: no hand-off is ever routed to them."""
        return tuple(
            UserFactory(first_name=name, team=None, role=Role.MANAGER) for name in ("Vera", "Victor")
        )


class RestatementFactory(DjangoModelFactory):
    """A figure of a month long ago, and that it was corrected from 10 to 11."""

    class Meta:
        model = Restatement

    @classmethod
    def _create(cls, model_class, *args, agreement, at=FIRST_OF_NOVEMBER, **fields):
        month = ScorecardMonth.objects.create(
            month=date(2026, 1, 1), agreement=agreement, frozen_at=at, compared_at=at
        )
        term = agreement.terms.get(kind="SQLS_DELIVERED")
        row = ScorecardRow(
            scorecard=month,
            term=term,
            key=term.key,
            position=1,
            unit="count",
            target=160,
            actual=10,
            cases=10,
        )
        row.digest = row.computed_digest()
        row.save()
        columns = {
            "kind": "CORRECTED",
            "found_at": at,
            "actual_was": 10,
            "actual": 11,
            "cases_was": 10,
            "cases": 11,
        }
        return Restatement.objects.create(row=row, number=1, **columns | fields)


BRIEF = [
    {
        "key": "need",
        "label": "What they need",
        "hint": "In their own words",
        "required": True,
        "max_length": 500,
    },
    {"key": "when", "label": "By when", "hint": "", "required": True, "max_length": 200},
]


MUST_HAVES = [
    {
        "key": "vehicles",
        "label": "50+ vehicles",
        "required": True,
        "rule": {"fact": "vehicles", "op": "at_least", "value": 50},
    },
    {
        "key": "benelux",
        "label": "Benelux",
        "required": True,
        "rule": {"fact": "country", "op": "is_one_of", "value": ["NL", "BE", "LU"]},
    },
    {"key": "decider", "label": "Decider reachable", "required": True, "hint": "Ask who signs"},
]
NICE_TO_HAVES = [
    {"key": "budget", "label": "Budget named", "points": 20},
    {
        "key": "webinar",
        "label": "Webinar",
        "points": 15,
        "rule": {"fact": "source", "op": "equals", "value": "webinar"},
    },
]


class CriteriaSetFactory(DjangoModelFactory):
    """The definition of ux.md 3.4, in force. A lead of `LeadFactory` lacks the vehicles and the decider; `lines=[...]` gives other criteria."""

    class Meta:
        model = CriteriaSet
        skip_postgeneration_save = True

    version = factory.Sequence(lambda n: n + 1)
    points_needed = 15
    created_at = MONDAY_MORNING
    state = CriteriaState.DRAFT

    @factory.post_generation
    def lines(criteria_set, create, extracted, **kwargs):
        lines = extracted if extracted is not None else MUST_HAVES + NICE_TO_HAVES
        for position, line in enumerate(lines):
            kind = CriterionKind.HARD if line.get("rule") else CriterionKind.SOFT
            Criterion.objects.create(
                **{"kind": kind, "position": position, **line}, criteria_set=criteria_set
            )

    @factory.post_generation
    def in_force(criteria_set, create, extracted, **kwargs):
        """Unless `in_force=False`: then it stays the draft that it is."""
        if extracted is not False:
            moment = {
                "state": CriteriaState.IN_FORCE,
                "proposed_at": MONDAY_MORNING,
                "in_force_at": MONDAY_MORNING,
            }
            CriteriaSet.objects.filter(pk=criteria_set.pk).update(**moment)
            criteria_set.refresh_from_db()
