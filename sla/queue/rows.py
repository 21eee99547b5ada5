"""What a line of the queue shows: loaded for fifty leads with as many queries as for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from handoff.call_sheet import may_call
from handoff.models import BriefItem, Handoff
from leads.models import Lead
from sla.models import Clock
from sla.queue.worklist import PROMISED, Line


@dataclass(frozen=True)
class Row:
    lead: Lead
    handoff: Handoff | None
    clock: Clock | None  # the one that runs out first
    due_at: datetime | None
    is_promised: bool  # the rep planned it himself

    @property
    def why(self) -> str:
        """The first line of the brief."""
        items: list[Any] = getattr(self.handoff, "first_item", []) if self.handoff else []
        return items[0].text.split("\n")[0] if items else ""

    @property
    def points(self) -> int | None:
        return self.handoff.qualification.points if self.handoff and self.handoff.qualification else None

    @property
    def may_call(self) -> bool:
        return bool(self.lead.contact.phone) and may_call(self.lead.contact)

    @property
    def tries(self) -> int:
        return self.handoff.attempts if self.handoff else 0


def load(lines: Sequence[Line]) -> list[Row]:
    """A row for each line, in the same order. Four queries."""
    ids = [line.lead_id for line in lines]
    leads = {lead.pk: lead for lead in Lead.objects.for_list().filter(pk__in=ids)} if ids else {}
    handoffs = _open_handoffs(ids) if ids else {}
    clocks = _first_clocks(handoffs)
    return [
        _row(line, leads[line.lead_id], handoffs.get(line.lead_id), clocks)
        for line in lines
        if line.lead_id in leads
    ]


def of_lead(lead: Lead) -> Row:
    """The row of one lead as it stands now."""
    return load([Line(lead.pk, lead.next_step_at, PROMISED if lead.next_step_at else 1)])[0]


def _open_handoffs(ids: Sequence[int]) -> dict[int, Handoff]:
    first_item = Prefetch("brief_items", BriefItem.objects.filter(position=0), to_attr="first_item")
    rows = (
        Handoff.objects.open()
        .filter(lead__in=ids)
        .select_related("receiver", "sender", "qualification")
        .defer("qualification__verdict")
        .prefetch_related(first_item)
    )
    return {handoff.lead_id: handoff for handoff in rows}


def _first_clocks(handoffs: dict[int, Handoff]) -> dict[int, Clock]:
    """Per hand-off the open clock that is due first."""
    if not handoffs:
        return {}
    rows = Clock.objects.with_all_for_chips().open().filter(handoff__in=[h.pk for h in handoffs.values()])
    first: dict[int, Clock] = {}
    for clock in rows.order_by("due_at", "id"):
        first.setdefault(clock.handoff_id, clock)
    return first


def _row(line: Line, lead: Lead, handoff: Handoff | None, clocks: dict[int, Clock]) -> Row:
    if handoff:
        handoff.lead = lead
    is_promised = line.rank == PROMISED
    clock = clocks.get(handoff.pk) if handoff and not is_promised else None
    return Row(lead, handoff, clock, line.due_at, is_promised)
