"""What the demo company does around a hand-off: what a brief leaves out, what becomes of a return, what turns out of the claims."""

from __future__ import annotations

from datetime import datetime
from random import Random

from handoff import claims, drafting, returning, rules
from handoff.models import BriefTemplate, Handoff
from leads import closing
from leads.models import Lead, Source
from smarketing.accounts.models import User
from smarketing.demo import words

WAIVED = [
    "Would only tell it to the person who calls",
    "The form did not ask, and he does not answer his mail",
]
CONTESTED = [
    "60 vehicles with the daughter included: see the second form",
    "He signs himself; he wrote so on Monday",
]
FOUND = ["CONFIRMED", "DENIED", "UNKNOWN"]


def brief(dice: Random) -> tuple[dict[str, str], dict[str, str]]:
    """What is told, and why something demanded is not."""
    told = words.brief(dice)
    if dice.random() > 0.06:
        return told, {}
    told.pop("wants", None)
    return told, {"wants": dice.choice(WAIVED)}


def keep_a_draft(lead: Lead, marketer: User, dice: Random, at: datetime) -> None:
    """Somebody began the brief and was called away."""
    texts = dict(list(words.brief(dice).items())[:2])
    drafting.keep(lead, rules.in_force(at), texts=texts, waived={}, by=marketer, at=at)


def deal_with_return(
    handoff: Handoff, marketer: User, manager: User, dice: Random, at: datetime
) -> Handoff | None:
    """Sent again with a better brief (that one is given back), contested, let go, or still to be done."""
    handoff = Handoff.objects.select_related("lead").get(pk=handoff.pk)
    returned = returning.unsettled(handoff.lead)
    chance = dice.random()
    if returned is None or not returned.can_be_contested or chance < 0.2:
        return None
    if chance < 0.35:
        closing.recycle(handoff.lead, "Fleet grows next year", by=marketer, at=at)
    elif chance < 0.55:
        handoff.contest(dice.choice(CONTESTED), by=marketer, at=at)
        if dice.random() < 0.7:
            returning.decide(handoff, upheld=False, words="Counted the vehicles: 31", by=manager, at=at)
    else:
        told, waived = brief(dice)
        told["careful"] = f"Was returned once: {handoff.return_note}"
        return Handoff.send(handoff.lead, brief=told, waived=waived, to="route", by=marketer, at=at)
    return None


def check_claims(handoff: Handoff, rep: User, dice: Random, at: datetime) -> None:
    handoff = Handoff.objects.select_related("qualification").get(pk=handoff.pk)
    found = {claim.id: dice.choices(FOUND, [68, 14, 18])[0] for claim in claims.of(handoff)}
    if found:
        claims.check(handoff, found, by=rep, at=at)


def templates(marketer: User, at: datetime) -> None:
    texts = {
        "webinar": ("After the webinar", {"why_now": "Was at the webinar until the end and asked: "}),
        "trade_fair": ("Met at the fair", {"why_now": "Spoke with us at the stand about ", "promise": "We call within two days"}),
    }  # fmt: skip
    for key, (name, kept) in texts.items():
        source = Source.objects.filter(key=key).first()
        if source:
            BriefTemplate.objects.create(
                name=name, source=source, texts=kept, changed_by=marketer, changed_at=at
            )
