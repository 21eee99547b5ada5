"""Prepared: the receiver opened the call sheet before the first contact. As a rate per rep, and beside what came of the hand-offs.

Counted are the hand-offs sent in the period that were contacted. Prepared reps may differ in more than their preparation: what stands
side by side here is a relation, not a cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Case, Count, Q, Value, When
from django.utils.translation import gettext as _

from handoff import sent
from handoff.models import Handoff
from smarketing.accounts.models import User
from smarketing.periods import Period
from smarketing.rates import Rate

# What may come of a contacted hand-off; the same words narrow the list that a figure opens.
CAME_OF_IT = {"reached": sent.REACHED, "opportunity": sent.OPPORTUNITY, "won": sent.WON}


@dataclass(frozen=True)
class Figure:
    rate: Rate
    url: str


@dataclass(frozen=True)
class Line:
    label: str
    figures: list[Figure] = field(default_factory=list)

    @property
    def first(self) -> Figure:
        return self.figures[0]


@dataclass(frozen=True)
class Preparation:
    all: Figure
    reps: list[Line]
    compared: list[Line]  # prepared, not prepared: reached, opportunity, won


def measure(period: Period) -> Preparation:
    contacted = sent.in_period(Handoff.objects.standing().filter(first_attempt_at__isnull=False), period)
    by_rep = contacted.values("receiver").annotate(
        n=Count("pk"), prepared=Count("pk", filter=Q(prepared_at__isnull=False))
    )
    rows = list(by_rep.order_by("receiver"))
    called = {
        user.pk: str(user)
        for user in User.objects.filter(pk__in=[row["receiver"] for row in rows if row["receiver"]])
    }
    reps = [
        Line(called.get(row["receiver"], _("Nobody")), [_prepared(row, period, rep=row["receiver"])])
        for row in rows
    ]
    whole = {"n": sum(row["n"] for row in rows), "prepared": sum(row["prepared"] for row in rows)}
    return Preparation(
        all=_prepared(whole, period),
        reps=sorted(reps, key=lambda line: line.label.lower()),
        compared=_compared(contacted, period),
    )


def _prepared(row: Mapping[str, int], period: Period, **asked: Any) -> Figure:
    url = sent.address(period, result="contacted", prepared="yes", **asked)
    return Figure(Rate(row["prepared"], row["n"]), url)


def _compared(contacted: Any, period: Period) -> list[Line]:
    was_prepared = Case(
        When(prepared_at__isnull=False, then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    counted = (
        contacted.annotate(was_prepared=was_prepared)
        .values("was_prepared")
        .annotate(n=Count("pk"), **{name: Count("pk", filter=q) for name, q in CAME_OF_IT.items()})
    )
    rows = {row["was_prepared"]: row for row in counted.order_by("was_prepared")}
    none = {"n": 0, **dict.fromkeys(CAME_OF_IT, 0)}
    lines = []
    for label, prepared in ((_("Prepared"), True), (_("Not prepared"), False)):
        row = rows.get(prepared, none)
        figures = [
            Figure(
                Rate(row[name], row["n"]),
                sent.address(period, result=name, prepared="yes" if prepared else "no"),
            )
            for name in CAME_OF_IT
        ]
        lines.append(Line(label, figures))
    return lines
