"""Where each node of the network stands: computed once, at build time, seeded, without overlaps.

Each connected component is drawn by ForceAtlas2 (networkx; communities come out as clusters), turned so that
its longest side lies flat, spread until no two boxes (node and label) touch, and packed beside the others.
Above ``CORE`` nodes only the most important ones are drawn so; the others stand around the neighbour through
which they are reached, and the page shows them on demand.

Distances are in pixels at zoom 1. The same input gives the same positions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kg.view_forces import ASPECT, draw, spiral

CORE = 1500
"""Nodes drawn at once; a larger graph shows its most important ones first."""

_GAP = 26.0
_ROUNDS, _DAMPING = 20, 0.85


@dataclass(frozen=True, slots=True)
class Box:
    """The room a node needs, label included, in pixels."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """``positions[i]`` is the centre of node *i*; ``core`` the nodes shown first (all, when they are few)."""

    positions: tuple[tuple[int, int], ...]
    core: frozenset[int]


def importance_of(count: int, links: Sequence[tuple[int, int]]) -> tuple[float, ...]:
    """How important each of ``count`` nodes is: PageRank without direction; the mean is 1."""
    neighbours = _neighbours(count, links)
    rank = [1.0] * count
    for _ in range(_ROUNDS):
        share = [rank[i] / len(near) if near else 0.0 for i, near in enumerate(neighbours)]
        rank = [1 - _DAMPING + _DAMPING * sum(share[j] for j in near) for near in neighbours]
    mean = sum(rank) / count if count else 1.0
    return tuple(round(value / mean, 4) for value in rank)


def place(
    boxes: Sequence[Box], links: Sequence[tuple[int, int]], importance: Sequence[float], *, core: int = CORE
) -> Layout:
    """Positions for ``len(boxes)`` nodes joined by ``links`` (pairs of indices; loops and repeats are harmless).

    >>> place([Box(10, 10)], [], [1.0]).positions
    ((0, 0),)
    """
    neighbours = _neighbours(len(boxes), links)
    inner = _most_important(importance, core)
    spots = _pack([_draw(part, boxes, neighbours) for part in _components(inner, neighbours)], boxes)
    _surround(spots, neighbours, importance)
    middle = _middle([spots[i] for i in inner])
    positions = tuple((round(x - middle[0]), round(y - middle[1])) for x, y in (spots[i] for i in range(len(boxes))))
    return Layout(positions, frozenset(inner))


def _neighbours(count: int, links: Sequence[tuple[int, int]]) -> list[list[int]]:
    neighbours: list[list[int]] = [[] for _ in range(count)]
    for a, b in sorted({(min(a, b), max(a, b)) for a, b in links if a != b}):
        neighbours[a].append(b)
        neighbours[b].append(a)
    return neighbours


def _most_important(importance: Sequence[float], core: int) -> list[int]:
    if len(importance) <= core:
        return list(range(len(importance)))
    return sorted(sorted(range(len(importance)), key=lambda i: (-importance[i], i))[:core])


def _components(inner: Sequence[int], neighbours: Sequence[Sequence[int]]) -> list[list[int]]:
    """Connected parts of the inner nodes, the largest first, each sorted."""
    left = set(inner)
    parts = []
    for start in inner:
        if start not in left:
            continue
        left.discard(start)
        part = [start]
        for node in part:
            for near in neighbours[node]:
                if near in left:
                    left.discard(near)
                    part.append(near)
        parts.append(sorted(part))
    return sorted(parts, key=lambda part: (-len(part), part[0]))


Drawn = dict[int, tuple[float, float]]
Bounds = tuple[float, float, float, float]


def _draw(part: Sequence[int], boxes: Sequence[Box], neighbours: Sequence[Sequence[int]]) -> Drawn:
    """One component, laid out around the origin."""
    if len(part) == 1:
        return {part[0]: (0.0, 0.0)}
    import numpy as np

    place_of = {node: i for i, node in enumerate(part)}
    links = [(place_of[a], place_of[b]) for a in part for b in neighbours[a] if a < b and b in place_of]
    room = np.array([[boxes[i].width, boxes[i].height] for i in part])
    points = draw(room, np.array(links))
    return {node: (float(x), float(y)) for node, (x, y) in zip(part, points, strict=True)}


def _bounds(drawn: Drawn, boxes: Sequence[Box]) -> Bounds:
    return (
        min(x - boxes[i].width / 2 for i, (x, _) in drawn.items()),
        min(y - boxes[i].height / 2 for i, (_, y) in drawn.items()),
        max(x + boxes[i].width / 2 for i, (x, _) in drawn.items()),
        max(y + boxes[i].height / 2 for i, (_, y) in drawn.items()),
    )


def _pack(parts: Sequence[Drawn], boxes: Sequence[Box]) -> Drawn:
    """Components on shelves: the largest first, the small ones in rows beneath it, each row centred."""
    areas = [_bounds(part, boxes) for part in parts]
    total = sum((right - left + _GAP) * (bottom - top + _GAP) for left, top, right, bottom in areas)
    widest = max((right - left for left, _, right, _ in areas), default=0.0)
    shelf = max(widest, math.sqrt(total * ASPECT))
    rows: list[list[int]] = [[]]
    wide = 0.0
    for i, (left, _, right, _) in enumerate(areas):
        if rows[-1] and wide + right - left > shelf:
            rows.append([])
            wide = 0.0
        rows[-1].append(i)
        wide += right - left + _GAP
    spots: Drawn = {}
    y = 0.0
    for row in rows:
        y += _shelve([(parts[i], areas[i]) for i in row], y, spots) + _GAP
    return spots


def _shelve(row: Sequence[tuple[Drawn, Bounds]], y: float, spots: Drawn) -> float:
    """Place a row of components at height ``y``, centred; the height that it takes is returned."""
    height = max((bottom - top for _, (_, top, _, bottom) in row), default=0.0)
    x = -sum(right - left + _GAP for _, (left, _, right, _) in row) / 2
    for part, (left, top, right, bottom) in row:
        down = y - top + (height - (bottom - top)) / 2
        spots.update({i: (px - left + x, py + down) for i, (px, py) in part.items()})
        x += right - left + _GAP
    return height


def _surround(spots: Drawn, neighbours: Sequence[Sequence[int]], importance: Sequence[float]) -> None:
    """Give the nodes outside the core a place around the neighbour through which they are first reached."""
    waiting = list(spots)
    for node in waiting:
        fresh = [near for near in neighbours[node] if near not in spots]
        for turn, near in enumerate(sorted(fresh, key=lambda i: (-importance[i], i))):
            x, y = spiral(turn + 4)
            spots[near] = (spots[node][0] + 30 * x, spots[node][1] + 30 * y)
            waiting.append(near)
    rest = [i for i in range(len(neighbours)) if i not in spots]
    bottom = max((y for _, y in spots.values()), default=0.0)
    for turn, node in enumerate(rest):
        spots[node] = (60.0 * (turn % 100), bottom + 60.0 * (1 + turn // 100))


def _middle(spots: Sequence[tuple[float, float]]) -> tuple[float, float]:
    if not spots:
        return 0.0, 0.0
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
