"""What was kept of the hand-offs of some days, as the judge takes it: two queries for all of them, and those whose pauses are walked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from handoff.models import BriefItem, Handoff
from leads.criteria import rules
from sla import business_time
from sla.models import Agreement, Clock, ClockState, Pause

SENT = [
    "pk", "sent_at", "lead__source__key", "hot_now", "accepted_at", "returned_at", "first_attempt_at", "first_conversation_at", "closed_at",
    "was_complete", "complete",
]  # fmt: skip
CLOCKS = [
    "handoff_id", "measure", "outcome", "started_at", "stopped_at", "paused_since", "agreement_id", "is_cancelled", "stands_apart",
]  # fmt: skip


def handoffs_sent(since: datetime, until: datetime) -> QuerySet[Handoff]:
    return Handoff.objects.filter(sent_at__gte=since, sent_at__lt=until)


def clocks_of(since: datetime, until: datetime) -> Any:
    """Of several returns of one hand-off the latest is the case."""
    later = Clock.objects.filter(
        handoff=OuterRef("handoff"), measure=OuterRef("measure"), round__gt=1
    ).filter(round__gt=OuterRef("round"))
    return Clock.objects.filter(~Exists(later), handoff__sent_at__gte=since, handoff__sent_at__lt=until)


def sent(
    agreement: Agreement, former: Agreement | None, since: datetime, until: datetime, *, at: datetime
) -> QuerySet[Any, Any]:
    """The hand-offs sent in [since, until), hot and complete as `agreement` would have it; rows of SENT."""
    found = handoffs_sent(since, until).annotate(
        hot_now=_hot(agreement, former, at), was_complete=~_lacking(), complete=_complete(agreement, former)
    )
    return found.values_list(*SENT)


def clocks(since: datetime, until: datetime, *, at: datetime) -> QuerySet[Any, Any]:
    """Their clocks as they were measured: met and missed are those of the lists; rows of CLOCKS."""
    standing = Pause.objects.filter(clock=OuterRef("pk"), to_at=None)
    found: QuerySet[Any, Any] = (
        clocks_of(since, until)
        .with_outcome(at)
        .annotate(
            paused_since=Case(
                When(
                    state=ClockState.PAUSED,
                    then=Subquery(standing.order_by().values("clock").annotate(m=Min("from_at")).values("m")),
                )
            ),
            is_cancelled=Q(state=ClockState.CANCELLED),
            stands_apart=Q(disputed_at__isnull=False) | Q(state=ClockState.VOID),
        )
    )
    return found.values_list(*CLOCKS)


def earliest_start(since: datetime, until: datetime) -> datetime:
    """Of their clocks: one that took over the time of another lead began before its hand-off."""
    first: datetime | None = clocks_of(since, until).aggregate(first=Min("started_at"))["first"]
    return min(since, first or since)


def paused(
    since: datetime, until: datetime
) -> Iterator[tuple[int, str, datetime, list[business_time.Pause]]]:
    """Clocks that stood still for a while: hand-off, measure, start and the pauses that are over."""
    found: dict[tuple[int, str, datetime], list[business_time.Pause]] = defaultdict(list)
    over = Pause.objects.filter(clock__in=clocks_of(since, until), to_at__isnull=False)
    for handoff, measure, start, begin, end in over.values_list(
        "clock__handoff_id", "clock__measure", "clock__started_at", "from_at", "to_at"
    ):
        assert end
        found[handoff, measure, start].append((begin, end))
    for (handoff, measure, start), spans in found.items():
        yield handoff, measure, start, spans


def asked_without_clock(
    measure: str, since: datetime, until: datetime
) -> Iterator[tuple[int, str, datetime, list[business_time.Pause]]]:
    """The same for hand-offs on which this was not measured: the time until marketing replied would not have counted."""
    measured = Clock.objects.filter(handoff=OuterRef("pk"), measure=measure)
    asked = handoffs_sent(since, until).filter(
        ~Exists(measured), asked_at__isnull=False, replied_at__isnull=False
    )
    for pk, start, begin, end in asked.values_list("pk", "sent_at", "asked_at", "replied_at"):
        assert begin
        assert end
        yield pk, measure, start, [(begin, end)]


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
