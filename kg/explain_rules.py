"""Every rule of a recipe as its file has it: where it stands, its pattern as written, its examples, its score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.engines.figures import FIGURES
from kg.engines.names import NAME_V1
from kg.grammar import Example, Rule, read_yaml
from kg.pipeline import Kit, Recipe


@dataclass(frozen=True, slots=True)
class RuleSource:
    """A rule to be read by people.

    ``where`` is ``file:line``, relative to the folder of the ontology where the file lies under it; ``pattern`` is
    empty for what is no pattern; ``score`` is its author's.
    """

    id: str
    where: str
    pattern: str = ""
    when: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    score: float = 1.0


def rule_sources(kit: Kit) -> dict[str, RuleSource]:
    """The rules of a kit by the name that stands on evidence (``by``)."""
    found = [*_patterns(kit), *_structure(kit.recipe), *_files(kit.recipe)]
    return {source.id: source for source in sorted(found, key=lambda source: source.id)}


def place(path: str | Path, recipe: Recipe) -> str:
    """A file's address from the folder of the ontology, or the whole one where it lies elsewhere.

    The same in every checkout, so that pages and messages can be compared.
    """
    return str(path).removeprefix(f"{recipe.ontology.parent.as_posix()}/")


def _patterns(kit: Kit) -> Iterator[RuleSource]:
    parts = kit.parts
    rules: Iterable[Rule] = (*parts.relations, *parts.patterns, *parts.anaphora)
    for rule in rules:
        score = float(rule.raw.get("score", 0.85))
        pattern = str(rule.raw["pattern"])
        yield RuleSource(rule.id, place(rule.where, kit.recipe), pattern, rule.when, rule.examples, score)


def _structure(recipe: Recipe) -> Iterator[RuleSource]:
    """The entries that state facts of names: what they say of two classes is their pattern."""
    path = recipe.grammar / "structure.yaml"
    for raw in read_yaml(path) if path.exists() else ():
        where = f"{place(path, recipe)}:{raw['__line__']}"
        yield RuleSource(str(raw["id"]), where, _said(raw), score=float(raw.get("score", 0.9)))


def _said(raw: Mapping[str, Any]) -> str:
    given = (f"{key}: {value}" for key, value in raw.items() if key not in ("id", "score", "__line__"))
    return "{" + ", ".join(given) + "}"


def _files(recipe: Recipe) -> Iterator[RuleSource]:
    """Engines that are one rule, made of a whole file."""
    for id, name, score in ((FIGURES, "figures.yaml", 0.8), (NAME_V1, "names.yaml", 0.85)):
        if (recipe.grammar / name).exists():
            yield RuleSource(id, f"{place(recipe.grammar / name, recipe)}:1", score=score)
