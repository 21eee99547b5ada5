"""Marketing delivers a lead: the brief, the verdict and the rules are copied, so that later edits never judge an old hand-off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from handoff import capacity, errors, returning, routing, rules, signals
from handoff.models import (
    LONGEST_WAIVER,
    OPEN_STATES,
    BriefDraft,
    BriefItem,
    Handoff,
    HandoffRules,
    Return,
    RoutingDecision,
    Way,
)
from leads import undoing
from leads.criteria.known_facts import facts_of
from leads.criteria.rules import evaluate
from leads.models import Answer, Lead, Stage
from smarketing.accounts.models import Side, User

if TYPE_CHECKING:
    from smarketing.accounts.models import Team

ROUTE, POOL = "route", "pool"


@undoing.can_be_undone("HAND_OVER", _("Handed over"))
@transaction.atomic
def send(
    lead: Lead,
    *,
    brief: dict[str, str],
    waived: dict[str, str] | None = None,
    to: User | str,
    team: Team | None,
    by: User | None,
    at: datetime,
) -> Handoff:
    """One open hand-off with its brief, its event and its signal. `Handoff.send` is the name by which others call it."""
    lead = (
        Lead.objects.select_for_update(no_key=True, of=("self",))
        .select_related("contact", "company", "source", "campaign")
        .get(pk=lead.pk)
    )
    earlier = list(lead.handoffs.order_by("cycle").values_list("pk", "cycle", "state"))
    returned = returning.unsettled(lead) if earlier else None
    _refuse_unless_ready(lead, earlier, returned)
    agreed = rules.in_force(at)
    waived = waived or {}
    _refuse_incomplete(brief, waived, agreed)
    cycle = earlier[-1][1] + 1 if earlier else 1
    hot = is_hot(lead, agreed.hot_rule, at=at)
    qualification = lead.qualifications.order_by("-id").first()
    staff = routing.staff(at) if to == ROUTE or agreed.capacity_per_month is not None else None
    room = capacity.room_this_week(agreed, at=at, known=staff)
    found = _find_receiver(
        to, team, lead=lead, rules=agreed, staff=staff, at=at
    )  # last: it keeps others waiting
    handoff = Handoff.objects.create(
        lead=lead,
        cycle=cycle,
        hot=hot,
        rules=agreed,
        qualification=qualification,
        sender=by,
        sent_at=at,
        receiving_team=found.team,
        receiver=found.receiver,
        received_at=at if found.receiver else None,
        routed_because=found.because[:300],
    )
    _write_brief(handoff, brief, waived)
    if returned:
        returning.settle_by_sending(returned, by=by, at=at)
    BriefDraft.objects.filter(lead=lead).delete()
    if handoff.hot:
        lead.mark_hot(at=at)
    handoff.events.create(
        kind="SENT", happened_at=at, actor=by, receiver=found.receiver, note=found.because[:500]
    )
    _record_decision(handoff, found, room, at=at)
    signals.handoff_sent.send(sender=Handoff, handoff=handoff, at=at)
    if found.way == Way.ROUTED and found.receiver is None:
        signals.nobody_free.send(sender=Handoff, handoff=handoff, at=at, because=found.because)
    return handoff


def _refuse_unless_ready(
    lead: Lead, earlier: Sequence[tuple[int, int, str]], returned: Return | None
) -> None:
    open_now = [pk for pk, _cycle, state in earlier if state in OPEN_STATES]
    if open_now:
        standing = lead.handoffs.get(pk=open_now[0])
        latest = standing.events.select_related("actor").order_by("-id").first()
        raise errors.AlreadyHandedOver(standing, latest)
    if returned and returned.is_contested:
        raise errors.ContestOpen(returned.handoff)
    if lead.stage != Stage.SQL:
        raise errors.LeadNotSalesReady(lead)


def _refuse_incomplete(brief: dict[str, str], waived: dict[str, str], agreed: HandoffRules) -> None:
    words, missing = agreed.refusals(brief, waived)
    if words:
        raise errors.BriefIncomplete(words, missing)


@dataclass(frozen=True)
class Found:
    """Who receives it and how he was found."""

    team: Team
    receiver: User | None
    way: str
    because: str = ""
    choice: routing.Choice | None = None


def _find_receiver(
    to: User | str,
    team: Team | None,
    *,
    lead: Lead,
    rules: HandoffRules,
    staff: routing.Staff | None,
    at: datetime,
) -> Found:
    person = to if isinstance(to, User) else None
    team = team or routing.receiving_team(person)
    if team is None or (person and not (person.is_active and person.works_for(Side.SALES))):
        raise errors.CannotReceive(person)
    if person:
        return Found(team, person, Way.NAMED)
    if to == POOL:
        return Found(team, None, Way.POOL)
    choice = routing.choose_receiver(team, at=at, lead=lead, rules=rules, staff=staff)
    return Found(choice.team, choice.user, Way.ROUTED, choice.because, choice)


def _record_decision(handoff: Handoff, found: Found, room: int | None, *, at: datetime) -> None:
    RoutingDecision.objects.create(
        handoff=handoff,
        way=found.way,
        decided_at=at,
        because=found.because[:300],
        candidates=found.choice.candidates() if found.choice else [],
        could_take=room,
        went_over=room is not None and room < 1,
    )


def is_hot(lead: Lead, hot_rule: dict[str, Any] | None, *, at: datetime) -> bool:
    """The agreement's hot rule holds for what is known now. An unknown answer is not a yes."""
    return evaluate(hot_rule, facts_of(lead), at=at) == Answer.YES if hot_rule else False


def _write_brief(handoff: Handoff, brief: dict[str, str], waived: dict[str, str]) -> None:
    """A reason stands only where a demanded item has no text."""
    items = []
    for position, item in enumerate(handoff.rules.brief_items):
        text, required = brief.get(item["key"], "").strip(), bool(item.get("required"))
        reason = "" if text or not required else waived.get(item["key"], "").strip()
        items.append(
            BriefItem(
                handoff=handoff,
                key=item["key"],
                label=item["label"],
                text=text,
                required=required,
                waived_reason=reason[:LONGEST_WAIVER],
                position=position,
            )
        )
    BriefItem.objects.bulk_create(items)
