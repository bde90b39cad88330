"""Engines by name: one table for those that find mentions, one for those that find facts."""

from __future__ import annotations

import re

import pytest
from kit import kit

from kg.engines import FACT_ENGINES, MENTION_ENGINES, make
from kg.errors import DataError
from kg.types import Annotation

WITHOUT_MODEL = [name for name in MENTION_ENGINES if name not in ("edges", "tagger")]


def test_the_bundled_recipes_name_known_engines() -> None:
    for recipe in (kit("fast").recipe, kit("default").recipe):
        assert set(recipe.mention_engines) <= MENTION_ENGINES.keys()
        assert set(recipe.fact_engines) <= FACT_ENGINES.keys()


def test_engines_are_made_in_the_order_of_their_names() -> None:
    made = make(MENTION_ENGINES, ["anaphora", "lexicon"], kit().parts)
    assert [engine.name for engine in made] == ["anaphora.v1", "lexicon.v1"]
    assert make(MENTION_ENGINES, [], kit().parts) == ()


def test_a_wrong_name_is_answered_with_the_right_ones() -> None:
    with pytest.raises(DataError, match=re.escape(f"no engine 'oracle'; known: {', '.join(FACT_ENGINES)}")):
        make(FACT_ENGINES, ["rules", "oracle"], kit().parts)


@pytest.mark.parametrize("name", WITHOUT_MODEL)
def test_an_engine_of_mentions_names_its_version_and_answers_batches(name: str) -> None:
    (engine,) = make(MENTION_ENGINES, [name], kit().parts)
    assert re.fullmatch(r"[a-z-]+\.v\d+", engine.name)
    assert list(engine.mentions([])) == []


@pytest.mark.parametrize("name", FACT_ENGINES)
def test_an_engine_of_facts_names_its_version_and_answers_batches(name: str) -> None:
    (engine,) = make(FACT_ENGINES, [name], kit().parts)
    assert re.fullmatch(r"[a-z-]+\.v\d+", engine.name)
    batch: list[Annotation] = []
    assert list(engine.facts(batch)) == []
