"""A day in the other team's shoes: its screens in the order of a day, read only, with leads that are really there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoff import call_sheet
from handoff import rules as handoff_rules
from handoff.models import UNSETTLED, Handoff, Outcome, Return, ReturnReason, State
from leads.criteria import waiting
from leads.criteria.verdicts import Verdict, verdicts
from leads.models import CriteriaSet, Lead
from sla.chips import chip
from sla.models import Clock
from sla.queue import rows, worklist
from sla.scorecard import measuring
from smarketing.accounts.models import Side, User
from smarketing.periods import month_of

SHOWN = 5
JUDGED = 3
LOOK_BACK = timedelta(days=90)
TITLES = {
    Side.SALES: gettext_lazy("A day in the shoes of sales"),
    Side.MARKETING: gettext_lazy("A day in the shoes of marketing"),
}


@dataclass(frozen=True)
class Item:
    """One line of an hour: what it is about, what is to be known of it, where it is."""

    what: str
    about: str = ""
    url: str = ""
    chip: Any = None


@dataclass(frozen=True)
class Hour:
    """One part of the day. `words` are keys of the glossary that are explained beside it."""

    time: str
    title: str
    text: str
    words: tuple[str, ...] = ()
    items: list[Item] = field(default_factory=list)
    empty: str = ""
    url: str = ""
    act: str = ""


def day_of(side: str, *, at: datetime) -> list[Hour]:
    """The hours of this side's day, with what they really hold at the moment."""
    return _day_of_sales(at) if side == Side.SALES else _day_of_marketing(at)


# Sales


def _day_of_sales(at: datetime) -> list[Hour]:
    rep = _busiest_rep()
    lines = worklist.lines(worklist.VIEWS[0], rep, at=at)[:SHOWN] if rep else []
    return [
        Hour(
            "09:00",
            _("Who do I call next, and how long do I have?"),
            _("The queue is ordered by what is due. The countdown runs in working time, and the promise behind it is the team's."),
            ("queue", "due", "late"),
            _first_in_the_queue(lines, at),
            _("Nothing waits in anybody's queue at the moment."),
            reverse("sla:queue"),
            _("Open a queue"),
        ),
        Hour(
            "09:10",
            _("Do we take this lead?"),
            _("A rep reads the brief, then accepts, asks once, or returns the lead with a reason. An item that is missing here is a question on the phone."),
            ("hand-off", "brief", "return"),
            _waiting_for_an_answer(at),
            _("No hand-off waits for an answer."),
            reverse("handoff:list"),
            _("Open the hand-offs"),
        ),
        Hour(
            "09:20",
            _("What must I know before I dial?"),
            _("The call sheet is all that the rep has in hand at the first call: what you wrote, what is still unknown, what happened before."),
            ("call-sheet", "prepared"),
            _what_a_sheet_lacks(lines),
            _("No lead waits for its first call."),
        ),
        Hour(
            "12:00",
            _("What did we give back, and why?"),
            _("Before a contact a lead is returned, with what would make it acceptable. In the last 90 days:"),
            ("return", "disqualify"),
            _reasons_of_returns(at),
            _("Nothing was returned in the last 90 days."),
            f"{reverse('handoff:list')}?tab=returned",
            _("Read the returns"),
        ),
        Hour("17:00", _("Did we keep our promises?"), str(_PROMISES), ("promise", "clock"), _promises_of(Side.SALES, at), str(_NOTHING_PROMISED), reverse("sla:agreement"), _("Read the agreement")),
    ]  # fmt: skip


def _busiest_rep() -> User | None:
    """The colleague of sales with the most open hand-offs: a day with something in it."""
    counted = (
        Handoff.objects.open()
        .filter(receiver__isnull=False, receiver__is_active=True)
        .values("receiver")
        .annotate(number=Count("pk"))
        .order_by("-number", "receiver")
        .first()
    )
    return User.objects.filter(pk=counted["receiver"]).first() if counted else None


def _first_in_the_queue(lines: list[worklist.Line], at: datetime) -> list[Item]:
    return [
        Item(row.name, row.why or row.about, reverse("leads:detail", args=[row.id]), row.chip)
        for row in rows.load(lines, at, alone=True).rows
    ]


def _waiting_for_an_answer(at: datetime) -> list[Item]:
    handoffs = list(Handoff.objects.filter(state=State.SENT).for_list().longest_waiting_first()[:SHOWN])
    clocks = _clocks_of(handoffs, "ANSWER")
    return [
        Item(
            str(handoff.lead),
            _("from %(who)s") % {"who": handoff.sender} if handoff.sender else "",
            reverse("handoff:detail", args=[handoff.pk]),
            clocks.get(handoff.pk) and chip(clocks[handoff.pk], at),
        )
        for handoff in handoffs
    ]


def _what_a_sheet_lacks(lines: list[worklist.Line]) -> list[Item]:
    found = Lead.objects.for_list().in_bulk([line.lead_id for line in lines])
    leads = [found[line.lead_id] for line in lines if line.lead_id in found]
    missing = call_sheet.left_empty(leads)
    return [
        Item(str(lead), _unknowns(missing.get(lead.pk, [])), reverse("handoff:call_sheet", args=[lead.pk]))
        for lead in leads
    ]


def _unknowns(missing: list[str]) -> str:
    if not missing:
        return _("The brief is complete.")
    return _("Not given: %(items)s.") % {"items": ", ".join(missing)}


def _reasons_of_returns(at: datetime) -> list[Item]:
    counted = (
        Return.objects.filter(returned_at__gte=at - LOOK_BACK)
        .values("reason")
        .annotate(number=Count("pk"))
        .order_by("-number", "reason")[:SHOWN]
    )
    return [Item(str(ReturnReason(row["reason"]).label), str(row["number"])) for row in counted]


