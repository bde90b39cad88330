"""Which ids are one thing, as a build uses it: entities of a document united, judgements as quads.

The graph ``identity`` holds each judgement (the two ids, verdict, reason, by whom) and, for an id that another stands
for, where it went; so an old address leads on, and striking a judgement brings it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from kg import terms as t
from kg.context import Context
from kg.graph import confidence
from kg.iri import digest, known_iri
from kg.nquads import iri, literal
from kg.profiles import fullest_first
from kg.resolve import Identity
from kg.types import Annotation, Entity, Fact, Quad

JUDGEMENT = "Judgement"


def unite(annotation: Annotation, iri_of: Callable[[Entity], str]) -> Annotation:
    """The annotation in which each IRI has one entity: those of one document that turned out to be one are joined."""
    groups: dict[str, list[Entity]] = {}
    for entity in annotation.entities:
        groups.setdefault(iri_of(entity), []).append(entity)
    if len(groups) == len(annotation.entities):
        return annotation
    ids = {entity.id: _first(group).id for group in groups.values() for entity in group}
    return replace(
        annotation,
        entities=tuple(_joined(group) for group in groups.values()),
        links=tuple(dict.fromkeys(replace(link, entity=ids[link.entity]) for link in annotation.links)),
        facts=tuple(_moved(fact, ids) for fact in annotation.facts),
        observations=tuple(replace(each, about=ids[each.about]) for each in annotation.observations),
    )


def _first(group: list[Entity]) -> Entity:
    return min(group, key=lambda entity: not entity.known)


def _joined(group: list[Entity]) -> Entity:
    names = fullest_first(name for entity in group for name in entity.names)
    return group[0] if len(group) == 1 else replace(_first(group), names=names)


def _moved(fact: Fact, ids: dict[str, str]) -> Fact:
    end = ids[fact.object] if isinstance(fact.object, str) else fact.object
    return replace(fact, subject=ids[fact.subject], object=end)


def identity_quads(identity: Identity, context: Context) -> Iterator[Quad]:
    """The graph ``identity``."""
    g = context.graph("identity")
    for each in identity.judgements:
        s = f"<{context.base}judgement/{digest(each.left, each.right, each.by)}>"
        yield Quad(s, t.TYPE, context.term(JUDGEMENT), g)
        yield Quad(s, context.term("left"), _entity(each.left, context), g)
        yield Quad(s, context.term("right"), _entity(each.right, context), g)
        yield Quad(s, context.term("verdict"), context.value("verdict", each.verdict), g)
        yield Quad(s, context.term("reason"), literal(each.reason), g)
        yield Quad(s, context.term("rule"), literal(each.by), g)
        yield Quad(s, context.term("confidence"), confidence(each.score), g)
        if each.when:
            yield Quad(
                s, t.ISSUED, literal(each.when, datatype=t.XSD + ("dateTime" if "T" in each.when else "date")), g
            )
    for id, other in identity.canonical.items():
        yield Quad(_entity(id, context), t.REPLACED_BY, _entity(other, context), g)


def _entity(id: str, context: Context) -> str:
    return iri(known_iri(context.base, id))
