"""Who hears of what happens to a hand-off. Signals go up inside the verb's transaction: whoever is told is told of something that is so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from handoff import signals
from handoff.models import Coffee, Handoff, Message, Settlement
from sla.models import Agreement, ClockEvent, Dispute, NoticeKind, Recompute, Signature
from sla.notices import announce, asked_to_sign
from smarketing.accounts.models import Role, Side, User


@receiver(signals.handoff_sent)
def tell_the_receiver(handoff: Handoff, at: datetime, **_: Any) -> None:
    """Without a receiver it is in the pool, which the queue shows to all."""
    announce(
        NoticeKind.HANDED_OVER,
        recipients=[handoff.receiver],
        key=f"handoff:{handoff.pk}:sent",
        at=at,
        by=handoff.sender,
        handoff=handoff,
    )


@receiver(signals.handoff_received)
def tell_who_has_it_now(handoff: Handoff, at: datetime, receiver: User | None, **more: Any) -> None:
    """A lead that changes hands is told to both: who gets it and who had it. Who claimed it himself knows."""
    latest = handoff.events.select_related("actor").order_by("-id").first()
    actor, key = (latest.actor, latest.pk) if latest else (None, 0)
    announce(
        NoticeKind.PASSED_ON,
        recipients=[receiver],
        key=f"handoff:{handoff.pk}:received:{key}",
        at=at,
        by=actor,
        handoff=handoff,
    )
    announce(
        NoticeKind.TAKEN_AWAY,
        recipients=[more.get("previous")],
        key=f"handoff:{handoff.pk}:left:{key}",
        at=at,
        by=actor,
        handoff=handoff,
    )


@receiver(signals.handoff_returned)
def tell_the_sender_of_the_return(handoff: Handoff, at: datetime, by: User | None = None, **_: Any) -> None:
    """The reason stands in the hand-off; here it is named by its kind."""
    announce(
        NoticeKind.RETURNED,
        recipients=[handoff.sender],
        key=_key_of_the_return(handoff, "returned"),
        at=at,
        by=by,
        handoff=handoff,
    )


@receiver(signals.information_asked)
def tell_the_sender_of_the_question(handoff: Handoff, at: datetime, by: User | None = None, **_: Any) -> None:
    announce(
        NoticeKind.ASKED,
        recipients=[handoff.sender],
        key=_key_of_the_event(handoff, "asked"),
        at=at,
        by=by,
        handoff=handoff,
    )


@receiver(signals.information_given)
def tell_the_receiver_of_the_answer(handoff: Handoff, at: datetime, by: User | None = None, **_: Any) -> None:
    """Also sent when sales accepts without waiting for the answer: then there is nothing to tell."""
    if handoff.replied_at == at:
        announce(
            NoticeKind.ANSWERED,
            recipients=[handoff.receiver],
            key=_key_of_the_event(handoff, "replied"),
            at=at,
            by=by,
            handoff=handoff,
        )


@receiver(signals.return_settled)
def tell_who_decides(handoff: Handoff, at: datetime, how: str, by: User | None = None, **_: Any) -> None:
    """A contest waits for the team leads of both sides."""
    if how == Settlement.CONTESTED:
        leaders = [user for user in User.objects.active().select_related("team") if user.leads_a_team]
        announce(
            NoticeKind.CONTESTED,
            recipients=leaders,
            key=_key_of_the_event(handoff, "contested"),
            at=at,
            by=by,
            handoff=handoff,
        )


@receiver(signals.contest_decided)
def tell_both_what_was_decided(handoff: Handoff, at: datetime, by: User | None = None, **_: Any) -> None:
    announce(
        NoticeKind.DECIDED,
        recipients=[handoff.sender, handoff.receiver],
        key=_key_of_the_return(handoff, "decided"),
        at=at,
        by=by,
        handoff=handoff,
    )


@receiver(signals.return_settled)
def tell_who_returned_it(handoff: Handoff, at: datetime, how: str, by: User | None = None, **_: Any) -> None:
    announce(
        NoticeKind.SETTLED,
        recipients=[handoff.receiver],
        key=_key_of_the_return(handoff, f"settled:{how.lower()}"),
        at=at,
        by=by,
        handoff=handoff,
    )


@receiver(signals.handoff_closed)
def tell_the_sender_of_the_outcome(handoff: Handoff, at: datetime, **_: Any) -> None:
    """He need not ask what became of it. Who closed it is who wrote the event."""
    closed = handoff.events.select_related("actor").filter(kind="CLOSED").order_by("-id").first()
    announce(
        NoticeKind.OUTCOME,
        recipients=[handoff.sender],
        key=f"handoff:{handoff.pk}:closed:{closed.pk if closed else 0}",
        at=at,
        by=closed.actor if closed else None,
        handoff=handoff,
    )


@receiver(signals.nobody_free)
def tell_the_team_lead_that_it_waits(handoff: Handoff, at: datetime, **_: Any) -> None:
    """Routing found nobody. Without a team lead of that team, those who lead sales hear it."""
    leads = User.objects.active().filter(role=Role.TEAM_LEAD)
    ours = list(leads.filter(team=handoff.receiving_team_id))
    announce(
        NoticeKind.POOL_WAITING,
        recipients=ours or leads.on_side(Side.SALES),
        key=f"handoff:{handoff.pk}:nobody-free",
        at=at,
        by=handoff.sender,
        handoff=handoff,
    )


@receiver(signals.message_written)
def tell_who_is_mentioned(message: Message, at: datetime, **_: Any) -> None:
    """The words stay under the hand-off."""
    announce(
        NoticeKind.MENTIONED,
        recipients=message.mentions.all(),
        key=f"message:{message.pk}",
        at=at,
        by=message.author,
        handoff=message.handoff,
    )


@receiver(signals.coffee_proposed)
def tell_who_is_asked_for_a_coffee(coffee: Coffee, at: datetime, **_: Any) -> None:
    announce(
        NoticeKind.COFFEE,
        recipients=[coffee.invitee],
        key=f"coffee:{coffee.pk}:proposed",
        at=at,
        by=coffee.proposer,
        handoff=coffee.handoff,
    )


@receiver(signals.coffee_answered)
def tell_what_became_of_the_coffee(coffee: Coffee, at: datetime, by: User | None = None, **_: Any) -> None:
    """The invitation itself goes by mail to both, with its calendar entry."""
    announce(
        NoticeKind.COFFEE,
        recipients=[coffee.proposer, coffee.invitee],
        key=f"coffee:{coffee.pk}:{coffee.state.lower()}:{coffee.sequence}",
        at=at,
        by=by,
        handoff=coffee.handoff,
    )


# What happens to a hand-off may happen again, after an undo or an upheld contest: then it is told again.


def _key_of_the_event(handoff: Handoff, kind: str) -> str:
    latest = handoff.events.filter(kind=kind.upper()).order_by("-id").values_list("pk", flat=True).first()
    return f"handoff:{handoff.pk}:{kind}:{latest}"


def _key_of_the_return(handoff: Handoff, what: str) -> str:
    latest = handoff.returns.order_by("-id").values_list("pk", flat=True).first()
    return f"return:{latest}:{what}"


# The agreement


def tell_who_signs(proposal: Agreement, *, by: User, at: datetime) -> None:
    """Whoever may sign for a side that the proposer cannot sign for himself hears that it waits for him, once.

    Who could sign for either side signs for one of them, so then those of both hear it.
    """
    signers = {side: Agreement.objects.signers(side) for side in Side}
    own = [
        side
        for side, people in signers.items()
        if by in people and not proposal.is_other_side_of_proposer(by, side)
    ]
    announce(
        NoticeKind.TO_SIGN,
        recipients=[person for side, people in signers.items() if own != [side] for person in people],
        key=asked_to_sign(proposal),
        at=at,
        by=by,
        text=str(proposal),
    )


def tell_of_the_signature(signature: Signature, proposal: Agreement, *, at: datetime) -> None:
    announce(
        NoticeKind.SIGNED,
        recipients=_concerned(proposal),
        key=f"agreement:{proposal.pk}:signed:{signature.side.lower()}",
        at=at,
        by=signature.signed_by,
        text=str(proposal),
    )


def tell_of_the_withdrawal(proposal: Agreement, *, by: User, at: datetime) -> None:
    announce(
        NoticeKind.SENT_BACK,
        recipients=_concerned(proposal),
        key=f"agreement:{proposal.pk}:withdrawn",
        at=at,
        by=by,
        text=str(proposal),
    )


def _concerned(proposal: Agreement) -> list[User | None]:
    """Who proposed it, and whoever has signed it already."""
    signed = proposal.signatures.select_related("signed_by").order_by("id")
    return [proposal.proposed_by, *(signature.signed_by for signature in signed)]


# Clocks


def tell_of_the_pause(handoff: Handoff, event: ClockEvent, *, by: User, at: datetime) -> None:
    """The sender hears why nobody calls yet."""
    announce(
        NoticeKind.PAUSED,
        recipients=[handoff.sender],
        key=f"clock-event:{event.pk}",
        at=at,
        by=by,
        clock=event.clock,
    )


def tell_of_the_dispute(raised: Dispute, *, at: datetime) -> None:
    """Those who may answer it, and who holds the clock."""
    deciding = [person for person in User.objects.active() if person.decides_for(raised.answering_side)]
    announce(
        NoticeKind.DISPUTE,
        recipients=[*deciding, raised.clock.holder],
        key=f"dispute:{raised.pk}:raised",
        at=at,
        by=raised.raised_by,
        clock=raised.clock,
    )


def tell_of_the_answer(raised: Dispute, *, at: datetime) -> None:
    announce(
        NoticeKind.DISPUTE_OVER,
        recipients=[raised.raised_by, raised.clock.holder],
        key=f"dispute:{raised.pk}:answered",
        at=at,
        by=raised.answered_by,
        clock=raised.clock,
    )


def tell_of_the_recompute(run: Recompute, *, at: datetime) -> None:
    """Those who lead a team hear how many clocks moved."""
    leading = [person for person in User.objects.active() if person.leads_a_team]
    announce(
        NoticeKind.RECOMPUTED,
        recipients=leading,
        key=f"recompute:{run.pk}",
        at=at,
        by=run.confirmed_by,
        text=str(run.moved),
    )
