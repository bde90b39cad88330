"""Figures of one indicator as bars, drawn on the server; the table beside them says the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.serve.showing import Measured
from kg.types import NEGATED

FEWEST, MOST = 3, 24
"""Bars that a chart has."""
WIDE, HIGH, TOP, BOTTOM = 56.0, 120.0, 20.0, 22.0
GAP = 12.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar and where it stands: its left, top, width and height, and its middle."""

    figure: Measured
    x: float
    y: float
    width: float
    height: float
    middle: float


@dataclass(frozen=True, slots=True)
class Chart:
    """``base`` is the height at which zero lies."""

    bars: tuple[Bar, ...]
    width: float
    height: float
    base: float
    unit: str


def chart(figures: Sequence[Measured]) -> Chart | None:
    """The bars of the figures that share a unit and have a time, in its order; ``None`` if those are too few."""
    dated = [figure for figure in figures if figure.time and figure.modality != NEGATED]
    units = sorted({figure.unit for figure in dated}, key=lambda unit: (-sum(f.unit == unit for f in dated), unit))
    chosen = [figure for figure in dated if figure.unit == units[0]][:MOST] if units else []
    if len(chosen) < FEWEST:
        return None
    low, high = min(0.0, *(float(f.number) for f in chosen)), max(0.0, *(float(f.number) for f in chosen))
    scale = HIGH / ((high - low) or 1.0)
    base = TOP + high * scale
    bars = tuple(_bar(figure, place, float(figure.number) * scale, base) for place, figure in enumerate(chosen))
    return Chart(bars, len(chosen) * WIDE, TOP + HIGH + BOTTOM, base, units[0])


def _bar(figure: Measured, place: int, length: float, base: float) -> Bar:
    x = place * WIDE
    top = base - length if length > 0 else base
    return Bar(figure, x + GAP / 2, round(top, 1), WIDE - GAP, round(max(abs(length), 1.0), 1), x + WIDE / 2)
