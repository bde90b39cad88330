"""Engines by name: one table for those that find mentions, one for those that find facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from kg.engines.coordination import CoordinationEngine
from kg.engines.figure_data import load_figures
from kg.engines.figures import FigureEngine
from kg.engines.known import KnownEngine
from kg.engines.names import NameEngine
from kg.engines.parts import Parts
from kg.engines.patterns import PatternEngine
from kg.engines.rules import RuleEngine
from kg.engines.short import ShortNameEngine
from kg.engines.structure import StructureEngine, load_structure
from kg.errors import DataError
from kg.types import FactEngine, MentionEngine

E = TypeVar("E")

MENTION_ENGINES: Mapping[str, Callable[[Parts], MentionEngine]] = {
    "lexicon": lambda p: KnownEngine(p.lexicon),
    "names": lambda p: NameEngine(p.names, p.lexicon, p.vocab),
    "patterns": lambda p: PatternEngine("patterns.v1", p.patterns, p.masker, p.names.words),
    "coordination": lambda p: CoordinationEngine(p.linker.data.coordinated, p.linker.data.sited, p.linker.data.joins),
    "short": lambda p: ShortNameEngine(p.names.words, p.linker.data.shortened, p.vocab),
    "edges": lambda p: p.tagger_engines[0],
    "tagger": lambda p: p.tagger_engines[1],
    "anaphora": lambda p: PatternEngine("anaphora.v1", p.anaphora, p.masker, p.names.words),
}
FACT_ENGINES: Mapping[str, Callable[[Parts], FactEngine]] = {
    "structure": lambda p: StructureEngine(
        load_structure(p.grammar / "structure.yaml", p.vocab), p.linker.joins, p.vocab
    ),
    "rules": lambda p: RuleEngine(p.relations, p.masker, p.modality, p.lexicon, p.vocab),
    "figures": lambda p: FigureEngine(
        load_figures(p.grammar / "figures.yaml", p.compiler, p.vocab), p.masker, p.modality
    ),
}


def make(table: Mapping[str, Callable[[Parts], E]], names: Sequence[str], parts: Parts) -> tuple[E, ...]:
    """The engines of these names, in their order; a wrong name is answered with the right ones."""
    for name in names:
        if name not in table:
            raise DataError(f"recipe: no engine {name!r}; known: {', '.join(table)}")
    return tuple(table[name](parts) for name in names)
