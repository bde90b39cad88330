"""What of a build is exported: how provenance is written, which languages, or only what a query constructs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kg.errors import DataError
from kg.export.source import GraphFile, graph_node, namespace_of, short
from kg.export.styles import NAMED_GRAPHS, OBJECT, PLAIN, RDF12, STATEMENTS, STYLES, graphed, reified
from kg.export.void import UNSAID, About
from kg.query import TIMEOUT, ask
from kg.questions import find_query
from kg.sparql import form
from kg.types import Quad

_NOT_PLAIN = frozenset({"evidence", "identity", "rejected", "reviews"})
_TAG = re.compile("[a-z]{1,8}(-[a-z0-9]{1,8})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Choice:
    """What an export is made of, besides its named graphs.

    ``style`` is one of :data:`STYLES`. ``languages`` keeps the texts with these tags (exactly) and those without any;
    empty keeps all. ``where`` is a CONSTRUCT or DESCRIBE query (SPARQL, a file, or a question of the folder
    ``questions``), of which the answer is exported instead of the graphs; it is given up after ``timeout`` seconds.
    ``about`` is what the description of the dataset tells and nobody can count.
    """

    style: str = STATEMENTS
    languages: tuple[str, ...] = ()
    where: str = ""
    questions: Path | None = None
    timeout: float = TIMEOUT
    about: About = UNSAID


@dataclass(frozen=True)
class Chosen(GraphFile):
    """The quads of a build as a choice wants them; ``answer`` holds triples that stand for all of the build."""

    style: str = STATEMENTS
    languages: frozenset[str] = frozenset()
    answer: tuple[ox.Triple, ...] | None = None
    about: About = UNSAID

    @property
    def whole(self) -> GraphFile:
        return GraphFile(self.path)

    def select(self, graphs: Iterable[str]) -> tuple[str, ...]:
        """The IRIs of the graphs so called, less those that the style leaves out; of an answer, all that it touches."""
        if self.answer is not None:
            return tuple(sorted({_name_of(quad) for quad in self._placed}))
        named = tuple(graphs)
        selected = super().select(named)
        if self.style != PLAIN:
            return selected
        if wrong := sorted(_NOT_PLAIN.intersection(map(short, named))):
            raise DataError(f"the graph {wrong[0]!r} holds no plain triples; ask for another, or for another style")
        return tuple(name for name in selected if short(name) not in _NOT_PLAIN)

    def quads(self, graphs: Iterable[str]) -> Iterator[ox.Quad]:
        """The quads of these graphs (full IRIs; empty is the default graph), in the order of the file."""
        wanted = tuple(graphs)
        found = super().quads(wanted) if self.answer is None else self._answered(wanted)
        if self.languages:
            found = filter(self._is_read, found)
        if self.style == RDF12:
            return reified(found)
        return graphed(found, self.namespace) if self.style == NAMED_GRAPHS else found

    def quad_lines(self, graphs: Sequence[str]) -> Iterator[Sequence[bytes]] | None:
        return super().quad_lines(graphs) if self._as_it_is else None

    def triple_lines(self, graphs: Sequence[str]) -> Iterator[Sequence[bytes]] | None:
        return super().triple_lines(graphs) if self._as_it_is else None

    def terms(self) -> Iterator[Quad]:
        """All quads as N-Quads writes their terms."""
        if self.answer is None and not self.languages:
            hidden = {f"<{name}>" for name in self.names if self.style == PLAIN and short(name) in _NOT_PLAIN}
            return (quad for quad in super().terms() if quad.graph not in hidden)
        quads = self.quads(self.select(["all"]))
        return (Quad(str(s), str(p), str(o), str(g) if isinstance(g, ox.NamedNode) else "") for s, p, o, g in quads)

    @property
    def _as_it_is(self) -> bool:
        """Whether quads are the lines of the file."""
        return self.answer is None and not self.languages and self.style in (STATEMENTS, PLAIN)

    def prefixes(self, graphs: Iterable[str]) -> dict[str, str]:
        if self.answer is None:
            return super().prefixes(graphs)
        return self._prefixes_in({namespace_of(term) for quad in self.quads(graphs) for term in quad.triple})

    def _is_read(self, quad: ox.Quad) -> bool:
        """Whether a quad is in a language that is wanted, or in none; a statement is never torn."""
        tag = quad.object.language if isinstance(quad.object, ox.Literal) else None
        return tag is None or tag in self.languages or quad.predicate == OBJECT

    def _answered(self, graphs: Iterable[str]) -> Iterator[ox.Quad]:
        wanted = {graph_node(name) for name in graphs}
        return (quad for quad in self._placed if quad.graph_name in wanted)

    @cached_property
    def _placed(self) -> Sequence[ox.Quad]:
        """The answer, each triple in the graph where the build has it; one that is new is in the default graph."""
        new = set(self.answer or ())
        placed = [quad for quad in super().quads(self.names) if quad.triple in new]
        new.difference_update(quad.triple for quad in placed)
        return sorted([*placed, *(ox.Quad(*triple) for triple in new)], key=str)


def choose(build: Path, choice: Choice) -> Chosen:
    """The graph of a build as ``choice`` wants it.

    Raises :class:`DataError` for a style or language that there is not, and what queries raise.
    """
    path = build / "graph.nq"
    if choice.style not in STYLES:
        raise DataError(f"there is no style {choice.style!r}; there are {', '.join(STYLES)}")
    languages = frozenset(map(str.lower, choice.languages))
    if languages:
        _check_languages(GraphFile(path), languages)
    answer = _construct(build, choice) if choice.where else None
    return Chosen(path, choice.style, languages, answer, choice.about)


def _check_languages(source: GraphFile, wanted: frozenset[str]) -> None:
    """Refuse what is no tag, and languages of which the build has none: all its names would silently be gone."""
    if wrong := sorted(tag for tag in wanted if not _TAG.fullmatch(tag)):
        raise DataError(f"{wrong[0]!r} is no language tag, such as zh, en or zh-latn")
    literals = (quad.object for quad in source.quads(source.names) if isinstance(quad.object, ox.Literal))
    there = {literal.language for literal in literals if literal.language}
    if not wanted & there:
        raise DataError(
            f"{source.path}: no text is in {', '.join(sorted(wanted))}; there are {', '.join(sorted(there))}"
        )


def _construct(build: Path, choice: Choice) -> tuple[ox.Triple, ...]:
    query, _ = find_query(choice.where, choice.questions)
    if form(query) not in ("CONSTRUCT", "DESCRIBE"):
        raise DataError("an export takes a query that begins with CONSTRUCT or DESCRIBE (behind its prefixes)")
    body = ask(build, query, "nt", timeout=choice.timeout).body
    return tuple(quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES))


def _name_of(quad: ox.Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
