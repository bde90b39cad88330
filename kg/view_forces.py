"""One connected component drawn well: forces, then room for every node and its name, then the best of several tries.

What counts against a drawing: nodes that stand on an edge of others, edges that cross, edges that are long.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from kg.view_communities import Spot, communities, spiral

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Indices = NDArray[np.int64]

TRIES = ((1, 1.0), (2, 1.5), (3, 0.6), (4, 1.0), (5, 2.0), (6, 1.5))
"""Seed and gravity of each try. The most promising ``FINISHED`` are worked out; a component of fewer than ``FEW`` or
more than ``MANY`` nodes gets the first alone."""
FINISHED, FEW, MANY = 2, 8, 200
ASPECT = 1.45
"""Width to height of the frame that a drawing should fill."""
CLEAR = 9.0
"""Pixels between a node's rim and an edge that passes it."""
LOOSE = 1.5
"""How much wider than its boxes need a large component is, so that there is air between communities."""
TURNS = 240
"""Times that the boxes of a large component are moved apart."""

_WORK = 12_000_000
"""Pairs of nodes, or of nodes and edges, that are looked at while boxes are moved apart."""


def draw(room: Array, links: Indices) -> Array:
    """Centres for boxes of ``room`` (width, height) joined by ``links`` (rows of two indices), around the origin."""
    tries = TRIES if FEW <= len(room) <= MANY else TRIES[:1]
    sketches = [_sketch(room, links, seed, gravity) for seed, gravity in tries]
    if len(sketches) > 1:
        sketches.sort(key=lambda points: flaws(points, room, links))
    drawings = [spread(points, room, links) for points in sketches[:FINISHED]]
    best = min(drawings, key=lambda points: flaws(points, room, links)) if len(drawings) > 1 else drawings[0]
    middle: Array = (best.max(axis=0) + best.min(axis=0)) / 2
    return best - middle


def _sketch(room: Array, links: Indices, seed: int, gravity: float) -> Array:
    """Where the forces put the boxes, in a cloud of the right size and turn."""
    import numpy as np

    points = _forces(len(room), links, seed, gravity)
    points = points @ _flat(points)
    reach = float(np.abs(points - points.mean(axis=0)).max()) or 1.0
    loose = LOOSE if len(points) > MANY else 0.8 if len(points) >= FEW else 0.45
    points *= loose * math.sqrt(float(room.prod(axis=1).sum())) / reach
    wide: Array = points * np.array([math.sqrt(ASPECT), 1 / math.sqrt(ASPECT)])
    return wide


