"""What all documents of one build share when they are written as RDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kg.iri import BASE, digest, entity_iri, known_iri
from kg.nquads import iri
from kg.types import Entity
from kg.units import load_units
from kg.vocab_types import PropertyTerm, Vocab


def bundled_units() -> Mapping[str, str]:
    """QUDT's terms for the units of the bundled table that have one."""
    return {word: unit.qudt for word, unit in load_units().items() if unit.qudt}


@dataclass(frozen=True)
class Context:
    """Ontology, base of the IRIs, recipe and QUDT's units; makes the terms that depend on them, each once.

    ``recipe`` names the recipe, best by its hash; ``units`` maps a unit as texts have it (``公里``) to QUDT's term
    (``unit:KiloM``); ``canonical`` maps an id to the one that stands for it. Without ``mentions`` only statements and
    figures keep their place in the text. Not slotted: what is derived is kept.
    """

    vocab: Vocab
    base: str = BASE
    recipe: str = "default"
    units: Mapping[str, str] = field(default_factory=bundled_units)
    mentions: bool = True
    canonical: Mapping[str, str] = field(default_factory=dict)

    def entity_id(self, entity: Entity) -> str:
        """What stands behind ``id/`` in the IRI that an entity has of itself."""
        return entity_iri(self.base, entity).removeprefix(known_iri(self.base, ""))

    def entity_iri(self, entity: Entity) -> str:
        """The IRI of an entity, or of the one that stands for it (``canonical``, by id) where several are one."""
        other = self.canonical.get(self.entity_id(entity)) if self.canonical else None
        return known_iri(self.base, other) if other else entity_iri(self.base, entity)

    def graph(self, name: str) -> str:
        """A named graph (``facts``, ``evidence`` …) as a term."""
        return self._graphs[name]

    def term(self, name: str) -> str:
        """The term of the ontology with this local name."""
        return self._terms[name]

    def value(self, predicate: str, code: str) -> str:
        """The named value with this code that ``predicate`` takes (``status``, ``operational``) as a term."""
        return self._values[predicate, code]

    def shortcut(self, predicate: str) -> PropertyTerm | None:
        """The property, if it abbreviates an event."""
        return self._shortcuts.get(predicate)

    @property
    def ontology(self) -> str:
        """The named graph that holds the ontology."""
        return f"<{self.base}ontology>"

    @cached_property
    def activity(self) -> str:
        """The one activity by which all evidence of this recipe was generated."""
        return f"<{self.base}run/{digest('recipe', self.recipe, digits=12)}>"

    @property
    def agent(self) -> str:
        """The program that carries the activity out."""
        return f"<{self.base}agent/kg>"

    @cached_property
    def symmetric(self) -> frozenset[str]:
        """Predicates whose ends may be swapped: a statement with them has the lesser end first."""
        return frozenset(name for name, term in self.vocab.properties.items() if term.symmetric)

    @cached_property
    def qualifiers(self) -> frozenset[str]:
        """Properties that qualify a fact, on its evidence."""
        return frozenset(name for name, term in self.vocab.properties.items() if term.is_qualifier)

    @cached_property
    def _shortcuts(self) -> dict[str, PropertyTerm]:
        return {name: term for name, term in self.vocab.properties.items() if term.event}

    @cached_property
    def _values(self) -> dict[tuple[str, str], str]:
        names = self.vocab.properties
        return {(name, code): iri(v.iri) for name in names for code, v in self.vocab.values(name).items()}

    @cached_property
    def _graphs(self) -> _Terms:
        return _Terms(f"{self.base}graph/")

    @cached_property
    def _terms(self) -> _Terms:
        return _Terms(self.vocab.namespace)


class _Terms(dict[str, str]):
    """The terms that begin with one namespace, made when they are first asked for."""

    def __init__(self, namespace: str) -> None:
        super().__init__()
        self.namespace = namespace

    def __missing__(self, name: str) -> str:
        self[name] = made = iri(self.namespace + name)
        return made
