"""How well names are compared, over the pairs of ``data/names-test.csv``; half of them were never used to tune."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from benchmarks.names import SPLITS, Pair, Structure, by_difflib, load_pairs, measure

FALSE_MERGES, MISSES = 0.01, 0.05
"""What is allowed at most, of different and of same pairs."""


@cache
def structure() -> Structure:
    return Structure()


def half(split: str) -> list[Pair]:
    return [pair for pair in load_pairs() if pair.split == split]


def test_there_are_enough_pairs_and_each_says_why() -> None:
    pairs = load_pairs()
    assert len(pairs) >= 500
    assert {pair.verdict for pair in pairs} == {"same", "different"}
    assert all(pair.reason and pair.left and pair.right for pair in pairs)
    assert {pair.split for pair in pairs} == set(SPLITS)


def test_no_pair_stands_twice() -> None:
    keys = (frozenset([(p.left, p.left_in), (p.right, p.right_in)]) | {(p.type, "")} for p in load_pairs())
    assert [key for key, n in Counter(keys).items() if n > 1] == []


def test_types_are_those_of_the_guidelines() -> None:
    assert {pair.type for pair in load_pairs()} <= structure().vocab.types


@pytest.mark.parametrize("split", SPLITS)
def test_hardly_anything_is_merged_that_is_two(split: str) -> None:
    result = measure(half(split), structure().is_same)
    assert result.false_merges <= FALSE_MERGES, result.merged


@pytest.mark.parametrize("split", SPLITS)
def test_few_aliases_are_missed(split: str) -> None:
    result = measure(half(split), structure().is_same)
    assert result.misses <= MISSES, result.missed


def test_the_order_of_the_two_does_not_matter() -> None:
    for pair in load_pairs():
        turned = Pair(
            pair.right, pair.left, pair.type, pair.verdict, pair.reason, pair.right_in, pair.left_in, pair.split
        )
        assert structure().is_same(pair) == structure().is_same(turned), pair


def test_a_measure_of_likeness_does_worse() -> None:
    ours, likeness = measure(half("test"), structure().is_same), measure(half("test"), by_difflib)
    assert likeness.false_merges > 10 * FALSE_MERGES
    assert likeness.misses > 4 * ours.misses
