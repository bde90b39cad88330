"""The reliability curve as an SVG picture, written by hand: no library, the same figures give the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

SIZE, LEFT, TOP = 400, 56, 24
LOWEST = 0.5
"""Where both axes begin; what is lower is drawn on the edge."""
COLOURS = ("#8a4b00", "#0a5bb5", "#b3261e")
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#16202c}.g{stroke:#d9dee5}.d{stroke:#97a3b1;stroke-dasharray:4 4}"
    "@media(prefers-color-scheme:dark){text{fill:#e8edf3}.g{stroke:#35414e}.b{fill:#10151b}}.b{fill:#fbfcfd}"
)


class Point(Protocol):
    """What is drawn: a bin's mean confidence, its share of right items, and how many items it holds."""

    @property
    def count(self) -> int: ...
    @property
    def expected(self) -> float: ...
    @property
    def observed(self) -> float: ...


def draw(curves: Mapping[str, Sequence[Point]]) -> str:
    """A picture of expected against observed, one line a curve; the area of a dot grows with its items."""
    width, height = LEFT + SIZE + 150, TOP + SIZE + 56
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>Reliability of confidence</title><style>{STYLE}</style>",
        f'<rect class="b" width="{width}" height="{height}"/>',
        *_axes(),
        *(line for k, (name, points) in enumerate(curves.items()) for line in _curve(k, name, points)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _axes() -> Iterator[str]:
    bottom, right = TOP + SIZE, LEFT + SIZE
    for k in range(6):
        value = LOWEST + k * (1 - LOWEST) / 5
        x, y = _x(value), _y(value)
        yield f'<path class="g" d="M{x:.1f} {TOP}V{bottom}M{LEFT} {y:.1f}H{right}"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{value:.1f}</text>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.1f}</text>'
    yield f'<path class="d" d="M{LEFT} {bottom}L{right} {TOP}"/>'
    yield f'<text x="{LEFT + SIZE / 2}" y="{bottom + 44}" text-anchor="middle">expected (confidence)</text>'
    yield f'<text transform="translate(16 {TOP + SIZE / 2}) rotate(-90)" text-anchor="middle">observed (right)</text>'


def _curve(k: int, name: str, points: Sequence[Point]) -> Iterator[str]:
    colour = COLOURS[k % len(COLOURS)]
    places = [(_x(p.expected), _y(p.observed), p.count) for p in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for x, y, count in places:
        radius = min(14.0, 2 + count**0.5 / 2)
        title = f"<title>{count} items</title>"
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}">{title}</circle>'
    at = TOP + 16 + 24 * k
    yield f'<rect x="{LEFT + SIZE + 20}" y="{at - 10}" width="12" height="12" fill="{colour}"/>'
    yield f'<text x="{LEFT + SIZE + 38}" y="{at}">{name}</text>'


def _x(value: float) -> float:
    return LEFT + SIZE * (max(LOWEST, value) - LOWEST) / (1 - LOWEST)


def _y(value: float) -> float:
    return TOP + SIZE * (1 - (max(LOWEST, value) - LOWEST) / (1 - LOWEST))
