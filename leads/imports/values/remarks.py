"""What a column of cells becomes: a value per cell, and remarks on those that cannot be understood.

A row with a problem is refused; it is warned about when nothing is lost by loading it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LONGEST_CELL = 20_000


@dataclass
class Remarks:
    """What is wrong in one batch of rows, by the row's place in it."""

    problems: dict[int, dict[str, str]] = field(default_factory=dict)
    warnings: dict[int, list[dict[str, str]]] = field(default_factory=dict)

    def refuse(self, place: int, code: str, column: str = "", value: str = "") -> None:
        self.problems.setdefault(place, {"code": code, "column": column, "value": value[:80]})

    def warn(self, place: int, code: str, column: str = "", value: str = "") -> None:
        self.warnings.setdefault(place, []).append({"code": code, "column": column, "value": value[:80]})


Cells = list[str]
Reader = Callable[[Cells, Remarks], list[Any]]
