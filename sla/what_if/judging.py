"""How hand-offs would have been judged under another text: many in one statement, from facts that were kept.

`tests/sla/judged_one_by_one.py` says the same for one hand-off, plainly and slowly; a test holds them together.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from sla import timetable
from sla.business_time import BusinessCalendar, NoOpenTime
from sla.clocks import measured_terms
from sla.models import Agreement, Measure, Term, TermKind, WhatIf
from sla.timetable import Timetable
from sla.what_if import facts
from smarketing.accounts.models import Side

OF_MARKETING = [Measure.QUESTION, Measure.RETURN]  # they begin where the hand-off stands still or ended
UNTIMED = [TermKind.SQL_QUALITY, TermKind.BRIEF_COMPLETE]

Tallies = dict[str, Counter[str]]  # by key of the term; by "KEPT>MISSED"


class Judge:
    """One question, ready to be answered for some days of its quarter."""

    def __init__(self, what_if: WhatIf, since: datetime, until: datetime) -> None:
        self.what_if, self.at = what_if, what_if.asked_at
        self.agreement, self.former = what_if.agreement, what_if.compared_to
        terms = list(self.agreement.terms.all())
        alike = Agreement.objects.filter(contact_counts=self.agreement.contact_counts)
        self.counted_alike = list(alike.values_list("pk", flat=True))
        self.by_measure = list(_by_measure(terms))
        self.calendars = {side: self.agreement.calendar_of(side).current.business_calendar() for side in Side}
        first, longest = facts.earliest_start(since, until), max((_target(term) for term in terms), default=0)
        timetables = [
            {"side": side, **asdict(Timetable.covering(calendar, first, self.at, longest=longest))}
            for side, calendar in self.calendars.items()
        ]
        timed = [
            {
                "key": term.key,
                "measure": measure,
                "hot": hot,
                "side": term.side,
                "of_marketing": measure in OF_MARKETING,
                "target": _target(term) * 1_000_000,
                "left_out": term.excluded_sources,
            }
            for measure, hot, term in self.by_measure
        ]
        untimed = [
            {"key": term.key, "kind": term.kind, "left_out": term.excluded_sources}
            for term in terms
            if term.kind in UNTIMED
        ]
        self.promises = {
            "timetables": json.dumps(timetables),
            "timed": json.dumps(timed),
            "untimed": json.dumps(untimed),
        }

    def judge(self, since: datetime, until: datetime) -> Tallies:
        """The hand-offs sent in [since, until) are counted, and those that are missed then or now are listed."""
        walked = list(self._walked(since, until))
        sent, of_sent = _named("sent", facts.sent(self.agreement, self.former, since, until, at=self.at))
        clocks, of_clocks = _named("clock", facts.clocks(since, until, at=self.at))
        words: dict[str, Any] = {
            "what_if": self.what_if.pk,
            "at": self.at,
            "contact_counts": self.agreement.contact_counts,
            "counted_alike": self.counted_alike,
            **self.promises,
            "walked_handoffs": [handoff for handoff, *_ in walked],
            "walked_keys": [key for _, key, *_ in walked],
            "walked_measures": [measure for *_, measure, _ in walked],
            "walked_dues": [due for *_, due in walked],
        }
        statement = _judge_sql().format(sent=sent, clocks=clocks, due=timetable.DUE)
        tallies: Tallies = {}
        with connection.cursor() as cursor:
            cursor.execute(statement, words | of_sent | of_clocks)
            for key, change, number in cursor.fetchall():
                tallies.setdefault(key, Counter())[change] = number
        return tallies

    # Mechanics

    def _walked(self, since: datetime, until: datetime) -> Iterator[tuple[int, str, str, datetime | None]]:
        """Due moments of what stood still for a while, under each promise that it could fall under."""
        never_measured = (
            facts.asked_without_clock(measure, since, until)
            for measure in sorted({measure for measure, *_ in self.by_measure}.difference(OF_MARKETING))
        )
        for handoff, measure, start, pauses in chain(facts.paused(since, until), *never_measured):
            for term in {term.key: term for its, _, term in self.by_measure if its == measure}.values():
                due = _due(self.calendars[Side(term.side)], start, _target(term), pauses)
                yield handoff, term.key, measure, due


def _by_measure(terms: list[Term]) -> Iterator[tuple[str, bool | None, Term]]:
    """What is measured in time: of which leads (hot, not hot, either), and by which promise."""
    for hot in (True, False):
        for measure, term in measured_terms(terms, hot=hot):
            yield measure, hot, term
    for term in terms:
        if term.kind == TermKind.MARKETING_ANSWER:
            for measure in OF_MARKETING:
                yield measure, None, term


def _target(term: Term) -> int:
    return term.target_seconds or 0


def _due(calendar: BusinessCalendar, start: datetime, target: int, pauses: Any) -> datetime | None:
    try:
        return calendar.due_with_pauses(start, target, pauses)
    except NoOpenTime:
        return None


def _named(prefix: str, rows: QuerySet[Any, Any]) -> tuple[str, dict[str, Any]]:
    """A query as text to stand in a larger one, its values under names of their own."""
    sql, values = rows.query.sql_with_params()
    names = [f"{prefix}_{number}" for number in range(len(values))]
    text = sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names)
    return text, dict(zip(names, values, strict=True))


@cache
def _judge_sql() -> str:
    return Path(__file__).with_name("judge.sql").read_text()
