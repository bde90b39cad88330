"""What the network shows, read from quads: things, statements with their quotes, figures, articles.

The graph is read as MODEL.md writes it, and as little of it as there is: a plain triple between two things that no
statement covers (a CONSTRUCT's answer, background knowledge) becomes a statement without quotes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg import terms as t
from kg.importing_graph import near
from kg.nquads import plain, split_literal
from kg.types import ASSERTED, Quad
from kg.vocab import Vocab

APART = frozenset({"ontology", "rejected", "identity", "inferred"})
"""Named graphs (last part of the IRI) that the network does not show."""
BACKGROUND = "background"
"""The named graph that adds to the things of the others, and brings none of its own; also the modality of plain triples
that no statement covers: nobody's words state them."""

_OF_STATEMENT = frozenset({"modality", "evidence", "evidenceCount", "confidence", "rule", "sourceStart", "sourceEnd"})


@dataclass(frozen=True, slots=True)
class Value:
    """A literal, or an individual of the ontology: ``kind`` is the local name of the datatype or ``term``."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Quote:
    """The words that state something: ``exact`` with what stands around it, where, and how sure the rule is."""

    document: str
    exact: str
    before: str
    after: str
    start: int
    end: int
    rule: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One fact; ``object`` is the IRI of a thing or a value. ``iri`` is empty and ``quotes`` too for a plain triple.

    ``reviews`` holds what people decided on it, and who, by local name.
    """

    iri: str
    subject: str
    predicate: str
    object: str | Value
    modality: str = ASSERTED
    confidence: str = ""
    qualifiers: tuple[tuple[str, Value], ...] = ()
    quotes: tuple[Quote, ...] = ()
    reviews: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure about a thing; ``details`` holds unit, time, approximation … by local name."""

    iri: str
    about: str
    modality: str
    details: Mapping[str, Value]
    quotes: tuple[Quote, ...]
    reviews: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """Somebody or something: a node. ``labels`` by language tag; ``type`` is empty where the graph gives none."""

    iri: str
    type: str
    labels: Mapping[str, str]
    aliases: tuple[str, ...]
    identifiers: tuple[str, ...]
    mentions: int


@dataclass(frozen=True, slots=True)
class Article:
    """A document that facts are quoted from."""

    iri: str
    title: str
    source: str
    published: str


@dataclass(frozen=True, slots=True)
class Model:
    """All of it, each sorted by IRI."""

    things: tuple[Thing, ...]
    statements: tuple[Statement, ...]
    figures: tuple[Figure, ...]
    articles: tuple[Article, ...]


def read_model(quads: Iterable[Quad], vocab: Vocab) -> Model:
    """The things, statements, figures and articles that the quads hold, in an order that depends on them alone."""
    return _Reader(near(quads, f"<{vocab.namespace}about>"), vocab).model()


class _Reader:
    """The quads by subject and predicate, and what of them is shown."""

    def __init__(self, quads: Iterable[Quad], vocab: Vocab) -> None:
        self.vocab = vocab
        self.about: dict[str, dict[str, list[str]]] = defaultdict(dict)
        self.own: set[str] = set()
        self.mentions: dict[str, int] = defaultdict(int)
        self.reviews: dict[str, list[str]] = defaultdict(list)
        refers, review_of = self.kg("refersTo"), self.kg("reviewOf")
        for subject, predicate, obj, graph in quads:
            name = graph.rstrip(">").rpartition("/")[2]
            if name in APART:
                continue
            objects = self.about[subject].setdefault(predicate, [])
            if obj not in objects:
                objects.append(obj)
            if predicate == t.TYPE and name != BACKGROUND and self.is_entity(obj):
                self.own.add(subject)
            elif predicate == refers:
                self.mentions[obj] += 1
            elif predicate == review_of:
                self.reviews[obj].append(subject)

    def model(self) -> Model:
        statements = list(self.statements())
        figures = tuple(self.figures())
        ends = {f"<{s.subject}>" for s in statements} | {f"<{f.about}>" for f in figures} | self.own
        ends |= {f"<{s.object}>" for s in statements if isinstance(s.object, str)}
        statements += self.plain_triples(ends, statements)
        things = tuple(self.thing(end) for end in sorted(ends))
        statements.sort(key=lambda s: (s.subject, s.predicate, str(s.object), s.modality))
        return Model(things, tuple(statements), figures, tuple(self.articles(statements, figures)))

    def local(self, term: str) -> str:
        """The local name of a term of the ontology, else nothing."""
        head = "<" + self.vocab.namespace
        return term[len(head) : -1] if term.startswith(head) else ""

    def is_entity(self, term: str) -> bool:
        """Whether a class is one of entities; events and bookkeeping are nodes only where a statement has them."""
        known = self.vocab.classes.get(self.local(term))
        return known is not None and bool(known.counts_as)

    def all(self, subject: str, predicate: str) -> list[str]:
        return sorted(self.about.get(subject, {}).get(predicate, ()))

    def one(self, subject: str, predicate: str) -> str:
        """The (first) object in plain text, or nothing."""
        found = self.all(subject, predicate)
        return plain(found[0]) if found else ""

    def kg(self, name: str) -> str:
        return f"<{self.vocab.namespace}{name}>"

    def typed(self, name: str) -> Iterator[str]:
        kind = self.kg(name)
        return (s for s in sorted(self.about) if kind in self.about[s].get(t.TYPE, ()))

    def value(self, term: str) -> Value:
        literal = split_literal(term)
        if literal is None:
            name = self.local(term)
            return Value(name, "term") if name in self.vocab.individuals else Value(plain(term), "iri")
        return Value(literal[0], literal[2].rpartition("#")[2] or "string")

    def end(self, term: str) -> str | Value:
        value = self.value(term)
        return value.text if value.kind == "iri" else value

    def statements(self) -> Iterator[Statement]:
        for s in self.typed("Statement"):
            subject, predicate, obj = (self.all(s, p) for p in (t.SUBJECT, t.PREDICATE, t.OBJECT))
            if not (subject and predicate and obj):
                continue
            yield Statement(
                s[1:-1],
                plain(subject[0]),
                self.local(predicate[0]) or plain(predicate[0]),
                self.end(obj[0]),
                self.local(next(iter(self.all(s, self.kg("modality"))), "")) or ASSERTED,
                self.one(s, self.kg("confidence")),
                self.qualifiers(s),
                self.quotes(s),
                self.reviewed(s),
            )

    def qualifiers(self, statement: str) -> tuple[tuple[str, Value], ...]:
        """What the statement and its evidence say beside the bookkeeping."""
        found = {
            (name, value)
            for node in (statement, *self.all(statement, self.kg("evidence")))
            for predicate, objects in self.about.get(node, {}).items()
            if (name := self.local(predicate)) and name not in _OF_STATEMENT
            for value in map(self.value, objects)
        }
        return tuple(sorted(found, key=lambda pair: (pair[0], pair[1].text)))

    def reviewed(self, holder: str) -> tuple[tuple[str, Value], ...]:
        """What people decided on a statement or figure, and who: by accepting it, or by stating it as a correction."""
        reviews = sorted({*self.reviews.get(holder, ()), *self.all(holder, t.GENERATED_BY)})
        names = ("verdict", "reviewer")
        return tuple((n, self.value(term)) for each in reviews for n in names for term in self.all(each, self.kg(n)))

    def quotes(self, statement: str) -> tuple[Quote, ...]:
        found = [self.quote(e) for e in self.all(statement, self.kg("evidence"))]
        return tuple(sorted(found, key=lambda q: (q.document, q.start, q.exact)))

    def quote(self, evidence: str) -> Quote:
        selectors = self.all(evidence, t.HAS_SELECTOR)

        def found(predicate: str) -> str:
            return next((text for s in selectors if (text := self.one(s, predicate))), "")

        return Quote(
            self.one(evidence, t.HAS_SOURCE),
            found(t.EXACT),
            found(t.PREFIX),
            found(t.SUFFIX),
            int(found(t.START) or -1),
            int(found(t.END) or -1),
            self.one(evidence, self.kg("rule")),
            self.one(evidence, self.kg("confidence")),
        )

    def figures(self) -> Iterator[Figure]:
        for s in self.typed("Observation"):
            about = self.one(s, self.kg("about"))
            if not about:
                continue
            names = {self.local(p): objects for p, objects in self.about[s].items()}
            details = {
                name: self.value(min(objects))
                for name, objects in sorted(names.items())
                if name and name not in _OF_STATEMENT and name != "about"
            }
            modality = self.local(next(iter(self.all(s, self.kg("modality"))), "")) or ASSERTED
            yield Figure(s[1:-1], about, modality, details, self.quotes(s), self.reviewed(s))

    def plain_triples(self, ends: set[str], known: Sequence[Statement]) -> Iterator[Statement]:
        """Triples about things that no statement covers, whichever way round it has a symmetric one."""
        covered: set[tuple[str | Value, str, str | Value]] = {(s.subject, s.predicate, s.object) for s in known}
        covered |= {(s.object, s.predicate, s.subject) for s in known if isinstance(s.object, str)}
        for end in sorted(ends):
            for predicate, objects in sorted(self.about.get(end, {}).items()):
                name = self.local(predicate)
                if name not in self.vocab.properties or not self.vocab.properties[name].is_predicate:
                    continue
                for term in sorted(objects):
                    obj = self.end(term)
                    if (end[1:-1], name, obj) not in covered and (isinstance(obj, Value) or term in ends):
                        covered |= {(end[1:-1], name, obj), (obj, name, end[1:-1])}
                        yield Statement("", end[1:-1], name, obj, BACKGROUND)

    def thing(self, term: str) -> Thing:
        labels: dict[str, str] = {}
        for label in self.all(term, t.LABEL):
            text, language, _ = split_literal(label) or ("", "", "")
            labels.setdefault(language, text)
        types = [name for kind in self.all(term, t.TYPE) if (name := self.local(kind)) in self.vocab.classes]
        aliases = {plain(alias) for alias in self.all(term, t.ALT_LABEL)}
        identifiers = tuple(plain(other) for other in self.all(term, t.SAME_AS))
        return Thing(
            term[1:-1], self.narrowest(types), labels, tuple(sorted(aliases)), identifiers, self.mentions.get(term, 0)
        )

    def narrowest(self, types: Sequence[str]) -> str:
        """The class with the most ancestors: what is known most exactly."""
        return max(types, key=lambda name: (len(self.vocab.classes[name].ancestors), name), default="")

    def articles(self, statements: Iterable[Statement], figures: Iterable[Figure]) -> Iterator[Article]:
        quoted = {q.document for s in statements for q in s.quotes} | {q.document for f in figures for q in f.quotes}
        named = {s[1:-1] for s in self.about if t.NEWS_ARTICLE in self.about[s].get(t.TYPE, ())}
        for iri in sorted((quoted | named) - {""}):
            s = f"<{iri}>"
            published = self.one(s, t.ISSUED) or self.one(s, t.DATE_PUBLISHED)
            yield Article(iri, self.one(s, t.TITLE) or self.one(s, t.HEADLINE), self.one(s, t.SOURCE), published)
