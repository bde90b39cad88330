"""Stage 5: an annotation as quads, with provenance, as MODEL.md has it; here and in its neighbours RDF is made.

A document's quads are a set that depends on the document and the context alone, so the graph of many documents is a
union: any order, any number of workers, any retry. What spans documents (counts, confidence, the one preferred label)
is computed over that union, last: :func:`kg.union.finish`. Background and ontology are :mod:`kg.background`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg import terms as t
from kg.context import Context
from kg.events import Shortcut, event_quads
from kg.iri import digest, entity_iri
from kg.nquads import decimal, integer, iri, literal
from kg.text import to_source
from kg.types import ASSERTED, Annotation, Evidence, Fact, Link, Mention, Observation, Quad, Rejected, Span, Value

__all__ = ["Context", "entity_iri", "to_quads"]

CONTEXT = 24
"""Characters of text before and after a quote, kept so that it can be found again in another copy."""
DECIMALS = 4
"""Decimals of a confidence."""
REVIEW = "review.v1"
"""Where facts come from that people put in the place of others, and what refused those others."""

_DATE_OF_LENGTH = {4: "gYear", 7: "gYearMonth", 10: "date"}
_ISO = re.compile(r"\d{4}(-\d\d){0,2}")


def to_quads(annotation: Annotation, context: Context) -> Iterator[Quad]:
    """All quads that one document contributes, in no particular order and possibly repeated.

    Every id that a link, a fact or an observation names must be among ``annotation.entities``.
    """
    writer = Writer(annotation, context)
    yield from writer.document()
    yield from writer.run()
    yield from writer.entities()
    for fact in annotation.facts:
        yield from writer.fact(fact)
    yield from event_quads(annotation, context, writer.iris, writer.shortcuts)
    for observation in annotation.observations:
        yield from writer.observation(observation)
    if context.mentions:
        for link in annotation.links:
            yield from writer.mention(link)
    for rejected in annotation.rejected:
        yield from writer.reviewed(rejected) if rejected.by == REVIEW else writer.rejected(rejected)


class Writer:
    """One document on its way to quads; ``shortcuts`` gathers the asserted facts that abbreviate events."""

    def __init__(self, annotation: Annotation, context: Context) -> None:
        self.annotation, self.context, self.term = annotation, context, context.term
        self.facts_graph, self.evidence_graph = context.graph("facts"), context.graph("evidence")
        self.iris = {entity.id: iri(context.entity_iri(entity)) for entity in annotation.entities}
        self.doc = iri(f"{context.base}doc/{annotation.document.id}")
        self.shortcuts: list[Shortcut] = []

    def document(self) -> Iterator[Quad]:
        document, g, s = self.annotation.document, self.evidence_graph, self.doc
        yield Quad(s, t.TYPE, self.term("Article"), g)
        yield Quad(s, t.TYPE, t.NEWS_ARTICLE, g)
        yield Quad(s, t.IDENTIFIER, literal(document.id), g)
        yield Quad(s, t.SOURCE, literal(document.source), g)
        yield Quad(s, t.LANGUAGE, literal(document.language), g)
        if document.title:
            yield Quad(s, t.TITLE, literal(document.title, document.language), g)
            yield Quad(s, t.HEADLINE, literal(document.title, document.language), g)
        if document.published:
            yield Quad(s, t.ISSUED, date(document.published), g)
            yield Quad(s, t.DATE_PUBLISHED, date(document.published), g)
        if document.dated_by:
            yield Quad(s, self.term("datedBy"), literal(document.dated_by), g)

    def run(self) -> Iterator[Quad]:
        context, g = self.context, self.evidence_graph
        yield Quad(context.activity, t.TYPE, self.term("Run"), g)
        yield Quad(context.activity, t.TYPE, t.ACTIVITY, g)
        yield Quad(context.activity, t.IDENTIFIER, literal(context.recipe), g)
        yield Quad(context.activity, t.ASSOCIATED_WITH, context.agent, g)
        yield Quad(context.agent, t.TYPE, t.SOFTWARE_AGENT, g)

    def entities(self) -> Iterator[Quad]:
        g, language = self.facts_graph, self.annotation.document.language
        for entity in self.annotation.entities:
            s = self.iris[entity.id]
            yield Quad(s, t.TYPE, self.term(entity.type), g)
            yield Quad(s, t.LABEL, literal(entity.names[0], language), g)
            for name in entity.names[1:]:
                yield Quad(s, t.ALT_LABEL, literal(name, language), g)

    def triple(self, fact: Fact) -> tuple[str, str, str]:
        """Subject, predicate and object, those of a symmetric predicate in order."""
        s, p, o = self.iris[fact.subject], self.term(fact.predicate), self._object(fact)
        return (o, p, s) if fact.predicate in self.context.symmetric and o < s else (s, p, o)

    def address(self, item: Fact | Observation) -> tuple[str, str]:
        """The hash of what a fact or figure says, and the statement or observation that it names."""
        if isinstance(item, Fact):
            key = digest(*self.triple(item), item.modality)
            return key, f"<{self.context.base}statement/{key}>"
        key = figure_key(item, self.iris[item.about])
        return key, f"<{self.context.base}observation/{key}>"

    def fact(self, fact: Fact) -> Iterator[Quad]:
        s, p, o = self.triple(fact)
        key, statement = self.address(fact)
        if fact.modality == ASSERTED:
            yield Quad(s, p, o, self.facts_graph)
            if term := self.context.shortcut(fact.predicate):
                self.shortcuts.append(Shortcut(term, s, o, statement, fact.evidence.span))
        yield from self._statement(statement, (s, p, o), fact.modality)
        yield from self._backing(key, statement, fact)

    def _backing(self, key: str, holder: str, item: Fact | Observation) -> Iterator[Quad]:
        """The evidence of a statement or figure, with the qualifiers."""
        evidence, quads = self._evidence(key, holder, item.evidence)
        yield from quads
        for name, value in item.qualifiers:
            yield Quad(evidence, self.term(name), self._value(name, value), self.evidence_graph)

    def _statement(self, statement: str, triple: tuple[str, str, str], modality: str) -> Iterator[Quad]:
        g = self.evidence_graph
        yield Quad(statement, t.TYPE, t.STATEMENT, g)
        yield Quad(statement, t.TYPE, self.term("Statement"), g)
        yield Quad(statement, t.SUBJECT, triple[0], g)
        yield Quad(statement, t.PREDICATE, triple[1], g)
        yield Quad(statement, t.OBJECT, triple[2], g)
        yield Quad(statement, self.term("modality"), self.context.value("modality", modality), g)

    def _object(self, fact: Fact) -> str:
        end = fact.object
        return self.iris[end] if isinstance(end, str) else self._value(fact.predicate, end)

    def _value(self, predicate: str, value: Value) -> str:
        if value.datatype == "term":
            return self.context.value(predicate, value.text)
        if value.datatype == "decimal":
            return decimal(value.text)
        return literal(value.text, datatype=t.XSD + value.datatype)

    def _evidence(self, key: str, of: str, evidence: Evidence) -> tuple[str, list[Quad]]:
        """The place that states what ``of`` says, its quote and its position."""
        g, term, span = self.evidence_graph, self.term, evidence.span
        address = f"<{self.context.base}evidence/{digest(key, self.doc, str(span.start), str(span.end))}"
        s, quote, position = address + ">", address + "#quote>", address + "#position>"
        return s, [
            Quad(of, term("evidence"), s, g),
            Quad(s, t.TYPE, t.SPECIFIC_RESOURCE, g),
            Quad(s, t.TYPE, term("Evidence"), g),
            Quad(s, t.HAS_SOURCE, self.doc, g),
            Quad(s, term("rule"), literal(evidence.by), g),
            Quad(s, term("confidence"), confidence(evidence.score), g),
            Quad(s, t.GENERATED_BY, self.context.activity, g),
            Quad(s, t.HAS_SELECTOR, quote, g),
            Quad(s, t.HAS_SELECTOR, position, g),
            *self._selectors(quote, position, evidence),
        ]

    def _selectors(self, quote: str, position: str, evidence: Evidence) -> list[Quad]:
        g, text, span = self.evidence_graph, self.annotation.document.text, evidence.span
        origin = self._in_source(span)
        return [
            Quad(quote, t.TYPE, t.QUOTE_SELECTOR, g),
            Quad(quote, t.EXACT, literal(evidence.quote), g),
            Quad(quote, t.PREFIX, literal(text[max(0, span.start - CONTEXT) : span.start]), g),
            Quad(quote, t.SUFFIX, literal(text[span.end : span.end + CONTEXT]), g),
            Quad(position, t.TYPE, t.POSITION_SELECTOR, g),
            Quad(position, t.START, integer(span.start), g),
            Quad(position, t.END, integer(span.end), g),
            Quad(position, self.term("sourceStart"), integer(origin.start), g),
            Quad(position, self.term("sourceEnd"), integer(origin.end), g),
        ]

    def _in_source(self, span: Span) -> Span:
        # A document made in memory has no other source than its text.
        offsets = self.annotation.document.offsets
        return to_source(offsets, span) if offsets.runs else span

    def observation(self, figure: Observation) -> Iterator[Quad]:
        yield from figure_quads(figure, self.iris[figure.about], self.context, self.evidence_graph)
        yield from self._backing(*self.address(figure), figure)

    def mention(self, link: Link) -> Iterator[Quad]:
        g, mention, entity = self.evidence_graph, link.mention, self.iris[link.entity]
        key = digest(self.doc, entity, str(mention.span.start), str(mention.span.end))
        s = f"<{self.context.base}mention/{key}>"
        yield Quad(s, t.TYPE, self.term("Mention"), g)
        yield Quad(s, self.term("refersTo"), entity, g)
        yield Quad(s, self.term("rule"), literal(mention.by), g)
        yield from self._place(s, mention.span, mention.text, g)

    def rejected(self, rejected: Rejected) -> Iterator[Quad]:
        """What was refused, as the proposition that it makes, where that can be written."""
        item, g = rejected.item, self.context.graph("rejected")
        span, text = (item.span, item.text) if isinstance(item, Mention) else (item.evidence.span, item.evidence.quote)
        proposed = list(self._proposition(item))
        key = digest(self.doc, rejected.reason, rejected.by, str(span.start), str(span.end), *(o for _, o in proposed))
        s = f"<{self.context.base}rejection/{key}>"
        yield Quad(s, t.TYPE, self.term("Rejection"), g)
        yield Quad(s, self.term("reason"), literal(rejected.reason), g)
        yield Quad(s, self.term("rule"), literal(rejected.by), g)
        for predicate, term in proposed:
            yield Quad(s, predicate, term, g)
        yield from self._place(s, span, text, g)

    def reviewed(self, rejected: Rejected) -> Iterator[Quad]:
        """What a person refused, under the address that it had, with its quotes: proposed, but no longer stated."""
        item, g = rejected.item, self.context.graph("rejected")
        if isinstance(item, Mention):
            raise TypeError("people review facts and figures, not mentions")
        key, s = self.address(item)
        yield Quad(s, t.TYPE, self.term("Rejection"), g)
        yield Quad(s, self.term("reason"), literal(rejected.reason), g)
        yield Quad(s, self.term("rule"), literal(rejected.by), g)
        proposed = self._proposition(item)
        if isinstance(item, Fact):
            proposed = zip((t.SUBJECT, t.PREDICATE, t.OBJECT), self.triple(item), strict=True)
        for predicate, term in proposed:
            yield Quad(s, predicate, term, g)
        bears_out, held = self.term("Evidence"), self.term("evidence")
        for quad in self._backing(key, s, item):
            if quad.predicate == held:  # it also has its places itself, as all that is refused
                yield from self._place(s, item.evidence.span, item.evidence.quote, g, of=quad.object)
            if quad.object != bears_out:
                yield quad._replace(graph=g)

    def _proposition(self, item: Mention | Fact | Observation) -> Iterator[tuple[str, str]]:
        if isinstance(item, Mention):
            yield t.PREDICATE, t.TYPE
            yield t.OBJECT, self.term(item.type)
            return
        subject = item.subject if isinstance(item, Fact) else item.about
        if subject in self.iris:
            yield t.SUBJECT, self.iris[subject]
        yield t.PREDICATE, self.term(item.predicate if isinstance(item, Fact) else "value")
        if isinstance(item, Observation):
            yield t.OBJECT, literal(" ".join((item.indicator, item.value, item.unit)))
        elif isinstance(item.object, Value):
            yield t.OBJECT, literal(item.object.text)
        elif item.object in self.iris:
            yield t.OBJECT, self.iris[item.object]

    def _place(self, s: str, span: Span, text: str, g: str, of: str = "") -> Iterator[Quad]:
        """Where something stands in the document, with one selector for both words and position."""
        selector = (of or s)[:-1] + "#place>"
        yield Quad(s, t.HAS_SOURCE, self.doc, g)
        yield Quad(s, t.HAS_SELECTOR, selector, g)
        yield Quad(selector, t.TYPE, t.QUOTE_SELECTOR, g)
        yield Quad(selector, t.TYPE, t.POSITION_SELECTOR, g)
        yield Quad(selector, t.EXACT, literal(text), g)
        yield Quad(selector, t.START, integer(span.start), g)
        yield Quad(selector, t.END, integer(span.end), g)


def figure_key(figure: Observation, about: str) -> str:
    """The hash of what a figure says of ``about`` (a term)."""
    said = (figure.value, figure.unit, figure.approx, figure.time, figure.change, figure.baseline)
    return digest(about, figure.indicator, figure.modality, *said)


def figure_quads(figure: Observation, about: str, context: Context, graph: str) -> list[Quad]:
    """What a figure says, without its evidence; ``about`` is the term of its thing. Equal figures are one node."""
    term, g, s = context.term, graph, f"<{context.base}observation/{figure_key(figure, about)}>"
    quads = [
        Quad(s, t.TYPE, term("Observation"), g),
        Quad(s, term("about"), about, g),
        Quad(s, term("indicator"), literal(figure.indicator), g),
        Quad(s, term("value"), decimal(figure.value), g),
        Quad(s, term("unit"), literal(figure.unit), g),
        Quad(s, term("approximation"), context.value("approximation", figure.approx), g),
        Quad(s, term("modality"), context.value("modality", figure.modality), g),
    ]
    if figure.unit in context.units:
        quads.append(Quad(s, t.HAS_UNIT, iri(t.UNIT + context.units[figure.unit].removeprefix("unit:")), g))
    if figure.time:
        quads.append(Quad(s, term("time"), date(figure.time), g))
    if figure.change:
        quads.append(Quad(s, term("change"), context.value("change", figure.change), g))
    if figure.baseline:
        quads.append(Quad(s, term("comparedWith"), date(figure.baseline), g))
    return quads


@lru_cache(maxsize=4096)
def confidence(score: float) -> str:
    """A confidence between 0 and 1 as a term."""
    return decimal(round(score, DECIMALS))


def date(text: str) -> str:
    """An ISO 8601 date as precise as it is, as a term; what only EDTF can say (``2014/..``, ``197X``) as a string."""
    datatype = _DATE_OF_LENGTH[len(text)] if _ISO.fullmatch(text) else ""
    return literal(text, datatype=t.XSD + datatype if datatype else "")
