"""Where each node of the network stands: computed once, at build time, seeded, without overlaps.

Each connected component is drawn by ForceAtlas2 (networkx; communities come out as clusters), turned so that
its longest side lies flat, spread until no two boxes (node and label) touch, and packed beside the others.
Up to ``SHOWN`` nodes all are seen; of a larger graph the ``CORE`` most important ones, and the page shows the
others on demand. The forces, whose cost grows with the square, are given ``CORE`` nodes at most: the others begin
around those that they are joined to.

Distances are in pixels at zoom 1. The same input gives the same positions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.view_communities import spiral
from kg.view_forces import ASPECT, draw, spread

if TYPE_CHECKING:
    from kg.view_forces import Array, Indices

SHOWN, CORE = 3000, 1500
"""Nodes drawn at once; of a graph with more than ``SHOWN``, the ``CORE`` most important ones are shown first."""

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
    boxes: Sequence[Box],
    links: Sequence[tuple[int, int]],
    importance: Sequence[float],
    *,
    shown: int = SHOWN,
    core: int = CORE,
) -> Layout:
    """Positions for ``len(boxes)`` nodes joined by ``links`` (pairs of indices; loops and repeats are harmless).

    >>> place([Box(10, 10)], [], [1.0]).positions
    ((0, 0),)
    """
    neighbours = _neighbours(len(boxes), links)
    inner = _most_important(range(len(boxes)), importance, core if len(boxes) > shown else shown)
    parts = _components(inner, neighbours)
    spots = _pack([_draw(part, boxes, neighbours, importance, core) for part in parts], boxes)
    _surround(spots, range(len(boxes)), neighbours, importance)
    middle = _middle([spots[i] for i in inner])
    positions = tuple((round(x - middle[0]), round(y - middle[1])) for x, y in (spots[i] for i in range(len(boxes))))
    return Layout(positions, frozenset(inner))


def _neighbours(count: int, links: Sequence[tuple[int, int]]) -> list[list[int]]:
    neighbours: list[list[int]] = [[] for _ in range(count)]
    for a, b in sorted({(min(a, b), max(a, b)) for a, b in links if a != b}):
        neighbours[a].append(b)
        neighbours[b].append(a)
    return neighbours


def _most_important(nodes: Sequence[int], importance: Sequence[float], count: int) -> list[int]:
    """The ``count`` most important of some nodes, in their order."""
    if len(nodes) <= count:
        return list(nodes)
    return sorted(sorted(nodes, key=lambda i: (-importance[i], i))[:count])


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


def _draw(
    part: Sequence[int],
    boxes: Sequence[Box],
    neighbours: Sequence[Sequence[int]],
    importance: Sequence[float],
    core: int,
) -> Drawn:
    """One component, laid out around the origin."""
    if len(part) == 1:
        return {part[0]: (0.0, 0.0)}
    heart = _most_important(part, importance, core)
    room, inner = _room(part, boxes), _room(heart, boxes)
    points = draw(inner, _links_of(heart, neighbours))
    if len(heart) == len(part):
        return _as_drawn(heart, points)
    wider = math.sqrt(float(room.prod(axis=1).sum() / inner.prod(axis=1).sum()))
    spots = _as_drawn(heart, points * wider)
    _surround(spots, part, neighbours, importance)
    return _as_drawn(part, spread(_points(part, spots), room, _links_of(part, neighbours)))


def _as_drawn(part: Sequence[int], points: Array) -> Drawn:
    return {node: (float(x), float(y)) for node, (x, y) in zip(part, points, strict=True)}


def _points(part: Sequence[int], spots: Drawn) -> Array:
    import numpy as np

    return np.array([spots[i] for i in part])


def _room(part: Sequence[int], boxes: Sequence[Box]) -> Array:
    import numpy as np

    return np.array([[boxes[i].width, boxes[i].height] for i in part])


def _links_of(part: Sequence[int], neighbours: Sequence[Sequence[int]]) -> Indices:
    """The links within a part, as rows of two places in it."""
    import numpy as np

    place_of = {node: i for i, node in enumerate(part)}
    links = [(place_of[a], place_of[b]) for a in part for b in neighbours[a] if a < b and b in place_of]
    return np.array(links, dtype=np.int64).reshape(-1, 2)


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


def _surround(
    spots: Drawn, nodes: Sequence[int], neighbours: Sequence[Sequence[int]], importance: Sequence[float]
) -> None:
    """Give those of ``nodes`` that have no place yet one around the middle of their neighbours that have one."""
    wanted = set(nodes)
    waiting = list(spots)
    for node in waiting:
        fresh = [near for near in neighbours[node] if near not in spots and near in wanted]
        for turn, near in enumerate(sorted(fresh, key=lambda i: (-importance[i], i))):
            known = [spots[i] for i in neighbours[near] if i in spots]
            x, y = spiral(turn + 4)
            middle = sum(x for x, _ in known) / len(known), sum(y for _, y in known) / len(known)
            spots[near] = (middle[0] + 30 * x, middle[1] + 30 * y)
            waiting.append(near)
    rest = [i for i in nodes if i not in spots]
    bottom = max((y for _, y in spots.values()), default=0.0)
    for turn, node in enumerate(rest):
        spots[node] = (60.0 * (turn % 100), bottom + 60.0 * (1 + turn // 100))


def _middle(spots: Sequence[tuple[float, float]]) -> tuple[float, float]:
    if not spots:
        return 0.0, 0.0
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
