"""How the timeline is laid out: under the days of the company, with runs of edits by one person folded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from leads.timeline import Entry


@dataclass
class Fold:
    """One entry, or a run of edits by one person that is shown as one."""

    entries: list[Entry]

    @property
    def first(self) -> Entry:
        return self.entries[0]

    @property
    def is_run(self) -> bool:
        return len(self.entries) > 1


@dataclass
class Day:
    on: date
    folds: list[Fold] = field(default_factory=list)


def days(entries: Iterable[Entry]) -> list[Day]:
    """The same entries in the same order."""
    told: list[Day] = []
    for entry in entries:
        on = timezone.localtime(entry.occurred_at).date()
        if not told or told[-1].on != on:
            told.append(Day(on))
        folds = told[-1].folds
        if folds and _belong_together(folds[-1].first, entry):
            folds[-1].entries.append(entry)
        else:
            folds.append(Fold([entry]))
    return told


def _belong_together(one: Entry, other: Entry) -> bool:
    return one.is_edit and other.is_edit and one.actor == other.actor
