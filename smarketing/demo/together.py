"""How the demo's two teams work together today: rules of routing, a few leads in the pool, a conversation, a coffee."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from handoff import pool
from handoff.conversation import coffee, talking
from handoff.models import BEFORE_CONTACT, Handoff
from handoff.routing import managing
from leads.models import Lead, Stage
from sla.business_time import BusinessCalendar
from smarketing.demo import words
from smarketing.demo.cast import Cast

IN_POOL = 3
HOUR = 3_600


def agree_on_routes(cast: Cast, at: datetime) -> None:
    """French goes to who speaks it, the largest companies to the team lead."""
    managing.add(people=[cast.reps[2]], languages="French", by=cast.sales_lead, at=at)
    managing.add(people=[cast.sales_lead], size_from=850, by=cast.sales_lead, at=at)


def fill_the_pool(cast: Cast, dice: Random, now: datetime) -> None:
    """What is ready and was never sent goes to the pool; one colleague has let the first one pass."""
    ready = Lead.objects.filter(stage=Stage.SQL, handoffs=None)
    for number, lead in enumerate(ready.order_by("sql_at", "id")[:IN_POOL]):
        at = now - timedelta(minutes=50 - 10 * number)
        Handoff.send(lead, brief=words.brief(dice), to="pool", by=cast.marketers[1], at=at)
    offered = pool.pull(by=cast.reps[1], at=now - timedelta(minutes=15))
    if offered:
        pool.skip(offered, "LANGUAGE", by=cast.reps[1], at=now - timedelta(minutes=13))


def talk(cast: Cast, hours: BusinessCalendar, now: datetime) -> None:
    """Under the latest hand-off that waits for a call: two messages, one with a mention, and a coffee that is proposed."""
    waiting = Handoff.objects.filter(state__in=BEFORE_CONTACT, receiver__isnull=False, sender__isnull=False)
    latest = waiting.latest_first().select_related("sender__team", "receiver__team").first()
    handoff = latest or Handoff.objects.filter(receiver__isnull=False).latest_first().first()
    if handoff is None or handoff.sender is None or handoff.receiver is None:
        return
    sender, receiver = handoff.sender, handoff.receiver
    talking.write(
        handoff,
        f"@{receiver} the budget question came up twice in the webinar. Start there?",
        by=sender,
        at=max(handoff.sent_at + timedelta(minutes=2), now - timedelta(minutes=35)),
    )
    talking.write(
        handoff,
        "Good. Do we know who else compares offers?",
        mention=[sender],
        by=receiver,
        at=max(handoff.sent_at + timedelta(minutes=5), now - timedelta(minutes=20)),
    )
    morning = hours.due_after(now, 4 * HOUR)
    times = [morning, hours.due_after(morning, 4 * HOUR)]
    coffee.propose(handoff, times, minutes=15, by=sender, at=now - timedelta(minutes=5))
