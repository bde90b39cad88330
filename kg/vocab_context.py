"""The JSON-LD context of a graph, made from the ontology: short keys for its terms, types of values, languages.

    context = make_context(vocab, prefixes)
    context.document["openedOn"]    # {"@id": "kg:openedOn", "@type": "xsd:date"}

It is the same for the same ontology and prefixes. Where a prefix has the name of a term, the term keeps it and the
prefix gets a trailing underscore; a foreign term that has the name of one of ours goes by its prefix instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kg import terms as t
from kg.vocab_types import PropertyTerm, Vocab

CONTEXT = "context.jsonld"
"""The last part of the context's address."""
ID, VOCAB, LANGUAGES = "@id", "@vocab", "@language"
REVERSED: Mapping[str, str] = {"statements": t.RDF + "subject"}
"""Keys that lead from a thing to what speaks of it; see :data:`ABOUT` for figures."""
ABOUT = ("observations", "about")
"""The same for what is about a thing, by a property of the ontology itself."""

_FOREIGN: Mapping[str, tuple[str, str]] = {
    "label": (t.LABEL, LANGUAGES),
    "comment": (f"<{t.RDFS}comment>", LANGUAGES),
    "altLabel": (t.ALT_LABEL, LANGUAGES),
    "sameAs": (t.SAME_AS, ID),
    "subject": (t.SUBJECT, ID),
    "predicate": (t.PREDICATE, VOCAB),
    "object": (t.OBJECT, ""),
    "hasSource": (t.HAS_SOURCE, ID),
    "hasSelector": (t.HAS_SELECTOR, ID),
    "exact": (t.EXACT, ""),
    "prefix": (t.PREFIX, ""),
    "suffix": (t.SUFFIX, ""),
    "start": (t.START, t.XSD + "integer"),
    "end": (t.END, t.XSD + "integer"),
    "wasGeneratedBy": (t.GENERATED_BY, ID),
    "wasDerivedFrom": (t.DERIVED_FROM, ID),
    "wasAssociatedWith": (t.ASSOCIATED_WITH, ID),
    "headline": (t.HEADLINE, ""),
    "datePublished": (t.DATE_PUBLISHED, t.XSD + "date"),
    "title": (t.TITLE, ""),
    "identifier": (t.IDENTIFIER, ""),
    "source": (t.SOURCE, ""),
    "issued": (t.ISSUED, t.XSD + "date"),
    "language": (t.LANGUAGE, ""),
    "latitude": (t.LATITUDE, t.XSD + "decimal"),
    "longitude": (t.LONGITUDE, t.XSD + "decimal"),
    "hasUnit": (t.HAS_UNIT, ID),
    "isReplacedBy": (t.REPLACED_BY, ID),
}
_UNTYPED = frozenset({"string", "langString"})


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a property. ``type`` is how its plain values are read: ``@id``, ``@vocab``, a datatype's IRI, or
    ``@language`` where they stand in a map by language; empty is as JSON has them."""

    name: str
    type: str


@dataclass(frozen=True)
class JsonContext:
    """A context, and what writers need of it: the keys of properties, and the names of our terms, by IRI."""

    document: Mapping[str, Any]
    keys: Mapping[str, Key]
    names: Mapping[str, str]
    prefixes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _prefix_of(self) -> Mapping[str, str]:
        return {namespace: prefix for prefix, namespace in sorted(self.prefixes.items(), reverse=True)}

    def short(self, iri: str) -> str:
        """An IRI as the context lets one write it where an address is expected."""
        end = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self._prefix_of.get(iri[:end])
        return f"{prefix}:{iri[end:]}" if prefix and end < len(iri) else iri

    def term(self, iri: str) -> str:
        """An IRI where a term is expected: a class, or the value of a property of type ``@vocab``."""
        return self.names.get(iri) or self.short(iri)


def make_context(vocab: Vocab, prefixes: Mapping[str, str]) -> JsonContext:
    """The context for data under these prefixes, which include the ontology's own."""
    ours = {*vocab.classes, *vocab.properties, *vocab.individuals}
    taken = ours | {name for name in _FOREIGN if name not in ours}
    spaces = {f"{prefix}_" if prefix in taken else prefix: space for prefix, space in prefixes.items()}
    keys = dict(_keys(vocab))
    names = {f"{vocab.namespace}{name}": name for name in ours}
    bare = JsonContext({}, {}, {}, spaces)
    document: dict[str, Any] = {"@version": 1.1, **{prefix: spaces[prefix] for prefix in sorted(spaces)}}
    document |= {name: bare.short(iri) for iri, name in sorted(names.items()) if iri not in keys}
    document |= {key.name: _definition(bare, iri, key.type) for iri, key in sorted(keys.items())}
    reversed_ = {**REVERSED, ABOUT[0]: vocab.namespace + ABOUT[1]}
    document |= {name: {"@reverse": bare.short(iri)} for name, iri in reversed_.items() if name not in ours}
    return JsonContext(document, keys, names, spaces)


def context_address(vocab: Vocab) -> str:
    """Where the context is published, if anywhere: under the ontology."""
    return f"{vocab.ontology}/{CONTEXT}"


def _keys(vocab: Vocab) -> Iterator[tuple[str, Key]]:
    ours = {*vocab.classes, *vocab.properties, *vocab.individuals}
    for name, (term, kind) in _FOREIGN.items():
        if name not in ours:
            yield term[1:-1], Key(name, kind)
    valued = {each.type for each in vocab.individuals.values()}
    for name, each in vocab.properties.items():
        yield each.iri, Key(name, _type(each, vocab, valued))


def _type(term: PropertyTerm, vocab: Vocab, valued: set[str]) -> str:
    """How values are read: dates as days, since those of less precision say so; several kinds as they come."""
    if term.range and term.range <= vocab.classes.keys():
        return VOCAB if term.range & valued else ID
    if "date" in term.range:
        return t.XSD + "date"
    return t.XSD + min(term.range) if len(term.range) == 1 and not term.range & _UNTYPED else ""


def _definition(context: JsonContext, iri: str, kind: str) -> dict[str, str]:
    definition = {ID: context.short(iri)}
    if kind == LANGUAGES:
        definition["@container"] = LANGUAGES
    elif kind:
        definition["@type"] = kind if kind in (ID, VOCAB) else context.short(kind)
    return definition