def _forces(count: int, links: Indices, seed: int, gravity: float) -> Array:
    import networkx as nx
    import numpy as np

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(map(tuple, links.tolist()))
    start = communities(graph) if count > MANY else _mixed(count, seed)
    rounds = max(30, min(240, 40_000 // count)) if count >= FEW else 60
    where = {i: np.array(spot) for i, spot in enumerate(start)}
    # Two nodes in one place would divide by zero; such a drawing is not finite and the start stands in for it.
    with np.errstate(divide="ignore", invalid="ignore"):
        found = nx.forceatlas2_layout(graph, pos=where, max_iter=rounds, seed=seed, linlog=True, gravity=gravity)
    points = np.array([found[i] for i in range(count)])
    return points if np.isfinite(points).all() else np.array(start)


def _mixed(count: int, seed: int) -> list[Spot]:
    """The points of a sunflower in an order of their own for each seed."""
    step = next(step for step in range(2 * seed - 1, 3 * count + 20) if math.gcd(step, count) == 1)
    return [spiral(i * step % count) for i in range(count)]


def _flat(points: Array) -> Array:
    """The turn that lays the longest side of a cloud of points flat."""
    import numpy as np

    centred = points - points.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    turn: Array = axes[:, ::-1]
    return turn * np.where(turn[0] < 0, -1.0, 1.0)


def spread(points: Array, room: Array, links: Indices) -> Array:
    """Move boxes apart, and nodes off the edges of others, until all have room (or for as long as it pays)."""
    turns = min(400, max(TURNS, _WORK // len(room) ** 2))
    clearing = min(70, _WORK // 10 // (len(room) * max(1, len(links))))
    for turn in range(turns):
        moved = turn < clearing and _off_edges(points, room, links)
        if not _apart(points, room) and not moved:
            break
    return points


def _apart(points: Array, room: Array) -> bool:
    """Push boxes that overlap apart, each pair along its shorter way; whether there were any."""
    import numpy as np

    left, right = _beside(points[:, 0], room[:, 0])
    gaps = points[left] - points[right]
    lacking = (room[left] + room[right]) / 2 - np.abs(gaps)
    over = (lacking > 0.5).all(axis=1)
    left, right, gaps, lacking = left[over], right[over], gaps[over], lacking[over]
    axis = lacking.argmin(axis=1)
    rows = np.arange(len(left))
    push = np.where(gaps[rows, axis] >= 0, 0.5, -0.5) * (lacking[rows, axis] * 0.5 + 1)
    np.add.at(points, (left, axis), push)
    np.add.at(points, (right, axis), -push)
    return bool(len(left))


def _beside(middles: Array, widths: Array) -> tuple[Indices, Indices]:
    """All pairs of boxes that share some of the width, each pair once: far fewer than all pairs."""
    import numpy as np

    order = np.argsort(middles - widths / 2, kind="stable")
    starts, ends = (middles - widths / 2)[order], (middles + widths / 2)[order]
    after = np.searchsorted(starts, ends, side="left") - np.arange(len(order)) - 1
    first = np.repeat(np.arange(len(order)), after)
    step = np.arange(len(first)) - np.repeat(np.cumsum(after) - after, after)
    return order[first], order[first + 1 + step]


def _passing(points: Array, room: Array, links: Indices) -> tuple[Indices, Indices, Array, Array]:
    """Nodes too near to edges of others: node, edge, the way from the edge to the node, and what is lacking."""
    import numpy as np

    a, d = points[links[:, 0]], points[links[:, 1]] - points[links[:, 0]]
    along = ((points[:, None, :] - a[None]) * d[None]).sum(axis=2) / np.maximum((d * d).sum(axis=1), 1.0)
    way = points[:, None, :] - (a[None] + np.clip(along, 0, 1)[:, :, None] * d[None])
    need = room[:, 1] / 4 + CLEAR
    lack = need[:, None] - np.linalg.norm(way, axis=2)
    own = np.arange(len(points))[:, None, None] == links[None]
    node, edge = np.nonzero((lack > 0.5) & ~own.any(axis=2) & (along > 0.02) & (along < 0.98))
    return node, edge, way[node, edge], lack[node, edge]


def _off_edges(points: Array, room: Array, links: Indices) -> bool:
    import numpy as np

    node, edge, way, lack = _passing(points, room, links)
    length = np.linalg.norm(way, axis=1, keepdims=True)
    across = points[links[edge, 1]] - points[links[edge, 0]]
    across = np.stack([-across[:, 1], across[:, 0]], axis=1) / np.maximum(np.linalg.norm(across, axis=1), 1.0)[:, None]
    push = np.where(length > 1e-6, way / np.maximum(length, 1e-6), across) * (lack * 0.3)[:, None]
    np.add.at(points, node, push)
    np.add.at(points, links[edge, 0], -0.3 * push)
    np.add.at(points, links[edge, 1], -0.3 * push)
    return bool(len(node))


def flaws(points: Array, room: Array, links: Indices) -> float:
    """How much is wrong with a drawing; lower is better."""
    import numpy as np

    node, *_ = _passing(points, room, links)
    lengths = np.linalg.norm(points[links[:, 0]] - points[links[:, 1]], axis=1)
    width, height = points.max(axis=0) - points.min(axis=0) + room.mean(axis=0)
    frame = max(float(width), ASPECT * float(height))
    need = math.sqrt(ASPECT * float(room.prod(axis=1).sum()))
    return 2.0 * len(node) + _crossings(points, links) + float(lengths.sum()) / frame + 30 * frame / need


def _crossings(points: Array, links: Indices) -> int:
    """Pairs of edges that cross (edges that share a node do not)."""
    import numpy as np

    p, q = points[links[:, 0]], points[links[:, 1]]

    def side(a: Array, b: Array, c: Array) -> Array:
        left: Array = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1])
        right: Array = (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
        return left - right

    one, other = (p[:, None], q[:, None]), (p[None], q[None])
    apart = (side(*one, other[0]) * side(*one, other[1]) < 0) & (side(*other, one[0]) * side(*other, one[1]) < 0)
    return int(np.triu(apart, 1).sum())
