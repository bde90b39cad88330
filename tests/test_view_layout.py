"""Where nodes stand: repeatable, without overlaps, components apart, the rest around the core."""

from __future__ import annotations

import random
from itertools import combinations
from math import dist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.view_layout import Box, Layout, importance_of, place

BOX = Box(90, 50)


def lay(count: int, links: list[tuple[int, int]], **options: int) -> Layout:
    return place([BOX] * count, links, importance_of(count, links), **options)


def overlaps(layout: Layout, box: Box = BOX) -> list[tuple[int, int]]:
    spots = layout.positions
    return [
        (i, j)
        for i, j in combinations(range(len(spots)), 2)
        if abs(spots[i][0] - spots[j][0]) < box.width - 6 and abs(spots[i][1] - spots[j][1]) < box.height - 6
    ]


def community(first: int, size: int) -> list[tuple[int, int]]:
    return list(combinations(range(first, first + size), 2))


def some_graph(count: int, extra: int) -> list[tuple[int, int]]:
    chance = random.Random(5)
    tree = [(chance.randrange(i), i) for i in range(1, count)]
    return tree + [(chance.randrange(count), chance.randrange(count)) for _ in range(extra)]


def test_the_same_graph_gives_the_same_positions() -> None:
    links = some_graph(60, 30)
    assert lay(60, links) == lay(60, links)
    assert lay(60, links) == lay(60, [(b, a) for a, b in reversed(links)])


def test_nothing_gives_nothing() -> None:
    assert lay(0, []) == Layout((), frozenset())


@pytest.mark.parametrize("links", [[], [(0, 0)], some_graph(70, 40), community(0, 5) + community(10, 6)])
def test_boxes_do_not_overlap(links: list[tuple[int, int]]) -> None:
    assert overlaps(lay(70, links)) == []


def test_nodes_keep_clear_of_the_edges_of_others() -> None:
    star = [(0, i) for i in range(1, 9)]
    layout = lay(9, star)
    x0, y0 = layout.positions[0]
    turns = {round((x - x0) / (abs(x - x0) + abs(y - y0)), 1) for x, y in layout.positions[1:]}
    assert len(turns) > 4  # the rays go everywhere, not over each other


def test_a_community_stands_together() -> None:
    layout = lay(12, [*community(0, 6), *community(6, 6), (0, 6)])
    spots = layout.positions

    def mean_distance(pairs: list[tuple[int, int]]) -> float:
        return sum(dist(spots[i], spots[j]) for i, j in pairs) / len(pairs)

    inside = mean_distance([*community(0, 6), *community(6, 6)])
    assert inside < 0.75 * mean_distance([(i, j) for i in range(6) for j in range(6, 12)])


def test_the_most_linked_node_is_the_most_important() -> None:
    importance = importance_of(6, [(0, 1), (0, 2), (0, 3), (3, 4)])
    assert max(range(6), key=importance.__getitem__) == 0
    assert min(range(6), key=importance.__getitem__) == 5
    assert sum(importance) / 6 == pytest.approx(1, abs=0.001)


def test_beyond_the_core_nodes_stand_around_their_neighbours() -> None:
    links = some_graph(300, 100)
    layout = lay(300, links, shown=299, core=40)
    assert len(layout.core) == 40
    assert len(layout.positions) == 300
    importance = importance_of(300, links)
    assert min(importance[i] for i in layout.core) >= max(importance[i] for i in range(300) if i not in layout.core)


def test_up_to_a_size_all_are_shown_though_the_forces_draw_only_some() -> None:
    links = some_graph(300, 100)
    layout = lay(300, links, shown=300, core=220)
    assert len(layout.core) == 300
    assert len(overlaps(layout)) < 30  # names that would touch wait for more zoom
    near = [dist(layout.positions[a], layout.positions[b]) for a, b in links]
    far = [dist(layout.positions[a], layout.positions[b]) for a, b in combinations(range(300), 2)]
    assert sum(near) / len(near) < 0.6 * sum(far) / len(far)
    assert layout == lay(300, links, shown=300, core=220)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 14), st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=30))
def test_any_small_graph_is_drawn_without_overlaps(count: int, links: list[tuple[int, int]]) -> None:
    layout = lay(count, [(a % count, b % count) for a, b in links])
    assert len(layout.positions) == count
    assert overlaps(layout) == []
