"""What changed between two versions, in words: "50+ vehicles: Vehicles is at least 30 became Vehicles is at least 50"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from leads.criteria.rules import sentence
from leads.models.criteria import CriteriaSet, Criterion


@dataclass(frozen=True)
class Difference:
    """`was` and `becomes` are empty where something is new or gone."""

    label: str
    was: str = ""
    becomes: str = ""

    @property
    def is_new(self) -> bool:
        return not self.was

    @property
    def is_gone(self) -> bool:
        return not self.becomes


def between(former: CriteriaSet | None, latter: CriteriaSet) -> list[Difference]:
    """In the order of the page: new, gone and changed criteria, then the points that are needed."""
    before = {line.key: line for line in former.criteria.all()} if former else {}
    after = {line.key: line for line in latter.criteria.all()}
    found = [
        Difference(line.label, becomes=described(line)) for key, line in after.items() if key not in before
    ]
    found += [Difference(line.label, was=described(line)) for key, line in before.items() if key not in after]
    for key, line in after.items():
        if key in before:
            found += _of_line(before[key], line)
    if former and former.points_needed != latter.points_needed:
        found.append(Difference(_("Points needed"), str(former.points_needed), str(latter.points_needed)))
    return found


def described(line: Criterion) -> str:
    """One criterion in a sentence."""
    return ", ".join([_worth(line), _answered(line)])


def _of_line(was: Criterion, becomes: Criterion) -> Iterator[Difference]:
    for before, after in ((was.label, becomes.label), (_worth(was), _worth(becomes)), (_answered(was), _answered(becomes)), (was.hint or "–", becomes.hint or "–")):  # fmt: skip
        if before != after:
            yield Difference(becomes.label, before, after)


def _worth(line: Criterion) -> str:
    return _("must have") if line.required else _("nice to have, %(points)s points") % {"points": line.points}


def _answered(line: Criterion) -> str:
    return sentence(line.rule) if line.rule else _("answered by a person")
