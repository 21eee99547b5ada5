"""The geometry of the charts: numbers in, positions out. Knows no HTML and no figures of the product.

Positions along a chart are percentages of its width, so that a drawing stretches without distorting strokes or text;
across it they are pixels. A chart starts at 0, always.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

Number = int | float | Decimal
ROOM_ABOVE = 1.25  # a bullet shows a quarter more than the larger of target and value


def part_of(value: Number | None, whole: Number) -> float:
    """Percent of the width, between 0 and 100, to a hundredth: a tenth of a pixel on the widest panel."""
    if not value or not whole:
        return 0.0
    return round(max(0.0, min(1.0, float(value) / float(whole))) * 100, 2)


@dataclass(frozen=True)
class Bullet:
    """Bar (what is), dark range (expected by today), light range up to the tick (the target)."""

    bar: float
    expected: float
    target: float

    @classmethod
    def of(cls, value: Number, target: Number, expected: Number | None = None) -> Bullet:
        scale = float(max(value, target, 0)) * ROOM_ABOVE
        return cls(
            part_of(value, scale),
            part_of(target if expected is None else min(expected, target), scale),
            part_of(target, scale),
        )


@dataclass(frozen=True)
class Column:
    """One bar of a histogram: from `x` over `width` percent, `height` pixels up from the ground at `y + height`."""

    x: float
    width: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


GAP = 0.12  # of a slot, on each side of a column


def columns(counts: Sequence[Number], height: int, top: Number | None = None) -> list[Column]:
    """Equal slots from left to right; the highest count (or `top`, for charts that share a scale) fills the height."""
    if not counts:
        return []
    slot, highest = 100 / len(counts), float(top or max(counts) or 1)
    drawn = []
    for i, count in enumerate(counts):
        tall = round(min(1.0, float(count) / highest) * height, 2)
        if count and tall < 1:
            tall = 1.0  # something is never drawn as nothing
        drawn.append(
            Column(round((i + GAP) * slot, 2), round(slot * (1 - 2 * GAP), 2), round(height - tall, 2), tall)
        )
    return drawn


@dataclass(frozen=True)
class Point:
    x: float
    y: float


def points(
    values: Sequence[Number | None],
    width: int,
    height: int,
    low: Number | None = None,
    top: Number | None = None,
    inset: float = 2,
) -> list[Point | None]:
    """One point per value, inside the box by `inset` pixels; None stays None: a gap, not a zero. Own scale unless given one."""
    known = [float(v) for v in values if v is not None]
    if not known:
        return [None] * len(values)
    bottom = min(known) if low is None else float(low)
    spread = (max(known) if top is None else float(top)) - bottom
    step = (width - 2 * inset) / max(1, len(values) - 1)

    def up(value: float) -> float:
        share = (value - bottom) / spread if spread else 0.5
        return round(height - inset - max(0.0, min(1.0, share)) * (height - 2 * inset), 2)

    return [
        None if v is None else Point(round(inset + i * step, 2), up(float(v))) for i, v in enumerate(values)
    ]


def path(drawn: Sequence[Point | None]) -> str:
    """The points as an SVG path; a gap lifts the pen."""
    words = []
    for before, here in pairwise([None, *drawn]):
        if here is not None:
            words.append(f"{'L' if before else 'M'}{here.x:g} {here.y:g}")
    return "".join(words)
