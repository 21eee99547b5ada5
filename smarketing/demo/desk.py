"""What lies on the rep's desk now, whatever the hour at which somebody looks: first calls, a promise to call back, the pool, kept views."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from handoff.models import Handoff
from leads import intake, next_steps, saved_views
from leads.captured import CapturedCompany, CapturedContact, CapturedLead
from leads.criteria import gate, judging
from leads.models import Lead
from smarketing.accounts.models import User
from smarketing.demo import words
from smarketing.demo.cast import Cast

# who, where, hours ago, already called
CALLS = [
    ("Ingrid", "Aalders", "NL", "Utrecht", 26, 0),
    ("Piet", "Wouters", "BE", "Gent", 25, 1),
    ("Claire", "Hoffmann", "LU", "Luxembourg", 2, 0),
    ("Wilhelmina-Antoinette", "van den Broek-Zandstra", "NL", "Zwolle", 1, 0),
    ("Kemal", "Aydin", "NL", "Breda", 0.5, 2),
    ("Femke", "Postma", "NL", "Leeuwarden", 0.2, 0),
]
POOL = [("Ruud", "Kuipers", "NL", "Venlo", 3, 0), ("Elise", "Lambert", "BE", "Namur", 1, 0)]


def fill(cast: Cast, dice: Random, now: datetime) -> None:
    """The rep who signs in has work, and his team has views."""
    rep, marketer = cast.reps[0], cast.marketers[0]
    for number, who in enumerate(CALLS):
        handoff = hand_over(who, number, rep, marketer, dice, now)
        for _try in range(who[5]):
            handoff.log_contact("CALL", "NO_ANSWER", by=rep, at=now - timedelta(minutes=9 - _try))
    for number, who in enumerate(POOL):
        hand_over(who, len(CALLS) + number, "pool", marketer, dice, now)
    waiting = Lead.objects.filter(owner=rep, stage="CONTACTED").order_by("id")
    if promised := waiting.first():
        at = now - timedelta(hours=1)
        next_steps.plan(
            promised,
            "Promised to call back about the price",
            due_at=now - timedelta(minutes=5),
            by=rep,
            at=at,
        )
    saved_views.save_as("QUEUE", "Late, from ads", "due=late&source=paid_search&view=now", by=rep, at=now)
    saved_views.save_as(
        "LEADS", "Benelux, hot", "country=NL&hot=yes&state=open", team=cast.sales, by=cast.sales_lead, at=now
    )


def hand_over(
    who: tuple[str, str, str, str, float, int],
    number: int,
    to: User | str,
    marketer: User,
    dice: Random,
    now: datetime,
) -> Handoff:
    """So many hours ago this person asked for a price, was found sales-ready and went to sales."""
    first, last, country, city, hours, _tries = who
    at, company = now - timedelta(hours=hours, minutes=10), words.company(dice, 9_000 + number)
    captured = intake.capture(
        CapturedLead(
            contact=CapturedContact(
                first_name=first, last_name=last, email=f"{words.plain(first)}@{company.domain}", phone=f"+31 20 555 {9000 + number}",
                job_title=dice.choice(words.TITLES), language="Dutch", consent="yes (form)",
            ),
            company=CapturedCompany(name=company.name, domain=company.domain, size=240, industry="Logistics", country=country, city=city),
            source=dice.choice(["webinar", "paid_search", "referral"]), captured_at=at, title=words.FORM_TITLES["price"],
            message=dice.choice(words.MESSAGES), origin="form", facts={"requested": ["price"], "vehicles": 80 + number},
        ),
        by=None, at=at,
    )  # fmt: skip
    lead = Lead.objects.for_list().get(pk=captured.lead.pk)
    lead.qualify(by=marketer, at=at)
    for answer in ("decider", "pain"):
        judging.judge(lead, answer, "YES", dice.choice(words.DECIDERS), by=marketer, at=at)
    gate.mark_sales_ready(lead, by=marketer, at=at)
    return Handoff.send(lead, brief=words.brief(dice), to=to, by=marketer, at=at + timedelta(minutes=5))
