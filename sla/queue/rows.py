"""What a line of the queue shows, in words, computed once: fifty rows cost as many queries as one, and a template only writes them down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.utils.safestring import SafeString, mark_safe

from handoff.call_sheet import may_call
from handoff.models import UNANSWERED_STATES, BriefItem, Handoff, State
from leads import local_time
from leads.models import Contact, Lead
from leads.models.lead import called
from sla import chips, listed_clocks
from sla.chips import Chip
from sla.models import Clock
from sla.queue.worklist import PROMISED, Line
from smarketing import words
from smarketing.prepared import Prepared
from smarketing.voice import Voice, voice

READ = {"first_name", "last_name", "email", "phone", "job_title", "consent", "do_not_contact_at"}
OF_CONTACT = [field.attname for field in Contact._meta.concrete_fields if field.attname in READ]
PATHS_OF_CONTACT = [f"contact__{name}" for name in OF_CONTACT]
OF_COMPANY = ("name", "country", "city")


class Row(NamedTuple):
    id: SafeString  # the lead's number, ready to be written
    name: str
    role: str
    why: str
    about: str  # score, tries, source and whatever else is worth a word
    phone: str
    may_call: bool
    due_at: datetime | None
    due_words: str
    is_promised: bool  # the rep planned it himself
    is_overdue: bool  # and that moment has passed
    next_words: str
    handoff_id: SafeString | None = None
    is_in_pool: bool = False
    is_accepted: bool = True
    local: str = ""  # what time it is there
    chip: Chip | None = None
    hours: SafeString | None = None  # where the page keeps the working hours by which this chip ticks


@dataclass(frozen=True)
class Rows:
    """The rows of a page, and the working hours that their countdowns share."""

    rows: list[Row]
    hours: listed_clocks.Hours
    closes_at: datetime | None = None  # when the working day ends, while it lasts


def load(lines: Sequence[Line], now: datetime, *, alone: bool = False) -> Rows:
    """A row for each line, in the same order; with `alone` each countdown brings its own hours. Three queries, one more where clocks are held."""
    ids = [line.lead_id for line in lines]
    leads = {lead["pk"]: lead for lead in LEADS.dicts(ids=ids)} if ids else {}
    handoffs = _open_handoffs(ids) if ids else {}
    clocks = [handoff["clock"] for handoff in handoffs.values() if handoff["clock"]]
    listed_clocks.complete(clocks)
    to = voice()
    rows = [
        _row(line, leads[line.lead_id], handoffs.get(line.lead_id), now, to, alone=alone)
        for line in lines
        if line.lead_id in leads
    ]
    return Rows(rows, listed_clocks.shared_hours(clocks, now), _closing(clocks, now))


def of_lead(lead: Lead, now: datetime) -> Row:
    """The row of one lead as it stands now; its countdown brings its own hours."""
    line = Line(lead.pk, lead.next_step_at, PROMISED if lead.next_step_at else 1)
    handoff = _open_handoffs([lead.pk]).get(lead.pk)
    if handoff and handoff["clock"]:
        listed_clocks.complete([handoff["clock"]])
    return _row(line, LEADS.dicts(ids=[lead.pk])[0], handoff, now, voice(), alone=True)


# Mechanics


def _leads(ids: Sequence[int]) -> QuerySet[Any]:
    columns = [*PATHS_OF_CONTACT, *(f"company__{name}" for name in OF_COMPANY)]
    return Lead.objects.filter(pk__any_of=ids).values(
        "pk",
        "next_step",
        "next_step_at",
        "source__name",
        "campaign__name",
        *columns,
        zone=F(f"facts__{local_time.FACT}"),
    )


def _handoffs(ids: Sequence[int]) -> QuerySet[Any]:
    """Per lead its open hand-off with the open clock that is due first."""
    first_item = BriefItem.objects.filter(handoff=OuterRef("pk")).order_by("position").values("text")[:1]
    return (
        Handoff.objects.open()
        .filter(lead__any_of=ids)
        .annotate(
            running=FilteredRelation("clocks", condition=Q(clocks__state__in=["RUNNING", "PAUSED"])),
            why=Subquery(first_item),
            points=F("qualification__points"),
        )
        .order_by("lead_id", F("running__due_at").asc(nulls_last=True), "running__id")
        .distinct("lead_id")
        .values(
            *("pk", "lead_id", "state", "hot", "attempts", "receiver_id", "why", "points"),
            *(f"running__{name}" for name in listed_clocks.COLUMNS),
        )
    )


LEADS = Prepared(_leads, ids=list)
HANDOFFS = Prepared(_handoffs, ids=list)


def _open_handoffs(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    found = HANDOFFS.dicts(ids=ids)
    return {row["lead_id"]: row | {"clock": listed_clocks.clock_from(row, "running__")} for row in found}


def _closing(clocks: Sequence[Clock], now: datetime) -> datetime | None:
    today = clocks[0].calendar.open_intervals(now, now + timedelta(hours=24)) if clocks else []
    return next((closes for opens, closes in today if opens <= now), None)


def _row(
    line: Line,
    lead: Mapping[str, Any],
    handoff: Mapping[str, Any] | None,
    now: datetime,
    to: Voice,
    *,
    alone: bool,
) -> Row:
    contact = Contact.from_db(DEFAULT_DB_ALIAS, OF_CONTACT, [lead[name] for name in PATHS_OF_CONTACT])
    is_promised = line.rank == PROMISED
    clock = handoff["clock"] if handoff and not is_promised else None
    chip = chips.chip(clock, now, ticks_by_itself=alone, to=to) if clock else None
    is_unanswered = bool(handoff and handoff["state"] in UNANSWERED_STATES)
    return Row(
        id=_number(line.lead_id),
        name=called(contact.full_name, lead["company__name"], contact.email, line.lead_id),
        role=", ".join(filter(None, [contact.job_title, lead["company__name"]])),
        why=_why(lead, handoff, is_promised),
        about=" · ".join(_about(contact, lead, handoff, to)),
        phone=contact.phone,
        may_call=bool(contact.phone) and may_call(contact),
        due_at=line.due_at,
        due_words=to.due_time(line.due_at, now) if line.due_at and chip is None else "",
        is_promised=is_promised,
        is_overdue=bool(is_promised and line.due_at and line.due_at < now),
        next_words=to.due_time(lead["next_step_at"], now) if lead["next_step_at"] else "",
        handoff_id=_number(handoff["pk"]) if handoff else None,
        is_in_pool=bool(handoff and handoff["receiver_id"] is None and is_unanswered),
        is_accepted=not is_unanswered,
        local=_local(lead, now, to),
        chip=chip,
        hours=_number(clock.calendar_version_id)
        if clock and not alone and chips.is_near(clock, now)
        else None,
    )


def _number(value: int) -> SafeString:
    return mark_safe(str(int(value)))


def _why(lead: Mapping[str, Any], handoff: Mapping[str, Any] | None, is_promised: bool) -> str:
    """The first line of the brief, or what was planned."""
    brief = ((handoff and handoff["why"]) or "").partition("\n")[0]
    return lead["next_step"] or brief if is_promised else brief or lead["next_step"]


def _about(
    contact: Contact, lead: Mapping[str, Any], handoff: Mapping[str, Any] | None, to: Voice
) -> Iterable[str]:
    if handoff and handoff["points"] is not None:
        yield to.gettext("%(n)s points") % {"n": handoff["points"]}
    if handoff and handoff["hot"]:
        yield to.gettext("hot")
    if handoff and handoff["state"] in UNANSWERED_STATES:
        yield str(State(handoff["state"]).label)
    if handoff and handoff["attempts"]:
        yield to.gettext("%(nth)s try") % {"nth": words.ordinal(handoff["attempts"] + 1)}
    if lead["source__name"]:
        yield lead["source__name"]
    if lead["campaign__name"]:
        yield lead["campaign__name"]
    if contact.consent and may_call(contact):
        yield to.gettext("may be called")


def _local(lead: Mapping[str, Any], now: datetime, to: Voice) -> str:
    there = local_time.there(
        now, zone=lead["zone"], country=lead["company__country"] or "", city=lead["company__city"] or ""
    )
    if there is None:
        return ""
    said = to.gettext("local %(time)s") % {"time": f"{there.at:%H:%M}"}
    return said if there.is_for_calling else f"{said}, {to.gettext('outside calling hours')}"
