"""The first steps of each role. What can be seen in the facts is done when the facts say so; what is only read is done when it was opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from handoff.models import ContactAttempt, Handoff
from leads.models import Campaign, CriteriaSet, CriteriaState, Judgement, Lead
from sla.models import Agreement, AgreementState, Calendar
from smarketing.accounts import first_steps
from smarketing.accounts.models import Side, User
from smarketing.prepared import Prepared

Done = Callable[[int], QuerySet[Any]]  # done when there is such a row for the person with this number


@dataclass(frozen=True)
class Step:
    key: str
    label: Any
    why: Any
    where: Callable[[], str]
    done: Done | None = None  # empty: done when it was opened


@dataclass(frozen=True)
class Standing:
    """One step of one colleague."""

    step: Step
    is_done: bool


def _page(name: str, *args: Any, query: str = "") -> Callable[[], str]:
    return lambda: reverse(name, args=args) + query


AGREEMENT = Step(
    "agreement",
    _("Read what the two teams promised each other"),
    _("The agreement is what your clocks, your queue and the scorecard go by."),
    _page("sla:agreement"),
)
WORDS = Step(
    "words",
    _("Learn the words"),
    _("One word per idea, the same for both teams."),
    _page("dashboard:glossary"),
)
IN_SALES_SHOES = Step(
    "sales-shoes",
    _("Spend a day in the shoes of sales"),
    _("What a rep sees of what you hand over."),
    _page("dashboard:shoes", "sales"),
)
IN_MARKETING_SHOES = Step(
    "marketing-shoes",
    _("Spend a day in the shoes of marketing"),
    _("Where your leads come from, and what happens to those you return."),
    _page("dashboard:shoes", "marketing"),
)
FIGURES = Step(
    "figures",
    _("Open one figure to the leads behind it"),
    _("Every number on the dashboard says how it is counted and lists its leads."),
    _page("dashboard:dashboard"),
)

OF_SALES = [
    AGREEMENT,
    Step(
        "accept",
        _("Accept a hand-off"),
        _("Read the brief; accept, ask, or return it with a reason."),
        _page("handoff:list"),
        lambda person: Handoff.objects.filter(receiver=person, accepted_at__isnull=False),
    ),
    Step(
        "prepare",
        _("Open a call sheet before you dial"),
        _("Everything you must know, on one page."),
        _page("sla:queue"),
        lambda person: Handoff.objects.filter(receiver=person, prepared_at__isnull=False),
    ),
    Step(
        "call",
        _("Log your first call"),
        _("One key: the clock stops at the moment of the call."),
        _page("sla:queue"),
        lambda person: ContactAttempt.objects.filter(made_by=person),
    ),
    IN_MARKETING_SHOES,
    WORDS,
]
OF_MARKETING = [
    AGREEMENT,
    Step(
        "judge",
        _("Judge a lead against the criteria"),
        _("Yes, no or unknown, with what you base it on."),
        _page("leads:qualify_list"),
        lambda person: Judgement.objects.filter(judged_by=person),
    ),
    Step(
        "hand-over",
        _("Hand over a lead with its brief"),
        _("Sales starts prepared; the clock of sales starts too."),
        _page("leads:qualify_list"),
        lambda person: Handoff.objects.filter(sender=person),
    ),
    IN_SALES_SHOES,
    WORDS,
]
OF_LEADERS = [
    Step(
        "hours",
        _("Set working hours and holidays"),
        _("Promises are counted in working time only."),
        _page("sla:working_hours"),
        lambda _: Calendar.objects.all(),
    ),
    Step(
        "criteria",
        _("Agree on what makes a lead sales-ready"),
        _("Both teams approve a version; it is explained on every lead."),
        _page("leads:criteria"),
        lambda _: CriteriaSet.objects.filter(state=CriteriaState.IN_FORCE),
    ),
    Step(
        "agreement",
        _("Sign the agreement with the other team"),
        _("Until both have signed, nothing is measured."),
        _page("sla:agreement"),
        lambda _: Agreement.objects.filter(state=AgreementState.IN_FORCE),
    ),
    Step(
        "import",
        _("Bring in your leads"),
        _("A CSV or XLSX file; you see the counts before anything is done."),
        _page("leads:import"),
        lambda _: Lead.objects.all(),
    ),
    Step(
        "invite",
        _("Invite colleagues of both teams"),
        _("An administrator does it; each starts with steps like these."),
        _page("settings_people"),
        lambda _: (
            User.objects.active()
            .on_side(Side.SALES)
            .filter(Exists(User.objects.active().on_side(Side.MARKETING)))
        ),
    ),
    FIGURES,
    IN_MARKETING_SHOES,
    IN_SALES_SHOES,
]
OF_FINANCE = [
    Step(
        "spend",
        _("Enter what a campaign cost"),
        _("Without it, cost per sales-ready lead is unknown, and the page says so."),
        _page("leads:campaigns"),
        lambda _: Campaign.objects.filter(spend__isnull=False),
    ),
    FIGURES,
    AGREEMENT,
    WORDS,
]


STEPS_OF = {"sales": OF_SALES, "marketing": OF_MARKETING, "leaders": OF_LEADERS, "finance": OF_FINANCE}


def of(user: User) -> list[Standing]:
    """Every step of this person's role, in order. One query."""
    return standing(kind_of(user), done_by(user))


def done_by(user: User) -> tuple[bool, ...]:
    """Whether each step of this person's role is done, in order. One query."""
    (found,) = _found(kind_of(user)).rows(person=user.pk)
    return found


def standing(kind: str, done: Sequence[bool]) -> list[Standing]:
    return [Standing(step, is_done) for step, is_done in zip(STEPS_OF[kind], done, strict=True)]


def steps_of(user: User) -> list[Step]:
    return STEPS_OF[kind_of(user)]


def named(user: User, key: str) -> Step | None:
    return next((step for step in steps_of(user) if step.key == key), None)


def kind_of(user: User) -> str:
    """Which of STEPS_OF are this person's."""
    if user.is_finance:
        return "finance"
    if user.leads_a_team or user.is_administrator:
        return "leaders"
    return "marketing" if user.is_marketing else "sales"


@cache
def _found(kind: str) -> Prepared:
    """Whether each step is done."""

    def done(person: int) -> QuerySet[Any]:
        found = {
            f"step_{number}": Exists(step.done(person) if step.done else first_steps.opened(person, step.key))
            for number, step in enumerate(STEPS_OF[kind])
        }
        return User.objects.filter(pk=person).annotate(**found).values_list(*found)

    return Prepared(done, person=int)
