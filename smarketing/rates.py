"""A share of counted cases, with how sure one can be of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

FEW = 20  # under so many cases a percentage says little: it is shown grey, with its number
Z = 1.959964  # 95 %


@dataclass(frozen=True)
class Rate:
    """`hits` of `cases`; without cases there is no share. The interval is Wilson's, of 95 %."""

    hits: int
    cases: int

    @property
    def share(self) -> float | None:
        return self.hits / self.cases if self.cases else None

    @property
    def is_few(self) -> bool:
        return self.cases < FEW

    @property
    def interval(self) -> tuple[float, float] | None:
        if not self.cases:
            return None
        n, p = self.cases, self.hits / self.cases
        middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z / (1 + Z * Z / n) * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def low(self) -> float | None:
        return self.interval[0] if self.interval else None

    @property
    def high(self) -> float | None:
        return self.interval[1] if self.interval else None
