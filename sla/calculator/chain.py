"""From a goal to what it takes, and back: each number is the one below it times a factor. Pure; no Django.

revenue = customers x amount; customers = opportunities x win rate; and so on down to captured leads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite, sqrt

LEVELS = ("revenue", "customers", "opportunities", "accepted", "sales_ready", "leads")
# The factor that leads from a level to the one above it.
FACTORS = ("amount", "win", "open", "accept", "qualify")
SHARES = FACTORS[1:]
NEAR = 0.005  # so much two numbers may differ and still be said to agree
Z = 1.959963984540054  # of a 95 % interval


@dataclass(frozen=True)
class Factor:
    """What is expected, and the interval within which it may well lie. `cases`: on how many it rests; 0 when typed or assumed."""

    low: float
    expected: float
    high: float
    cases: int = 0
    is_typed: bool = False


@dataclass(frozen=True)
class Contradiction:
    """Two fixed numbers do not fit the factors between them."""

    upper: str
    lower: str
    reached: float  # what the lower number brings at the upper level
    wanted: float  # what is fixed there
    takes: float | None  # the lower number that would do
    factor: float  # what the factors between them come to
    needed: float  # what they would have to come to
    is_possible: bool  # shares together are at most the whole
    is_likely: bool  # within the intervals


@dataclass(frozen=True)
class Chain:
    values: Mapping[str, float | None]
    contradictions: tuple[Contradiction, ...] = ()


def wilson(kept: int, cases: int) -> tuple[float, float]:
    """The 95 % interval of a share that was `kept` of `cases`; all is possible when there are none."""
    if not cases:
        return 0.0, 1.0
    share, weight = kept / cases, Z * Z / cases
    middle = (share + weight / 2) / (1 + weight)
    reach = Z / (1 + weight) * sqrt(share * (1 - share) / cases + weight / (4 * cases))
    return (0.0 if kept == 0 else max(0.0, middle - reach)), (
        1.0 if kept == cases else min(1.0, middle + reach)
    )


def share(kept: int, cases: int) -> Factor:
    low, high = wilson(kept, cases)
    return Factor(low, kept / cases if cases else 0.0, high, cases)


def typed(value: float) -> Factor:
    """Somebody decided it: there is no doubt to show."""
    return Factor(value, value, value, is_typed=True)


def solve(fixed: Mapping[str, float], factors: Mapping[str, Factor]) -> dict[str, Chain]:
    """The chain at the low end, as expected, and at the high end of all factors at once."""
    return {
        end: _solve(fixed, {name: getattr(factor, end) for name, factor in factors.items()}, factors)
        for end in ("low", "expected", "high")
    }


def _solve(fixed: Mapping[str, float], factors: Mapping[str, float], doubt: Mapping[str, Factor]) -> Chain:
    """Upwards from the first fixed number; downwards from each to the next one, which then stands for itself."""
    places = [number for number, level in enumerate(LEVELS) if level in fixed]
    values: dict[str, float | None] = dict.fromkeys(LEVELS)
    if not places:
        return Chain(values)
    values |= {LEVELS[place]: fixed[LEVELS[place]] for place in places}
    for number in range(places[0] - 1, -1, -1):
        below = values[LEVELS[number + 1]]
        values[LEVELS[number]] = None if below is None else below * factors[FACTORS[number]]
    for number in range(places[0] + 1, len(LEVELS)):
        if LEVELS[number] not in fixed:
            values[LEVELS[number]] = _divided(values[LEVELS[number - 1]], factors[FACTORS[number - 1]])
    pairs = zip(places, places[1:], strict=False)
    found = (_contradiction(upper, lower, fixed, factors, doubt) for upper, lower in pairs)
    return Chain(values, tuple(each for each in found if each))


def _contradiction(
    upper: int,
    lower: int,
    fixed: Mapping[str, float],
    factors: Mapping[str, float],
    doubt: Mapping[str, Factor],
) -> Contradiction | None:
    between = FACTORS[upper:lower]
    wanted, given = fixed[LEVELS[upper]], fixed[LEVELS[lower]]
    factor = _product(factors[name] for name in between)
    reached = given * factor
    if abs(reached - wanted) <= NEAR * max(abs(reached), abs(wanted)):
        return None
    needed = wanted / given if given else float("inf")
    shares = _product(factors[name] for name in between if name not in SHARES)
    least = _product(doubt[name].low for name in between)
    most = _product(doubt[name].high for name in between)
    return Contradiction(
        upper=LEVELS[upper],
        lower=LEVELS[lower],
        reached=reached,
        wanted=wanted,
        takes=_divided(wanted, factor),
        factor=factor,
        needed=needed,
        is_possible=isfinite(needed) and (shares == 0 or needed <= shares * (1 + NEAR)),
        is_likely=least <= needed <= most,
    )


def _product(numbers: Iterable[float]) -> float:
    result = 1.0
    for number in numbers:
        result *= number
    return result


def _divided(value: float | None, factor: float) -> float | None:
    """What it takes; nothing would do when the factor is nothing."""
    if value is None:
        return None
    if value == 0:
        return 0.0
    return value / factor if factor > 0 else None
