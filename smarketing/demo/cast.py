"""Who works in the demo company, and with what hours, criteria and agreement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from handoff.usual_brief import USUAL_BRIEF
from leads.criteria import versions
from leads.models import CriteriaSet, CriterionKind, Source
from leads.models.campaign import Campaign
from sla import promises
from sla.holiday_proposals import holidays_in
from sla.models import Agreement, Calendar, TermKind
from sla.what_if import running
from smarketing.accounts.models import Absence, Organisation, Role, Side, Team, User

PASSWORD = "demo-smarketing"  # shown to whoever starts the demo; it never exists in production
COMPANY = "Kanaal Fleet Software"
WEBINARS = "webinars"  # a number that marketing enters each month
OFFICE = {str(day): [["09:00", "17:00"]] for day in range(5)}
SOURCES = {
    "webinar": "Webinar", "paid_search": "Paid search", "organic_search": "Organic search", "referral": "Referral",
    "trade_fair": "Trade fair", "newsletter": "Newsletter",
}  # fmt: skip
CAMPAIGNS = {
    "Fuel costs Q4": "webinar",
    "Fleet days Utrecht": "trade_fair",
    "Route planning ads": "paid_search",
}


class TeamLeads(Protocol):
    """Who speaks for the two sides."""

    @property
    def marketing_lead(self) -> User: ...

    @property
    def sales_lead(self) -> User: ...


@dataclass(frozen=True)
class Cast:
    marketing: Team
    sales: Team
    reps: list[User]
    marketers: list[User]
    marketing_lead: User
    sales_lead: User
    finance: User
    administrator: User
    manager: User


def hire() -> Cast:
    """Colleagues of both teams; all sign in with the same password."""
    Organisation.objects.filter(id=1).update(name=COMPANY)
    marketing = Team.objects.create(name="Marketing", kind=Side.MARKETING)
    sales = Team.objects.create(name="Sales Benelux", kind=Side.SALES)

    def person(
        name: str, first: str, last: str, team: Team | None, role: str = Role.MEMBER, language: str = "en"
    ) -> User:
        return User.objects.create_user(
            f"{name}@demo.example",
            PASSWORD,
            first_name=first,
            last_name=last,
            team=team,
            role=role,
            language=language,
        )

    return Cast(
        marketing=marketing,
        sales=sales,
        reps=[
            person("rep", "Jan", "Jansen", sales),
            person("rep2", "Tess", "de Boer", sales, language="nl"),
            person("rep3", "Karim", "Haddad", sales),
        ],
        marketers=[
            person("marketer", "Eva", "Smit", marketing),
            person("marketer2", "Daan", "Visser", marketing, language="nl"),
        ],
        marketing_lead=person("marketing.lead", "Anna", "Kuipers", marketing, Role.TEAM_LEAD),
        sales_lead=person("sales.lead", "Sven", "Maes", sales, Role.TEAM_LEAD),
        manager=person("manager", "Mia", "van Dam", None, Role.MANAGER),
        finance=person("finance", "Finn", "Peeters", None, Role.FINANCE),
        administrator=person("admin", "Ada", "Claes", None, Role.ADMINISTRATOR),
    )


def open_the_office(at: datetime) -> Calendar:
    """Monday to Friday, nine to five, closed on the national holidays of two years."""
    overrides = {
        holiday.on.isoformat(): {"name": holiday.name, "intervals": []}
        for year in (at.year, at.year + 1)
        for holiday in holidays_in("NL", year)
        if holiday.is_public
    }
    return Calendar.open(
        "Office", zone="Europe/Amsterdam", week=OFFICE, overrides=overrides, country="NL", by=None, at=at
    )


def agree_on_criteria(cast: TeamLeads, at: datetime) -> CriteriaSet:
    """What makes a lead sales-ready, approved by both teams."""
    draft = versions.draft_from(None, by=cast.marketing_lead, at=at)
    CriteriaSet.objects.filter(pk=draft.pk).update(
        points_needed=30, note="First version, agreed at the kick-off"
    )
    hard, soft = CriterionKind.HARD, CriterionKind.SOFT
    lines = [
        (
            "fleet",
            "Fleet of 50 or more",
            hard,
            True,
            0,
            {"fact": "vehicles", "op": "at_least", "value": 50},
            "",
        ),
        (
            "region",
            "In the Benelux",
            hard,
            True,
            0,
            {"fact": "country", "op": "is_one_of", "value": ["NL", "BE", "LU"]},
            "",
        ),
        (
            "decider",
            "Decider reachable",
            soft,
            True,
            0,
            None,
            "Who signs? Ask the contact, or look at their site",
        ),
        (
            "price",
            "Asked for a price or a demo",
            hard,
            False,
            25,
            {"fact": "requested", "op": "includes_any", "value": ["price", "demo"]},
            "",
        ),
        (
            "visits",
            "Three visits or more",
            hard,
            False,
            10,
            {"fact": "site_visits", "op": "at_least", "value": 3},
            "",
        ),
        ("pain", "Has a pain that we solve", soft, False, 20, None, "What costs them most today?"),
        ("talk", "Wants a conversation", soft, False, 15, None, ""),
    ]
    for position, (key, label, kind, required, points, rule, hint) in enumerate(lines, start=1):
        draft.criteria.create(
            key=key,
            label=label,
            kind=kind,
            required=required,
            points=points,
            rule=rule,
            hint=hint,
            position=position,
        )
    draft.refresh_from_db()
    proposed = versions.propose(draft, by=cast.marketing_lead, at=at)
    versions.approve(proposed, Side.MARKETING, by=cast.marketing_lead, at=at)
    versions.approve(proposed, Side.SALES, by=cast.sales_lead, at=at)
    return CriteriaSet.objects.get(pk=draft.pk)


def sign_the_agreement(cast: TeamLeads, office: Calendar, at: datetime) -> Agreement:
    """The first agreement, proposed by marketing and signed by both team leads."""
    draft = Agreement.draft_from(
        None, by=cast.marketing_lead, at=at, starts_on=at.date(), review_on=at.date() + timedelta(days=182),
        marketing_calendar=office, sales_calendar=office, brief_items=[dict(item) for item in USUAL_BRIEF],
        hot_rule={"fact": "requested", "op": "includes_any", "value": ["price", "demo"]}, note="Our first agreement",
    )  # fmt: skip
    promises.add_examples(draft)
    draft.terms.filter(kind="SQLS_DELIVERED").update(target_count=40)
    draft.terms.filter(kind="CAPACITY").update(target_count=45)
    add_terms(draft)
    draft.propose(by=cast.marketing_lead, at=at)
    draft.sign(Side.MARKETING, by=cast.marketing_lead, at=at + timedelta(hours=1))
    draft.sign(Side.SALES, by=cast.sales_lead, at=at + timedelta(hours=3))
    return Agreement.objects.get(pk=draft.pk)


def propose_a_change(cast: Cast, at: datetime) -> Agreement:
    """Marketing wants a quicker answer and offers more leads; it has signed, sales has not yet."""
    draft = Agreement.draft_from(
        Agreement.objects.in_force(), by=cast.marketing_lead, at=at, starts_on=at.date() + timedelta(days=14),
        note="Leads that wait go cold: we ask for a quicker answer, and deliver more.",
    )  # fmt: skip
    draft.terms.filter(kind="ANSWER_HANDOFF").update(target_seconds=3_600)
    draft.terms.filter(kind="SQLS_DELIVERED").update(target_count=45)
    draft.propose(by=cast.marketing_lead, at=at)
    draft.sign(Side.MARKETING, by=cast.marketing_lead, at=at + timedelta(minutes=5))
    running.ask(draft, by=cast.marketing_lead, at=at)
    return draft


def add_terms(draft: Agreement) -> None:
    """What both teams promise beside the usual: revenue, a cost per lead, and a number of webinars that marketing enters itself."""
    joint = {"side": "JOINT", "position": 20}
    draft.terms.create(kind=TermKind.REVENUE, key="revenue", target_amount=Decimal(90_000), **joint)
    draft.terms.create(kind=TermKind.COST_PER_SQL, key="cost_per_sql", target_amount=Decimal(120), **joint)
    draft.terms.create(
        kind=TermKind.OWN, key=WEBINARS, label="Webinars held", side="MARKETING", target_amount=Decimal(2), position=20
    )  # fmt: skip


def open_the_sources(today: date) -> None:
    sources = {key: Source.objects.create(key=key, name=name) for key, name in SOURCES.items()}
    for number, (name, key) in enumerate(CAMPAIGNS.items(), start=1):
        Campaign.objects.create(
            name=name,
            source=sources[key],
            starts_on=today - timedelta(days=70),
            ends_on=today + timedelta(days=20),
            spend=None if number == 2 else 1_800 * number,
        )


def go_on_leave(person: User, deputy: User, at: datetime) -> None:
    """One rep is away next week, so that routing has something to heed; a colleague hears in his place of what is late."""
    monday = (at + timedelta(days=7 - at.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    Absence.objects.create(
        user=person, starts_at=monday, ends_at=monday + timedelta(days=5), note="Holiday", deputy=deputy
    )
