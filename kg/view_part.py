"""Parts of a network: around something, of one document, of a time, of a CONSTRUCT; each is a network again.

A part keeps whole statements: what is shown has its quotes, and both its ends.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from kg import nquads
from kg import terms as t
from kg.errors import QueryError
from kg.query import ask
from kg.questions import find_query
from kg.sparql import form
from kg.types import Quad
from kg.view_data import clean
from kg.view_model import Article, Figure, Model, Statement, Thing, Value, read_model
from kg.view_time import FIRST, LAST, days, when
from kg.vocab import Vocab

GRAPH = "graph.nq"
"""The file of a build that holds all of it."""

_NAMING = frozenset({t.TYPE, t.LABEL, t.ALT_LABEL, t.SAME_AS})
_GRAPHS = ("CONSTRUCT", "DESCRIBE")
_NEAR = 8
_Triple: TypeAlias = tuple[str | Value, str, str | Value]


@dataclass(frozen=True, slots=True)
class Part:
    """What of a build is drawn; what is asked for together narrows, and nothing asked for is all of it.

    ``construct`` is a query whose answer is a graph (SPARQL, a file, a question's name); ``document`` one document;
    ``since`` and ``until`` are dates; ``around`` names something, and ``hops`` says how many relations away.
    """

    construct: str = ""
    document: str = ""
    since: str = ""
    until: str = ""
    around: str = ""
    hops: int = 1

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return not any((self.construct, self.document, self.since, self.until, self.around))


def take(build: Path, part: Part, vocab: Vocab, questions: Path | None = None) -> Model:
    """The network of a part of a build; raises :class:`QueryError` where it names nothing that is there."""
    quads = nquads.read(build / GRAPH)
    asked = part.construct
    model = constructed(build, quads, asked, vocab, questions) if asked else read_model(quads, vocab)
    if part.document:
        model = of_document(model, part.document)
    if part.since or part.until:
        model = between(model, part.since, part.until)
    return around(model, part.around, part.hops) if part.around else model


def around(model: Model, name: str, hops: int = 1) -> Model:
    """What lies within ``hops`` relations of whatever ``name`` names: a label, an alias, or an IRI or its last part.

    Raises :class:`QueryError`, with the names that come near, if nothing has that name.
    """
    reached = {thing.iri for thing in _named(model, name)}
    links = [(s.subject, s.object) for s in model.statements if isinstance(s.object, str)]
    for _ in range(hops):
        reached |= {end for pair in links if reached & set(pair) for end in pair}
    statements = (s for s in model.statements if {s.subject, *_end(s)} <= reached)
    return _part(model, statements, (f for f in model.figures if f.about in reached), reached)


def of_document(model: Model, name: str) -> Model:
    """What one document says, with its quotes alone; it is named by IRI, its last part, source file or title."""

    def names(article: Article) -> set[str]:
        source = Path(article.source)
        return {article.iri, _tail(article.iri), article.source, source.name, source.stem, article.title} - {""}

    chosen = {article.iri for article in model.articles if name in names(article)}
    if not chosen:
        known = sorted({_tail(article.iri) for article in model.articles})
        raise QueryError(f"--document {name}: no document has that name; {_hint(name, known)}")

    def kept(fact: Statement | Figure) -> bool:
        return any(quote.document in chosen for quote in fact.quotes)

    def own(statement: Statement) -> Statement:
        return replace(statement, quotes=tuple(q for q in statement.quotes if q.document in chosen))

    figures = (replace(f, quotes=tuple(q for q in f.quotes if q.document in chosen)) for f in model.figures if kept(f))
    return _part(model, (own(s) for s in model.statements if kept(s)), figures)


def between(model: Model, since: str = "", until: str = "") -> Model:
    """The facts whose dates touch the time from ``since`` to ``until`` (years, months or days; empty is open).

    What has no date is not of that time. Raises :class:`QueryError` for what is no date or a time that ends before it
    begins.
    """
    first, last = _day("--from", since, FIRST, 0), _day("--to", until, LAST, 1)
    if first > last:
        raise QueryError(f"--from {since} --to {until}: this time ends before it begins; exchange the two")

    def kept(fact: Statement | Figure) -> bool:
        dated = when(fact)
        return dated is not None and dated[0] <= last and dated[1] >= first

    return _part(model, filter(kept, model.statements), filter(kept, model.figures))


def constructed(build: Path, quads: Iterable[Quad], query: str, vocab: Vocab, questions: Path | None = None) -> Model:
    """The network of the triples that a CONSTRUCT or DESCRIBE (SPARQL, a file, a question's name) makes of a build.

    ``quads`` are those of the build: a triple that it states brings its statements and their quotes, and everything
    its names. What the query made up has no quote. Raises :class:`QueryError` for other queries and empty answers.
    """
    text, where = find_query(query, questions)
    if form(text) not in _GRAPHS:
        raise QueryError(
            f"{where or 'query'}:1: --construct takes a query whose answer is a graph: CONSTRUCT, DESCRIBE"
        )
    made = list(nquads.parse(ask(build, text, "nt").body.decode().splitlines(), where or "query"))
    part = _with_quotes(made, list(quads), vocab)
    if not part.things:
        raise QueryError(f"{where or 'query'}:1: the answer holds nothing that can be drawn ({len(made)} triples)")
    return part


def _with_quotes(made: Sequence[Quad], quads: Sequence[Quad], vocab: Vocab) -> Model:
    """The triples ``made`` as a network: those that ``quads`` state with their statements, all with their names."""
    ends = {term for quad in made for term in (quad[0], quad[2])}
    small = read_model([*made, *(quad for quad in quads if quad[0] in ends and quad[1] in _NAMING)], vocab)
    whole = read_model(quads, vocab)
    wanted = _triples(small.statements, vocab)
    said = [s for s in whole.statements if f"<{s.iri}>" in ends or _triple(s) in wanted]
    known = _triples(said, vocab)
    made_up = [s for s in small.statements if _triple(s) not in known]
    things = {thing.iri: thing for thing in (*small.things, *whole.things)}
    both = Model(tuple(things[iri] for iri in sorted(things)), (), (), whole.articles)
    figures = (f for f in whole.figures if f"<{f.iri}>" in ends)
    return _part(both, [*said, *made_up], figures, {thing.iri for thing in small.things})


def _triples(statements: Iterable[Statement], vocab: Vocab) -> set[_Triple]:
    """What is stated; a symmetric relation both ways round, for it is one statement."""
    found = {_triple(s) for s in statements}
    return found | {(o, p, s) for s, p, o in found if isinstance(o, str) and _symmetric(p, vocab)}


def _triple(s: Statement) -> _Triple:
    return s.subject, s.predicate, s.object


def _symmetric(predicate: str, vocab: Vocab) -> bool:
    known = vocab.properties.get(predicate)
    return known is not None and known.symmetric


def _end(s: Statement) -> set[str]:
    return {s.object} if isinstance(s.object, str) else set()


def _part(model: Model, statements: Iterable[Statement], figures: Iterable[Figure], more: Iterable[str] = ()) -> Model:
    """A network of these statements and figures with their ends, ``more`` things, and the articles quoted."""
    kept = tuple(sorted(statements, key=lambda s: (s.subject, s.predicate, str(s.object), s.modality)))
    told = tuple(sorted(figures, key=lambda f: f.iri))
    ends = {*more, *(s.subject for s in kept), *(f.about for f in told)}.union(*map(_end, kept))
    quoted = {q.document for s in kept for q in s.quotes} | {q.document for f in told for q in f.quotes}
    things = tuple(thing for thing in model.things if thing.iri in ends)
    return Model(things, kept, told, tuple(a for a in model.articles if a.iri in quoted))


# ---- names


def _tail(iri: str) -> str:
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]


def _named(model: Model, name: str) -> list[Thing]:
    """The things that are called so: by IRI, else by label, else by alias; letters large or small."""
    wanted = clean(name).strip().casefold()
    ways: tuple[Callable[[Thing], Iterable[str]], ...] = (
        lambda thing: (thing.iri, f"<{thing.iri}>", "id:" + _tail(thing.iri), _tail(thing.iri)),
        lambda thing: thing.labels.values(),
        lambda thing: (*thing.aliases, *thing.identifiers),
    )
    for way in ways:
        found = [thing for thing in model.things if wanted in {clean(said).casefold() for said in way(thing)}]
        if found:
            return found
    names = {clean(said) for thing in model.things for said in (*thing.labels.values(), *thing.aliases)}
    raise QueryError(f"--around {name}: nothing in the graph has that name; {_hint(name, sorted(names))}")


def _hint(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=_NEAR, cutoff=0.5)
    close += [other for other in known if name and (name in other or other in name) and other not in close]
    if close:
        return f"near are {', '.join(close[:_NEAR])}"
    return (
        f"there are {', '.join(known[:_NEAR])}{' …' if len(known) > _NEAR else ''}" if known else "the graph is empty"
    )


def _day(option: str, text: str, open_: str, side: int) -> str:
    found = days(text) if text and "/" not in text else None
    if text and found is None:
        raise QueryError(f"{option} {text}: not a date; write a year, a month or a day: 2020, 2020-12, 2020-12-27")
    return found[side] if found else open_
