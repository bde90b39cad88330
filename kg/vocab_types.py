"""What the ontology says: classes, properties, named values; the one place from which all others know a term.

``load_vocab("ontology.ttl")`` reads it; everything is keyed by local name (``"Zone"``, ``"openedOn"``).
Engines ask ``admits`` whether a fact is possible; the graph asks ``individual`` for the IRI of a code; the view asks
for colours and shapes; the shapes and docs/ontology.md are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Term:
    """Anything that the ontology declares. ``aligned`` holds the IRIs of other vocabularies that it is tied to."""

    name: str
    iri: str
    label_zh: str
    label_en: str
    comment_zh: str
    comment_en: str
    aligned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassTerm(Term):
    """A class. ``parents`` are the direct ones; ``ancestors`` and ``disjoint`` are closed, ``ancestors`` holds itself.

    ``counts_as`` is the type as which it is annotated and scored, empty for what is no entity;
    ``colour`` (``#RRGGBB``) and ``shape`` (a node shape of vis-network) are its own or inherited.
    """

    parents: frozenset[str] = frozenset()
    ancestors: frozenset[str] = frozenset()
    disjoint: frozenset[str] = frozenset()
    colour: str = ""
    shape: str = ""
    counts_as: str = ""


@dataclass(frozen=True, slots=True)
class PropertyTerm(Term):
    """A property. ``domain`` holds class names; ``range`` class names or kinds of literal (``date``, ``decimal`` …).

    ``only`` narrows the range for some classes of subject. ``is_predicate`` says that a fact may use it,
    ``is_qualifier`` that it may qualify one. ``event`` is the class of event that it abbreviates, with the properties
    that lead from the event to its subject and object; ``not_before`` names dates of the same thing that come first.
    """

    domain: frozenset[str] = frozenset()
    range: frozenset[str] = frozenset()
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    symmetric: bool = False
    transitive: bool = False
    functional: bool = False
    inverse: str = ""
    event: str = ""
    subject_role: str = ""
    object_role: str = ""
    not_before: frozenset[str] = frozenset()
    is_predicate: bool = False
    is_qualifier: bool = False


@dataclass(frozen=True, slots=True)
class Individual(Term):
    """A named value: ``type`` is its class, ``code`` the short name used in records and lexicons."""

    type: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Vocab:
    """The whole ontology by local name. Equal files give equal vocabularies.

    ``own`` are the terms in which it describes itself: kinds of property, annotations and kinds of literal.
    """

    namespace: str
    classes: Mapping[str, ClassTerm]
    properties: Mapping[str, PropertyTerm]
    individuals: Mapping[str, Individual]
    prefix: str = "kg"
    ontology: str = ""
    own: Mapping[str, Term] = field(default_factory=dict)

    def is_a(self, child: str, parent: str) -> bool:
        """Whether one class is the other or below it; unknown classes are nothing."""
        known = self.classes.get(child)
        return known is not None and parent in known.ancestors

    def narrower(self, parent: str) -> frozenset[str]:
        """A class and all below it."""
        return frozenset(name for name, term in self.classes.items() if parent in term.ancestors)

    def admits(self, predicate: str, subject: str, object: str) -> bool:
        """Whether a predicate may join a subject of one class to an object of another, or to a kind of literal.

        The object is a class, the ``datatype`` of a ``Value`` (``date``, ``gYear``, ``decimal`` …), or ``term`` for a
        named value. Unknown names are admitted nowhere.
        """
        term, known = self.properties.get(predicate), self.classes.get(subject)
        if term is None or known is None or known.ancestors.isdisjoint(term.domain):
            return False
        if object not in self.classes:
            return object in term.range or (object == "term" and bool(self.values(predicate)))
        above = self.classes[object].ancestors
        narrowed = (allowed for name, allowed in term.only.items() if name in known.ancestors)
        return not above.isdisjoint(term.range) and not any(above.isdisjoint(allowed) for allowed in narrowed)

    def values(self, predicate: str) -> Mapping[str, Individual]:
        """The named values that a property takes, by code; empty where it takes none."""
        term = self.properties.get(predicate)
        types = term.range if term else frozenset()
        return {each.code: each for each in self.individuals.values() if each.type in types}

    def individual(self, type: str, code: str) -> Individual:
        """The named value of a class by its code (``individual("Status", "planned")``); ``KeyError`` if none."""
        for each in self.individuals.values():
            if each.code == code and each.type == type:
                return each
        raise KeyError(f"{type} has no value {code!r}")

    def name(self, iri: str) -> str:
        """The local name of one of our IRIs, empty for any other."""
        return iri[len(self.namespace) :] if iri.startswith(self.namespace) else ""

    @property
    def predicates(self) -> Mapping[str, PropertyTerm]:
        """The properties that facts may use."""
        return {name: term for name, term in self.properties.items() if term.is_predicate}

    @property
    def types(self) -> frozenset[str]:
        """The types as which entities are annotated and scored."""
        return frozenset(term.counts_as for term in self.classes.values()) - {""}
