"""Where the nodes of a large component begin, before forces move them: each community together, near its neighbours.

From such a start a fifth of the rounds gives a better drawing, for the forces are slow to disentangle what is mixed.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

Spot = tuple[float, float]

_ROUNDS, _CLOSE = 200, 0.6
_GOLDEN = math.pi * (3 - math.sqrt(5))


def spiral(i: int) -> Spot:
    """The i-th point of a sunflower: evenly spread without chance, one unit apart or so."""
    radius = math.sqrt(i + 0.5)
    return radius * math.cos(i * _GOLDEN), radius * math.sin(i * _GOLDEN)


def communities(graph: nx.Graph[int]) -> list[Spot]:
    """A place for each of the nodes 0, 1, 2 …: around the middle of its community, those with most links inmost.

    Communities are found by Louvain's method (networkx, seeded) and stand as ForceAtlas2 puts the graph between them.
    """
    import networkx as nx

    found = nx.community.louvain_communities(graph, seed=1)
    parts = sorted((sorted(part) for part in found), key=lambda part: (-len(part), part[0]))
    middles = _between(graph, parts)
    spots: list[Spot] = [(0.0, 0.0)] * len(graph)
    for part, (x, y) in zip(parts, middles, strict=True):
        for turn, node in enumerate(sorted(part, key=lambda node: (-graph.degree(node), node))):
            dx, dy = spiral(turn)
            spots[node] = (x + _CLOSE * dx, y + _CLOSE * dy)
    return spots


def _between(graph: nx.Graph[int], parts: list[list[int]]) -> list[Spot]:
    """The middle of each community, in a cloud that is as large as all nodes need."""
    import networkx as nx
    import numpy as np

    part_of = {node: i for i, part in enumerate(parts) for node in part}
    joined = Counter((min(pair), max(pair)) for a, b in graph.edges for pair in [(part_of[a], part_of[b])])
    small: nx.Graph[int] = nx.Graph()
    small.add_nodes_from(range(len(parts)))
    small.add_weighted_edges_from((a, b, count) for (a, b), count in sorted(joined.items()) if a != b)
    start = {i: np.array(spiral(i)) for i in range(len(parts))}
    if len(parts) == 1:
        return [(0.0, 0.0)]
    placed = nx.forceatlas2_layout(small, pos=start, max_iter=_ROUNDS, seed=1, weight="weight")
    points = np.array([placed[i] for i in range(len(parts))])
    points -= points.mean(axis=0)
    points *= math.sqrt(len(graph)) / (float(np.abs(points).max()) or 1.0)
    return [(float(x), float(y)) for x, y in points]
