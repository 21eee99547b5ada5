"""What happened in the demo company over the last ten weeks, told act by act in the order in which it happened.

Each act calls one verb of the product at its own moment, so that clocks, counts and timelines come out as they would have.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random

from handoff.models import Handoff
from leads import activities, closing, deals, intake
from leads.captured import CapturedCompany, CapturedContact, CapturedLead
from leads.criteria import gate, judging
from leads.models import ActivityKind, Campaign, Lead
from sla.business_time import BusinessCalendar
from sla.sweeps import sweep
from smarketing.accounts.models import User
from smarketing.demo import handing, words
from smarketing.demo.cast import Cast

WEEKS = 10
MINUTE, HOUR = 60, 3_600
Act = Callable[[datetime], None]


@dataclass
class Story:
    """`leads` leads come in between `begins` and `now`; what would happen after `now` has not happened yet."""

    cast: Cast
    hours: BusinessCalendar
    begins: datetime
    now: datetime
    dice: Random
    acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    numbers: count[int] = field(default_factory=count)

    # Verbs

    def tell(self, leads: int) -> None:
        """Everything up to now has happened, and the sweep has looked after it every half hour of work."""
        for number in range(leads):
            self._at(self._captured_at(), lambda at, number=number: self._capture(number, at))  # type: ignore[misc]
        moment = self.begins
        while moment < self.now:
            self._at(moment, lambda at: void(sweep(at)))
            moment = self.hours.due_after(moment, 4 * HOUR)
        while self.acts:
            at, _, act = heapq.heappop(self.acts)
            act(at)

    # Mechanics

    def happens(self, moment: datetime, act: Act) -> None:
        """At that moment, if it has come."""
        self._at(moment, act)

    def _at(self, moment: datetime, act: Act) -> None:
        if moment <= self.now:
            heapq.heappush(self.acts, (moment, next(self.numbers), act))

    def _later(self, at: datetime, seconds: float, act: Act) -> None:
        """After so many seconds of work, the act happens."""
        self._at(self.hours.due_after(at, int(seconds)), act)

    def _chance(self, share: float) -> bool:
        return self.dice.random() < share

    def _captured_at(self) -> datetime:
        """More towards the end: the company grows. A few in the very last hours, so that today has work."""
        span = self.now - self.begins
        return self.begins + span * min(0.999, self.dice.random() ** 0.75)

    def _capture(self, number: int, at: datetime) -> None:
        dice = self.dice
        source = dice.choices(
            ["webinar", "paid_search", "organic_search", "referral", "trade_fair", "newsletter"],
            [22, 25, 20, 8, 15, 10],
        )[0]
        campaign = Campaign.objects.filter(source__key=source).first() if self._chance(0.7) else None
        first, last, company = dice.choice(words.FIRST), dice.choice(words.LAST), words.company(dice, number)
        good = self._chance(0.62)
        requested = (
            dice.choice([["price"], ["demo", "price"], ["demo"]]) if self._chance(0.55) else ["brochure"]
        )
        captured = intake.capture(
            CapturedLead(
                contact=CapturedContact(
                    first_name=first, last_name=last, email=f"{words.plain(first)}.{words.plain(last)}{number}@{company.domain}",
                    phone=f"+31 20 555 {number % 10_000:04d}", job_title=dice.choice(words.TITLES), language=dice.choice(["Dutch", "Dutch", "English", "French"]),
                    consent="yes (form)",
                ),
                company=CapturedCompany(
                    name=company.name, domain=company.domain, size=dice.randint(40, 900), industry="Logistics",
                    country=dice.choice(["NL", "NL", "BE", "LU"]) if good else dice.choice(["DE", "FR", "NL"]), city=dice.choice(words.CITIES),
                ),
                source=source, campaign=campaign.name if campaign else "", captured_at=at, title=words.FORM_TITLES[requested[0]],
                message=dice.choice(words.MESSAGES), origin="form",
                facts={"requested": requested, "vehicles": dice.randint(55, 400) if good else dice.randint(5, 60)},
            ),
            by=None, at=at,
        )  # fmt: skip
        lead = captured.lead
        for _visit in range(dice.randint(0, 4)):
            self._at(at + timedelta(minutes=dice.randint(1, 900)), lambda when: self._visit(lead, when))
        self._later(at, dice.uniform(0.2, 9) * HOUR, lambda when: self._judge(lead, good, when))

    def _visit(self, lead: Lead, at: datetime) -> None:
        page = self.dice.choice(words.PAGES)
        activities.log(lead, ActivityKind.VISIT, by=None, at=at, title=page)

    def _judge(self, lead: Lead, good: bool, at: datetime) -> None:
        marketer = self.dice.choice(self.cast.marketers)
        lead = _fresh(lead)
        if not good:
            if self._chance(0.6):
                closing.disqualify(lead, self.dice.choice(words.DISQUALIFIED), by=marketer, at=at)
            return
        lead.qualify(by=marketer, at=at)
        if self._chance(0.12):
            return  # still waits for an answer to a question
        judging.judge(lead, "decider", "YES", self.dice.choice(words.DECIDERS), by=marketer, at=at)
        judging.judge(
            lead,
            "pain",
            "YES" if self._chance(0.8) else "UNKNOWN",
            self.dice.choice(words.PAINS),
            by=marketer,
            at=at,
        )
        if self._chance(0.5):
            judging.judge(lead, "talk", "YES", "Asked to be called", by=marketer, at=at)
        self._later(at, self.dice.uniform(0.1, 3) * HOUR, lambda when: self._hand_over(lead, marketer, when))

    def _hand_over(self, lead: Lead, marketer: User, at: datetime) -> None:
        lead = _fresh(lead)
        try:
            gate.mark_sales_ready(lead, by=marketer, at=at)
        except gate.NotSalesReady:
            if self._chance(0.5):
                closing.recycle(lead, "Not now", by=marketer, at=at)
            return
        if self._chance(0.05):
            handing.keep_a_draft(lead, marketer, self.dice, at)
            return  # ready, not yet sent
        to = "pool" if self._chance(0.07) else "route"
        told, waived = handing.brief(self.dice)
        self._wait_for_answer(Handoff.send(lead, brief=told, waived=waived, to=to, by=marketer, at=at), at)

    def _wait_for_answer(self, handoff: Handoff, at: datetime) -> None:
        self._later(
            at,
            self.dice.choice([0.05, 0.1, 0.2, 0.3, 0.6, 1.2, 2.5]) * HOUR,
            lambda when: self._answer(handoff, when),
        )

    def _answer(self, handoff: Handoff, at: datetime) -> None:
        handoff = Handoff.objects.get(pk=handoff.pk)
        rep = handoff.receiver or self.dice.choice(self.cast.reps)
        if self._chance(0.1):
            handoff.return_("OUTSIDE_DEFINITION", self.dice.choice(words.RETURNED), by=rep, at=at)
            self._later(at, self.dice.uniform(0.5, 12) * HOUR, lambda when: self._settle(handoff, when))
            return
        if self._chance(0.08) and handoff.receiver and handoff.can_be_asked:
            handoff.ask("Who signs besides you?", by=rep, at=at)
            self._later(at, self.dice.uniform(0.3, 5) * HOUR, lambda when: self._reply(handoff, when))
            return
        handoff.accept(by=rep, at=at)
        self._later(
            at,
            self.dice.choice([0.1, 0.15, 0.2, 0.3, 0.5, 1.5, 4]) * HOUR,
            lambda when: self._call(handoff, rep, 1, when),
        )

    def _settle(self, handoff: Handoff, at: datetime) -> None:
        marketer = handoff.sender or self.cast.marketers[0]
        again = handing.deal_with_return(handoff, marketer, self.cast.manager, self.dice, at)
        if again:
            self._wait_for_answer(again, at)

    def _reply(self, handoff: Handoff, at: datetime) -> None:
        handoff = Handoff.objects.get(pk=handoff.pk)
        handoff.reply("The financial director, Ms. Aalders.", by=self.dice.choice(self.cast.marketers), at=at)
        self._later(at, 0.5 * HOUR, lambda when: self._answer(handoff, when))

    def _call(self, handoff: Handoff, rep: User, attempt: int, at: datetime) -> None:
        handoff = Handoff.objects.get(pk=handoff.pk)
        if self._chance(0.7) and handoff.receiver == rep:
            handoff.open_call_sheet(by=rep, at=at)
        spoke = self._chance(0.55)
        result = "SPOKE" if spoke else self.dice.choice(["NO_ANSWER", "VOICEMAIL"])
        handoff.log_contact(
            "CALL",
            result,
            note=self.dice.choice(words.CALLS) if spoke else "",
            by=rep,
            at=at + timedelta(minutes=5),
        )
        lead = _fresh(handoff.lead)
        if not spoke and attempt < 4:
            self._plan(lead, "Call again", at, 1)
            self._later(
                at, self.dice.uniform(5, 12) * HOUR, lambda when: self._call(handoff, rep, attempt + 1, when)
            )
        elif spoke:
            if self._chance(0.8):
                handing.check_claims(handoff, rep, self.dice, at + timedelta(minutes=8))
            self._plan(lead, "Send the proposal", at, self.dice.randint(1, 6))
            self._later(at, self.dice.uniform(4, 60) * HOUR, lambda when: self._decide(lead, rep, when))

    def _plan(self, lead: Lead, what: str, at: datetime, days: int) -> None:
        lead.plan_next_step(what, due_at=self.hours.due_after(at, days * 8 * HOUR))

    def _decide(self, lead: Lead, rep: User, at: datetime) -> None:
        lead = _fresh(lead)
        if self._chance(0.35):
            closing.disqualify(lead, self.dice.choice(words.DISQUALIFIED), by=rep, at=at)
            return
        amount = Decimal(self.dice.randint(20, 400)) * 100
        deals.open_opportunity(
            lead, amount=amount, expected_on=(at + timedelta(days=30)).date(), by=rep, at=at
        )
        self._plan(lead, "Call about the proposal", at, 3)
        self._later(at, self.dice.uniform(8, 90) * HOUR, lambda when: self._finish(lead, rep, amount, when))

    def _finish(self, lead: Lead, rep: User, amount: Decimal, at: datetime) -> None:
        lead = _fresh(lead)
        if self._chance(0.5):
            deals.win(lead, amount=amount, by=rep, at=at)
        elif self._chance(0.8):
            deals.lose(lead, self.dice.choice(words.LOST), by=rep, at=at)
        else:
            closing.recycle(lead, "Budget next year", by=rep, at=at)


def _fresh(lead: Lead) -> Lead:
    return Lead.objects.for_list().get(pk=lead.pk)


def void(_: object) -> None:
    """An act has no result."""
