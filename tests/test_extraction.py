"""What extraction reaches on texts annotated by careful readers, and the worst mistake it must not make.

The bundled page is in ``data/gold``; the other texts stand beside this repository and are not ours to ship.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from kit import kit
from support import ROOT, shared, vocab

from kg.evaluate import Scores, score
from kg.gold import load_gold
from kg.pipeline import annotate
from kg.read import read
from kg.records import Record, to_records
from kg.types import ASSERTED

RECIPES = ("fast", "default")


@cache
def records(texts: Path, recipe: str) -> tuple[Record, ...]:
    found = annotate(list(read(sorted(texts.glob("*.txt")))), kit(recipe))
    return tuple(r for a in found for r in to_records(a, vocab(), lambda e: e.id))


def bundled(recipe: str) -> tuple[Scores, Path, Path]:
    texts, gold = ROOT / "data" / "articles", ROOT / "data" / "gold"
    return score(load_gold(gold), records(texts, recipe), vocab()), texts, gold


def reached(scores: Scores) -> tuple[float, float, float]:
    return scores.entities.f1, scores.facts.f1, scores.observations.f1


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_bundled_page(recipe: str) -> None:
    entities, facts, figures = reached(bundled(recipe)[0])
    assert entities >= 0.92
    assert facts >= 0.85
    assert figures >= 0.90


@pytest.mark.parametrize("recipe", RECIPES)
def test_other_articles(recipe: str) -> None:
    folder = shared("gold", "dev")
    entities, facts, figures = reached(score(load_gold(folder), records(folder, recipe), vocab()))
    assert entities >= 0.85
    assert facts >= 0.75
    assert figures >= 0.78


def doubted(gold_folder: Path, found: tuple[Record, ...]) -> Iterator[str]:
    """Facts asserted that the gold calls planned or denies, and does not assert elsewhere."""
    for name, gold in load_gold(gold_folder).items():
        here = [r for r in found if r["document"] == name]
        owner = {n: e.id for e in gold.entities for n in e.names}
        entities = [r for r in here if r["kind"] == "entity"]
        gold_id = {r["id"]: next((owner[n] for n in r["names"] if n in owner), r["id"]) for r in entities}
        said: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for f in gold.facts:
            said[f.predicate, f.subject, f.object].add(f.modality)
        for r in here:
            if r["kind"] == "fact" and r.get("modality", ASSERTED) == ASSERTED:
                key = (r["p"], gold_id.get(r["s"], r["s"]), gold_id.get(str(r["o"]), str(r["o"])))
                if key in said and ASSERTED not in said[key]:
                    yield f"{name}: {' '.join(key)}: {r['quote']}"


@pytest.mark.parametrize("recipe", RECIPES)
def test_nothing_planned_or_denied_is_asserted(recipe: str) -> None:
    assert list(doubted(ROOT / "data" / "gold", records(ROOT / "data" / "articles", recipe))) == []


@pytest.mark.parametrize("recipe", RECIPES)
def test_nothing_planned_or_denied_is_asserted_in_other_articles(recipe: str) -> None:
    folder = shared("gold", "dev")
    assert list(doubted(folder, records(folder, recipe))) == []
