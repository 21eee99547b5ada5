"""What was kept of the hand-offs of some days, as the judge takes it: a handful of queries, however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from handoff.models import BriefItem, Handoff
from leads.criteria import rules
from sla.models import Agreement, Clock, ClockState, Pause
from sla.what_if.judging import KEPT, MISSED, NO_CASE, PastClock, PastHandoff

COLUMNS = [
    "pk", "sent_at", "lead__source__key", "hot_now", "accepted_at", "returned_at", "first_attempt_at", "first_conversation_at", "closed_at", "asked_at",
    "replied_at", "was_complete", "complete",
]  # fmt: skip
AT_ONCE = 2_000


def handoffs_sent(since: datetime, until: datetime) -> QuerySet[Handoff]:
    return Handoff.objects.filter(sent_at__gte=since, sent_at__lt=until)


def read(
    agreement: Agreement, former: Agreement | None, since: datetime, until: datetime, *, at: datetime
) -> Iterator[PastHandoff]:
    """The hand-offs sent in [since, until), with their clocks, hot and complete as `agreement` would have it."""
    clocks = _clocks(since, until, at)
    sent = handoffs_sent(since, until).annotate(
        hot_now=_hot(agreement, former, at), was_complete=~_lacking(), complete=_complete(agreement, former)
    )
    for row in sent.values_list(*COLUMNS).iterator(chunk_size=AT_ONCE):
        pk, sent_at, source, hot, accepted, returned, attempt, talk, closed, asked, replied, was, now = row
        yield PastHandoff(
            pk, sent_at, source or "", bool(hot), accepted, returned, attempt, talk, closed,
            (asked, replied) if asked and replied else None, was, now, clocks.get(pk, {}),
        )  # fmt: skip


def _clocks(since: datetime, until: datetime, at: datetime) -> dict[int, dict[str, PastClock]]:
    """By hand-off and measure. Met and missed are those of the lists."""
    clocks = Clock.objects.filter(handoff__sent_at__gte=since, handoff__sent_at__lt=until)
    counted = clocks.counted()
    outcome = dict.fromkeys(counted.missed(at).values_list("pk", flat=True), MISSED)
    outcome |= dict.fromkeys(counted.met().values_list("pk", flat=True), KEPT)
    pauses: dict[int, list[Any]] = defaultdict(list)
    for clock, begin, end in Pause.objects.filter(
        clock__handoff__sent_at__gte=since, clock__handoff__sent_at__lt=until
    ).values_list("clock_id", "from_at", "to_at"):
        pauses[clock].append((begin, end))
    found: dict[int, dict[str, PastClock]] = defaultdict(dict)
    for pk, handoff, measure, started, stopped, state, disputed, counts in clocks.values_list(
        "pk", "handoff_id", "measure", "started_at", "stopped_at", "state", "disputed_at", "agreement__contact_counts"
    ).iterator(chunk_size=AT_ONCE):  # fmt: skip
        spans = pauses.get(pk, ())
        found[handoff][measure] = PastClock(
            measure,
            outcome.get(pk, NO_CASE),
            started,
            stopped,
            tuple((begin, end) for begin, end in spans if end),
            next((begin for begin, end in spans if not end), None) if state == ClockState.PAUSED else None,
            counts == "CONVERSATION",
            is_cancelled=state == ClockState.CANCELLED,
            stands_apart=disputed is not None or state == ClockState.VOID,
        )
    return found


def _hot(agreement: Agreement, former: Agreement | None, at: datetime) -> Any:
    """As it was when it was sent, while the rule stays; under a new rule by what is known of the lead today."""
    if former and agreement.hot_rule == former.hot_rule:
        return F("hot")
    if not agreement.hot_rule:
        return Value(False)
    holds = rules.condition(agreement.hot_rule, at=at, prefix="lead__")
    return Case(When(holds, then=Value(True)), default=Value(False), output_field=BooleanField())


def _lacking() -> Exists:
    return Exists(BriefItem.objects.filter(handoff=OuterRef("pk"), required=True, text=""))


def _complete(agreement: Agreement, former: Agreement | None) -> Any:
    """Whether every item that the new text demands was told."""
    demanded = demanded_items(agreement)
    if former and demanded == demanded_items(former):
        return ~_lacking()
    told = (
        BriefItem.objects.filter(handoff=OuterRef("pk"), key__in=demanded)
        .exclude(text="")
        .order_by()
        .values("handoff")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return GreaterThanOrEqual(Coalesce(Subquery(told), 0), len(demanded))


def demanded_items(agreement: Agreement) -> set[str]:
    return {item["key"] for item in agreement.brief_items if item.get("required")}
