"""The documentation of one term of the ontology, or of all, as data: for pages that people read.

    page = term_page(vocab, "openedOn")
    page.label["en"], page.relations["domain"]

Names are local names where the ontology declares them; anything else is a whole IRI or a kind of literal (``date``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.vocab_types import ClassTerm, Individual, PropertyTerm, Term, Vocab

CLASS, PREDICATE, QUALIFIER, PROPERTY, VALUE, OWN = "class", "predicate", "qualifier", "property", "value", "own"
KINDS = (CLASS, PREDICATE, QUALIFIER, PROPERTY, VALUE, OWN)
"""What a term may be; a predicate may stand in a fact, a qualifier on its evidence, any other property elsewhere.

In its own terms (``own``) the ontology describes itself."""
RELATIONS = (
    *("broader", "narrower", "domain", "range", "inverse", "event", "roles", "earlier", "traits"),
    *("subjectOf", "objectOf", "values", "of", "code", "aligned"),
)
"""What may be told of a term, in the order in which it is read; see :class:`TermPage`."""


@dataclass(frozen=True, slots=True)
class Use:
    """A term in use: a fact with the words that state it, or an entity of the class (then the rest is empty)."""

    subject: str
    object: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class TermPage:
    """What is to be said of one term. ``label`` and ``comment`` are by language (``zh``, ``en``).

    ``relations`` tells by name (:data:`RELATIONS`), never empty: the direct ``broader`` and ``narrower`` classes;
    ``domain``, ``range``, ``inverse`` of a property, the ``event`` that it abbreviates with the ``roles`` of its ends,
    ``earlier`` dates, its ``traits`` (symmetric …); the predicates a class is ``subjectOf`` and ``objectOf``, itself or
    by what is above it; the ``values`` of a class of named values, and what class a value is ``of``, with its
    ``code``; and the terms of other vocabularies with which it is ``aligned``.
    """

    name: str
    iri: str
    kind: str
    label: Mapping[str, str]
    comment: Mapping[str, str]
    relations: Mapping[str, tuple[str, ...]]
    colour: str = ""
    uses: tuple[Use, ...] = ()


def term_page(vocab: Vocab, name: str, uses: tuple[Use, ...] = ()) -> TermPage:
    """The page of the term with this local name; ``KeyError`` if the ontology declares none."""
    term: Term
    if name in vocab.classes:
        term = vocab.classes[name]
        kind, told = CLASS, _of_class(term, vocab)
    elif name in vocab.properties:
        term = vocab.properties[name]
        kind, told = _kind(term), _of_property(term)
    elif name in vocab.individuals:
        term = vocab.individuals[name]
        kind, told = VALUE, _of_value(term)
    else:
        term, kind, told = vocab.own[name], OWN, {}
    relations = {each: told[each] for each in RELATIONS if told.get(each)}
    if term.aligned:
        relations["aligned"] = tuple(sorted(term.aligned))
    label, comment = {"zh": term.label_zh, "en": term.label_en}, {"zh": term.comment_zh, "en": term.comment_en}
    colour = term.colour if isinstance(term, ClassTerm) else ""
    return TermPage(name, term.iri, kind, label, comment, relations, colour, uses)


def all_pages(vocab: Vocab, uses: Mapping[str, tuple[Use, ...]] | None = None) -> Iterator[TermPage]:
    """Every term, by kind, in the order of the ontology; ``uses`` holds examples by local name."""
    names = (*vocab.classes, *vocab.properties, *vocab.individuals, *vocab.own)
    pages = [term_page(vocab, name, (uses or {}).get(name, ())) for name in names]
    return (page for kind in KINDS for page in pages if page.kind == kind)


def _kind(term: PropertyTerm) -> str:
    if term.is_predicate:
        return PREDICATE
    return QUALIFIER if term.is_qualifier else PROPERTY


def _of_class(term: ClassTerm, vocab: Vocab) -> Mapping[str, tuple[str, ...]]:
    predicates = vocab.predicates.values()
    return {
        "broader": _sorted(term.parents),
        "narrower": tuple(name for name, other in vocab.classes.items() if term.name in other.parents),
        "subjectOf": tuple(p.name for p in predicates if term.ancestors & p.domain),
        "objectOf": tuple(p.name for p in predicates if term.ancestors & p.range),
        "values": tuple(value.name for value in vocab.individuals.values() if value.type == term.name),
    }


def _of_property(term: PropertyTerm) -> Mapping[str, tuple[str, ...]]:
    return {
        "domain": _sorted(term.domain),
        "range": _sorted(term.range),
        "inverse": _sorted({term.inverse} - {term.name, ""}),
        "event": _sorted({term.event} - {""}),
        "roles": tuple(role for role in (term.subject_role, term.object_role) if role),
        "earlier": _sorted(term.not_before),
        "traits": tuple(each for each in ("symmetric", "transitive", "functional") if getattr(term, each)),
    }


def _of_value(term: Individual) -> Mapping[str, tuple[str, ...]]:
    return {"of": (term.type,), "code": (term.code,)}


def _sorted(names: frozenset[str] | set[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
