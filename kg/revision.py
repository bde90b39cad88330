"""Stage 5, before a document is written as quads: what people decided on its facts and figures is carried out.

A fact that a person rejected moves to what was refused, with that reason; one that a person corrected does, too, and
what is right instead is stated with the same quotes; one that a person accepted stays. Each decision that is carried
out is a ``Review`` in the graph ``reviews``: a graph of its own, so that the names of people can be left out of what is
given away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kg import terms as t
from kg.context import Context
from kg.corrections import check_parts, value_of
from kg.decisions import Decisions
from kg.graph import REVIEW, Writer
from kg.iri import known_iri
from kg.nquads import decimal, literal, plain
from kg.reviews import ACCEPT, CORRECT, ENTITY, FACT, FIGURE, REJECT, Parts, Review
from kg.types import Annotation, Document, Entity, Evidence, Fact, Observation, Quad, Rejected, Span, Value
from kg.vocab_types import Vocab

REVIEW_CLASS = "Review"
TOLD = {REJECT: "rejected", CORRECT: "corrected"}
_FIELDS = {"approximation": "approx", "comparedWith": "baseline"}
"""The parts of a figure that :class:`Observation` has under another name."""

Item = Fact | Observation


@dataclass(frozen=True, slots=True)
class Revised:
    """A document after the decisions: what is left, what they say in RDF, the facts that were decided on.

    ``unstated`` are those whose correction names an entity, or joins classes, that this build has not.
    """

    annotation: Annotation
    quads: frozenset[Quad] = frozenset()
    met: frozenset[Parts] = frozenset()
    unstated: frozenset[Parts] = frozenset()


def revise(annotation: Annotation, context: Context, decisions: Decisions) -> Revised:
    """Carry out what people decided on the facts and figures of one document."""
    if not decisions.standing:
        return Revised(annotation)
    ids = {entity.id: _id(entity, context) for entity in annotation.entities}
    items: tuple[Item, ...] = (*annotation.facts, *annotation.observations)
    found = {item: decisions.normal(parts_of(item, ids)) for item in items}
    decided = {item: parts for item, parts in found.items() if parts in decisions.standing}
    if not decided:
        return Revised(annotation)
    return _Revision(annotation, context, decisions, ids).run(decided)


def _id(entity: Entity, context: Context) -> str:
    return context.entity_iri(entity).removeprefix(known_iri(context.base, ""))


def parts_of(item: Item, ids: Mapping[str, str]) -> Parts:
    """What a fact or figure says, as decisions name it; ``ids`` are those of entities in the build."""
    if isinstance(item, Fact):
        end = ENTITY + ids[item.object] if isinstance(item.object, str) else _text(item.object)
        said = (ENTITY + ids[item.subject], item.predicate, end, item.modality)
        return tuple(zip(FACT, said, strict=True))
    figure = (
        ("about", ENTITY + ids[item.about]),
        ("indicator", item.indicator),
        ("value", plain(decimal(item.value))),
        ("unit", item.unit),
        ("approximation", item.approx),
        ("time", item.time),
        ("change", item.change),
        ("comparedWith", item.baseline),
        ("modality", item.modality),
    )
    return tuple((name, text) for name, text in figure if text)


def address_of(parts: Parts, context: Context) -> str:
    """The address that a fact or figure has in a build; empty if the ontology has no such fact."""
    said = dict(parts)
    proof = Evidence("", Span(0, 0), "", REVIEW)
    ends = (text.removeprefix(ENTITY) for text in said.values() if text.startswith(ENTITY))
    entities = tuple(Entity(id, "", (id,), known=True) for id in dict.fromkeys(ends))
    try:
        item = _item(parts, proof, context.vocab, lambda end: end.removeprefix(ENTITY))
        return Writer(Annotation(Document("", "", ""), entities=entities), context).address(item)[1].strip("<>")
    except (ValueError, KeyError):
        return ""


def _item(parts: Parts, proof: Evidence, vocab: Vocab, id_of: Callable[[str], str]) -> Item:
    """The fact or figure that parts make; ``id_of`` gives the id that an end has in the document."""
    said = dict(parts)
    if "about" in said:
        fields: dict[str, Any] = {_FIELDS.get(name, name): said.get(name, "") for name in FIGURE}
        return Observation(**fields | {"about": id_of(said["about"]), "evidence": proof})
    end = said["object"]
    return Fact(
        id_of(said["subject"]),
        said["predicate"],
        id_of(end) if end.startswith(ENTITY) else value_of(said["predicate"], end, vocab),
        said["modality"],
        proof,
    )


def _text(value: Value) -> str:
    return plain(decimal(value.text)) if value.datatype == "decimal" else value.text


class _Revision:
    """One document while decisions are carried out."""

    def __init__(self, annotation: Annotation, context: Context, decisions: Decisions, ids: Mapping[str, str]) -> None:
        self.annotation, self.context, self.decisions = annotation, context, decisions
        self.entities = {ids[entity.id]: entity for entity in annotation.entities}
        self.kept: list[Item] = []
        self.refused: list[Rejected] = []
        self.reviews: list[tuple[Item, Review, Item | None]] = []
        self.met: set[Parts] = set()
        self.unstated: set[Parts] = set()

    def run(self, decided: Mapping[Item, Parts]) -> Revised:
        a = self.annotation
        items: tuple[Item, ...] = (*a.facts, *a.observations)
        for item in items:
            if item in decided:
                self._carry_out(item, decided[item])
            else:
                self.kept.append(item)
        kept = tuple(dict.fromkeys(self.kept))
        done = replace(
            a,
            entities=tuple({entity.id: entity for entity in (*a.entities, *self.entities.values())}.values()),
            facts=tuple(each for each in kept if isinstance(each, Fact)),
            observations=tuple(each for each in kept if isinstance(each, Observation)),
            rejected=(*a.rejected, *self.refused),
        )
        quads = frozenset(self._quads(Writer(done, self.context)))
        return Revised(done, quads, frozenset(self.met), frozenset(self.unstated))

    def _carry_out(self, item: Item, parts: Parts) -> None:
        now: Item | None = item
        for fact, review in self.decisions.path(parts):
            if now is None:
                return
            self.met.add(fact)
            before = now
            if review.verdict != ACCEPT:
                reason = f"{TOLD[review.verdict]} by {review.by}: {review.reason}"
                self.refused.append(Rejected(before, reason, REVIEW))
                now = self._instead(before, fact, review) if review.verdict == CORRECT else None
            self.reviews.append((before, review, now if now is not before else None))
        if now is not None:
            self.kept.append(now)

    def _instead(self, item: Item, fact: Parts, review: Review) -> Item | None:
        """What a correction states, with the quote of what it corrects; ``None`` where this build cannot state it."""
        parts = self.decisions.instead(review)
        try:
            check_parts(parts, self.context.vocab, self.decisions.type_of)
        except ValueError:
            self.unstated.add(fact)
            return None
        proof = replace(item.evidence, by=REVIEW, score=1.0)
        return replace(_item(parts, proof, self.context.vocab, self._end), qualifiers=item.qualifiers)

    def _end(self, end: str) -> str:
        """The id that an entity has in this document, to which it is added if it is not there yet."""
        id = end.removeprefix(ENTITY)
        if id not in self.entities:
            found = self.decisions.entity(id)
            if found is None:  # checked before
                raise KeyError(id)
            self.entities[id] = found
        return self.entities[id].id

    def _quads(self, writer: Writer) -> Iterator[Quad]:
        context, g = self.context, self.context.graph("reviews")
        for item, review, instead in self.reviews:
            _, about = writer.address(item)
            s = f"<{context.base}review/{review.id}>"
            yield Quad(s, t.TYPE, context.term(REVIEW_CLASS), g)
            yield Quad(s, context.term("reviewOf"), about, g)
            yield Quad(s, context.term("verdict"), context.value("verdict", review.verdict), g)
            yield Quad(s, context.term("reviewer"), literal(review.by), g)
            yield Quad(s, context.term("reason"), literal(review.reason), g)
            yield Quad(s, t.ENDED_AT, literal(review.when, datatype=t.XSD + "dateTime"), g)
            if instead is not None:
                _, new = writer.address(instead)
                yield Quad(new, t.REVISION_OF, about, g)
                yield Quad(new, t.GENERATED_BY, s, g)
