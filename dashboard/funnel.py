"""How far leads come. Two questions with two names:

- by cohort: of the leads captured in the period, how many have come at least this far so far;
- by activity: how many leads entered the stage in the period, whenever they were captured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from django.utils.translation import gettext as _

from dashboard import counting, medians
from dashboard.models import OF_ACTIVITY, OF_COHORT
from leads.filters import address
from leads.models import MAIN_LINE, Campaign, Source, Stage
from smarketing.accounts.models import Side
from smarketing.periods import Period, month_of
from smarketing.prepared import Prepared
from smarketing.words import locale

COHORT, ACTIVITY = "cohort", "activity"
GROUPS = ["source", "campaign", "month"]
HANDED_OVER = MAIN_LINE.index(Stage.ACCEPTED)  # from here on the lead is with sales


@dataclass(frozen=True)
class Step:
    """One stage: `share_of_all` of the first step, `share` of the one before (0 to 1, None without any), `url` to exactly these leads."""

    stage: str
    label: str
    count: int
    share_of_all: float | None
    share: float | None
    seconds: int | None
    url: str
    side: str


@dataclass(frozen=True)
class Group:
    key: str
    label: str
    steps: list[Step]


@dataclass(frozen=True)
class Ending:
    """Where leads of the cohort stand that are no customer; with the customers they are the whole."""

    key: str
    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Funnel:
    by: str
    definition: str
    as_of: datetime
    still_moving: int | None
    steps: list[Step]
    endings: list[Ending]
    groups: list[Group] = field(default_factory=list)


def by_cohort(
    period: Period,
    *,
    source: str = "",
    group: str = "",
    at: datetime,
    counted: Sequence[counting.Row] | None = None,
) -> Funnel:
    """Leads captured in the period, by the furthest stage that each has reached so far. Who has counted the period, in whatever groups, gives it."""
    chosen = counting.source_id(source)
    rows = counted
    if rows is None:
        rows = counting.by(group, period, source=chosen, columns=OF_COHORT)
    counts = counting.added_up(rows, OF_COHORT)
    durations = medians.by_stage(period, source=chosen, counts=counts)
    return Funnel(
        by=COHORT,
        definition=_(
            "Leads captured in the period, counted at every stage up to the furthest one they have reached so far, also when they "
            "skipped one. The share is that of all captured, or of the stage before. The median is the time on the wall clock from capture to first "
            "reaching the stage, of the leads that reached it; over more than 20,000 leads it may be ten minutes old."
        ),
        as_of=at,
        still_moving=counts["cohort_moving"],
        steps=_cohort_steps(counts, period, source, durations),
        endings=_endings(counts, period, source),
        groups=_groups(group, rows, period, source, _cohort_steps),
    )


def by_activity(
    period: Period,
    *,
    source: str = "",
    group: str = "",
    at: datetime,
    counted: Sequence[counting.Row] | None = None,
) -> Funnel:
    """Leads that entered each stage in the period. Who has counted it gives it."""
    rows = counted
    if rows is None:
        rows = counting.by(group, period, source=counting.source_id(source), columns=OF_ACTIVITY)
    return Funnel(
        by=ACTIVITY,
        definition=_(
            "Leads that first entered the stage in the period, whenever they were captured. The steps are different leads: "
            "their ratio is no conversion, so none is shown. A stage that a lead skipped is not counted."
        ),
        as_of=at,
        still_moving=None,
        steps=_activity_steps(counting.added_up(rows, OF_ACTIVITY), period, source),
        endings=[],
        groups=_groups(group, rows, period, source, _activity_steps),
    )


def _cohort_steps(
    counts: dict[str, Any],
    period: Period,
    source: str,
    durations: dict[str, int | None] | None = None,
    **narrow: Any,
) -> list[Step]:
    names = ["captured", *(stage.lower() for stage in MAIN_LINE[1:])]
    numbers = [counts[f"cohort_{name}"] for name in names]
    shared = {**period.as_parameters(), "source": source, **narrow}
    return [
        Step(
            stage=stage,
            label=str(stage.label),
            count=number,
            share_of_all=share_of(number, numbers[0]),
            share=share_of(number, numbers[place - 1]) if place else None,
            seconds=(durations or {}).get(stage),
            url=address(shared if stage == Stage.NEW else {"reached": stage.value, **shared}),
            side=_side(place),
        )
        for place, (stage, number) in enumerate(zip(MAIN_LINE, numbers, strict=True))
    ]


def _activity_steps(counts: dict[str, Any], period: Period, source: str, **narrow: Any) -> list[Step]:
    return [
        Step(
            stage=stage,
            label=str(stage.label),
            count=counts["cohort_captured" if stage == Stage.NEW else f"entered_{stage.lower()}"],
            share_of_all=None,
            share=None,
            seconds=None,
            url=address(
                {
                    **period.as_parameters("captured" if stage == Stage.NEW else stage.lower()),
                    **_reached(stage, period),
                    "source": source,
                    **narrow,
                }
            ),
            side=_side(place),
        )
        for place, stage in enumerate(MAIN_LINE)
    ]


def _reached(stage: Stage, period: Period) -> dict[str, str]:
    """Over all time a moment narrows nothing, so the list must ask for leads that have the moment at all."""
    return {} if stage == Stage.NEW or period.first or period.end else {f"{stage.lower()}_from": "1900-01-01"}


def _endings(counts: dict[str, Any], period: Period, source: str) -> list[Ending]:
    shared = {**period.as_parameters(), "source": source}
    moving = [stage.value for stage in MAIN_LINE[:-1]]
    return [
        Ending("moving", _("Still moving"), counts["cohort_moving"], address({"stage": moving, **shared})),
        Ending(
            "customer",
            str(Stage.CUSTOMER.label),
            counts["cohort_customer"],
            address({"stage": Stage.CUSTOMER.value, **shared}),
        ),
        *(
            Ending(
                stage.lower(),
                str(stage.label),
                counts[f"cohort_{stage.lower()}"],
                address({"stage": stage.value, **shared}),
            )
            for stage in (Stage.RECYCLED, Stage.DISQUALIFIED, Stage.LOST)
        ),
    ]


def _groups(group: str, rows: Sequence[counting.Row], period: Period, source: str, steps: Any) -> list[Group]:
    if not group:
        return []
    names = group_names(group, [row.key for row in rows if row.key is not None])
    groups = []
    for row in rows:
        key, label = names[row.key]
        if group == "month":
            groups.append(Group(key, label, steps(row.counts, _within(period, month_of(row.key)), source)))
        else:
            narrow = {"campaign": key} if group == "campaign" else {}
            groups.append(
                Group(key, label, steps(row.counts, period, key if group == "source" else source, **narrow))
            )
    groups = [each for each in groups if any(step.count for step in each.steps)]
    if group != "month":
        groups.sort(key=lambda each: (-each.steps[0].count, -each.steps[-1].count, each.label))
    return groups


SOURCES = Prepared(
    lambda ids: Source.objects.filter(pk__any_of=ids).values_list("pk", "key", "name"), ids=list
)
CAMPAIGNS = Prepared(lambda ids: Campaign.objects.filter(pk__any_of=ids).values_list("pk", "name"), ids=list)


ALL_SOURCES = Prepared(lambda: Source.objects.order_by("name").values("key", "name"))


def group_names(group: str, keys: list[Any]) -> dict[Any, tuple[str, str]]:
    """Database key -> key in addresses and label, also for what has none."""
    if group == "month":
        return {day: (f"{day:%Y-%m}", _month_words(day)) for day in keys}
    if group == "source":
        found = {pk: (key, name) for pk, key, name in SOURCES.rows(ids=keys)}
        return {**found, None: ("none", _("No source"))}
    found = {pk: (str(pk), name) for pk, name in CAMPAIGNS.rows(ids=keys)}
    return {**found, None: ("none", _("No campaign"))}


def _month_words(day: date) -> str:
    return format_date(day, "MMM y", locale=locale())


def _within(period: Period, month: Period) -> Period:
    """The part of the month that lies in the period: a period may begin or end in the middle of one."""
    first = max(filter(None, [period.first, month.first]))
    end = min(filter(None, [period.end, month.end]))
    return Period(first, end)


def share_of(part: int, whole: int) -> float | None:
    """Between 0 and 1; None, never 0 %, when there is nothing to divide by."""
    return part / whole if whole else None


def _side(place: int) -> str:
    return Side.SALES if place >= HANDED_OVER else Side.MARKETING
