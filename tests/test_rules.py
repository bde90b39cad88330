"""Every rule's own examples are its test: each must find exactly what it says, and nothing where it says nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kit import kit

from kg.examples import Problem, check_examples


def problems(recipe: str) -> dict[str, list[Problem]]:
    by_rule: dict[str, list[Problem]] = {}
    for problem in check_examples(kit(recipe)):
        by_rule.setdefault(problem.rule, []).append(problem)
    return by_rule


def rules() -> Iterator[str]:
    parts = kit().parts
    yield from dict.fromkeys(head.id for head in parts.names.heads.values())
    yield from (rule.id for rule in (*parts.patterns, *parts.anaphora, *parts.relations))


@pytest.fixture(scope="module")
def found() -> dict[str, list[Problem]]:
    """All examples that do not hold, by rule; read in one go, which is cheap."""
    return problems("fast")


@pytest.mark.parametrize("rule", list(rules()))
def test_a_rule_finds_what_its_examples_say(rule: str, found: dict[str, list[Problem]]) -> None:
    assert [str(problem) for problem in found.get(rule, ())] == []


def test_the_examples_hold_with_the_tagger_too() -> None:
    assert [str(problem) for problem in check_examples(kit("default"))] == []


def test_ids_are_unique_over_all_rules() -> None:
    ids = list(rules())
    assert sorted(ids) == sorted(set(ids))
