"""What ``data/lexicon`` says of the world, as quads: the entries that occur in a build, and all that contains them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg import terms as t
from kg.context import Context
from kg.iri import known_iri
from kg.nquads import decimal, iri, literal
from kg.types import Quad

if TYPE_CHECKING:
    from kg.lexicon import Entry, Lexicon

CONTAINMENT = ("partOf", "locatedIn")
"""Predicates by which a lexicon's parent may contain an entry; the first that the ontology admits is used."""


def background_quads(entity_ids: Iterable[str], lexicon: Lexicon, context: Context) -> Iterator[Quad]:
    """What the lexicon says of these entities and of all that contains them; ids that it does not know are passed over.

    Each entity has the source of what is said of it; coordinates are decimal degrees.
    """
    entries = lexicon.entries
    known = {id for id in entity_ids if id in entries}
    for id in sorted(known.union(*(lexicon.ancestors(id) for id in known))):
        yield from _entry(entries[id], context)
        if parent := entries[id].parent:
            yield from _contained(entries[id], entries[parent], context)


def _entry(entry: Entry, context: Context) -> Iterator[Quad]:
    s, g = iri(known_iri(context.base, entry.id)), context.graph("background")
    yield Quad(s, t.TYPE, context.term(entry.type), g)
    yield Quad(s, t.LABEL, literal(entry.label, "zh"), g)
    for alias in entry.aliases:
        yield Quad(s, t.ALT_LABEL, literal(alias, "zh"), g)
    if entry.en:
        yield Quad(s, t.LABEL, literal(entry.en, "en"), g)
    if entry.wikidata:
        yield Quad(s, t.SAME_AS, iri(t.WIKIDATA + entry.wikidata), g)
    if entry.code:
        yield Quad(s, t.IDENTIFIER, literal(entry.code), g)
    if entry.lon and entry.lat:
        yield Quad(s, t.LONGITUDE, decimal(entry.lon), g)
        yield Quad(s, t.LATITUDE, decimal(entry.lat), g)
    if entry.source:
        yield Quad(s, t.SOURCE, literal(entry.source), g)


def _contained(entry: Entry, parent: Entry, context: Context) -> Iterator[Quad]:
    admitted = (p for p in CONTAINMENT if context.vocab.admits(p, entry.type, parent.type))
    predicate = next(admitted, None)
    if predicate is not None:
        s, o = (iri(known_iri(context.base, each.id)) for each in (entry, parent))
        yield Quad(s, context.term(predicate), o, context.graph("background"))