# Marketing


def _day_of_marketing(at: datetime) -> list[Hour]:
    criteria = CriteriaSet.objects.in_force()
    leads = list(waiting.in_order(waiting.leads_waiting(), waiting.Order.NEWEST).for_list()[:SHOWN])
    return [
        Hour(
            "09:00",
            _("What came in?"),
            _("Every lead begins here. Most never reach sales: that is the work you do not see."),
            ("lead", "qualified"),
            _newest_waiting(leads),
            _("No lead waits to be judged."),
            reverse("leads:qualify_list"),
            _("Open what waits"),
        ),
        Hour(
            "09:30",
            _("Is it ready for sales?"),
            _("Both teams agreed on the criteria. Each is answered yes, no or unknown, with what it is based on; unknown must-haves are found out before the lead is handed over."),
            ("criterion", "judgement", "sales-ready"),
            _what_is_unknown(leads[:JUDGED], criteria, at),
            _("There are no criteria in force, or no lead waits."),
            reverse("leads:criteria"),
            _("Read the criteria"),
        ),
        Hour(
            "11:00",
            _("What must sales know?"),
            _("The agreement demands these in every brief. What you confirm or deny after your first conversation tells marketing how right they were."),
            ("brief", "hand-off"),
            [
                Item(item["label"], item.get("hint") or (_("demanded") if item.get("required") else ""))
                for item in handoff_rules.in_force(at).brief_items
            ],
            _("No brief is demanded."),
        ),
        Hour(
            "14:00",
            _("What came back?"),
            _("A return or a question is a duty of marketing with a clock of its own."),
            ("return", "question"),
            _what_came_back(at),
            _("Nothing waits for marketing's answer."),
            reverse("handoff:list"),
            _("Open the hand-offs"),
        ),
        Hour(
            "16:00",
            _("What became of it?"),
            _("Of what was handed over in the last 90 days:"),
            ("opportunity", "customer"),
            _what_became(at),
            _("Nothing was handed over in the last 90 days."),
            reverse("dashboard:dashboard"),
            _("Open the dashboard"),
        ),
        Hour("17:00", _("Did we keep our promises?"), str(_PROMISES), ("promise", "clock"), _promises_of(Side.MARKETING, at), str(_NOTHING_PROMISED), reverse("sla:agreement"), _("Read the agreement")),
    ]  # fmt: skip


def _newest_waiting(leads: list[Lead]) -> list[Item]:
    return [
        Item(str(lead), str(lead.source or ""), reverse("leads:qualify", args=[lead.pk])) for lead in leads
    ]


def _what_is_unknown(leads: list[Lead], criteria: CriteriaSet | None, at: datetime) -> list[Item]:
    if criteria is None:
        return []
    return [
        Item(str(lead), _said(judged), reverse("leads:qualify", args=[lead.pk]))
        for lead, judged in zip(leads, verdicts(leads, criteria, at=at), strict=True)
    ]


def _said(judged: Verdict) -> str:
    return _("Ready.") if judged.sales_ready else "; ".join(map(str, judged.reasons))


def _what_came_back(at: datetime) -> list[Item]:
    returns = Return.objects.filter(state__in=UNSETTLED).select_related("handoff__lead__contact", "handoff__lead__company").order_by("returned_at")[:SHOWN]  # fmt: skip
    asked = list(Handoff.objects.filter(state=State.ASKED).for_list().order_by("asked_at")[:SHOWN])
    clocks = _clocks_of([returned.handoff for returned in returns], "RETURN") | _clocks_of(asked, "QUESTION")
    found = [(returned.handoff, str(ReturnReason(returned.reason).label)) for returned in returns]
    found += [(handoff, handoff.question) for handoff in asked]
    return [
        Item(
            str(handoff.lead),
            words,
            reverse("handoff:detail", args=[handoff.pk]),
            clocks.get(handoff.pk) and chip(clocks[handoff.pk], at),
        )
        for handoff, words in found[:SHOWN]
    ]


def _what_became(at: datetime) -> list[Item]:
    sent = Handoff.objects.standing().filter(sent_at__gte=at - LOOK_BACK, sent_at__lte=at)
    counts = sent.aggregate(
        all=Count("pk"),
        accepted=Count("accepted_at"),
        reached=Count("first_conversation_at"),
        returned=Count("returned_at"),
        won=Count("pk", filter=Q(outcome=Outcome.WON)),
    )
    if not counts["all"]:
        return []
    names = [
        ("all", _("Handed over")),
        ("accepted", _("Accepted")),
        ("reached", _("Spoken with")),
        ("returned", _("Returned")),
        ("won", _("Customer")),
    ]
    return [Item(name, str(counts[key])) for key, name in names]


# Both

_PROMISES = gettext_lazy("The same figures stand on both teams' screens. This month so far:")
_NOTHING_PROMISED = gettext_lazy("No agreement is in force yet.")


def _promises_of(side: str, at: datetime) -> list[Item]:
    return [
        Item(
            kept.sentence,
            " · ".join(filter(None, [kept.said, str(kept.words)])),
            kept.url or reverse("sla:agreement"),
        )
        for kept in measuring.of_month(month_of(timezone.localdate(at)), at=at)
        if kept.owner == side
    ]


def _clocks_of(handoffs: list[Handoff], measure: str) -> dict[int, Clock]:
    rows_of_it = Clock.objects.with_all_for_chips().open().filter(handoff__in=handoffs, measure=measure)
    return {clock.handoff_id: clock for clock in rows_of_it}
